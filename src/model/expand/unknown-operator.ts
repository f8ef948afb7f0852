import { Diagnostics } from "../../diagnostics/diagnostics.js";
import { suggesting, type Candidates, type Mending } from "../../diagnostics/mending.js";
import { foreignOperator } from "../../ops/foreign/find.js";
import type { Foreign } from "../../ops/foreign/table.js";
import { operators } from "../../ops/registry.js";
import { isImage, plane, type Shape } from "../../ops/shape.js";
import type { Call } from "../../syntax/ast.js";
import { bind } from "../values/evaluate.js";
import { failed, type Outcome } from "./expanded.js";
import type { Flowing } from "../flow/flowing.js";
import { helpOf, likeOperator } from "../values/foreign.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";

/**
 * A call of what is neither an operator nor a module.
 *
 * @param modules the names of those that could have been meant
 * @returns what comes in where an activation or a norm is meant, so that what follows is judged
 */
export function reportUnknownOperator(
  call: Call,
  input: Flowing,
  modules: readonly string[],
  site: Site,
): Outcome {
  const { text: name, span } = call.name;
  const foreign = foreignOperator(name);
  if (foreign !== undefined) {
    const params = { what: foreign.kind ?? "operator", name };
    const mending = instead(foreign, call, input.shape, site);
    report(site, "name/unsupported", params, { span, ...mending });
    return foreign.kind === undefined ? failed : { output: input };
  }
  const candidates: Candidates = { words: [...operators.keys()], names: modules };
  const near = likeOperator(name, candidates, span);
  report(site, "name/unknown", { what: "operator or module", name }, { span, ...near });
  return failed;
}

/** What to write for the call; as a change of it where nothing is left open. */
function instead(foreign: Foreign, call: Call, input: Shape | undefined, site: Site): Mending {
  const { same, write, note } = foreign;
  const { source, start, end } = call.span;
  if (same !== undefined && fits(call, same, site)) {
    const renamed = same + source.text.slice(call.name.span.end, end).replace(/\s+/g, " ");
    const help = helpOf({ ...foreign, write: renamed });
    return { ...suggesting(`write ${renamed}`, { span: call.name.span, text: same }), help };
  }
  const all = input !== undefined && isImage(input) ? plane(input).join("x") : "HxW";
  const steps = write?.replace("HxW", all);
  const help = helpOf({
    ...(steps === undefined ? {} : { write: steps }),
    ...(note === undefined ? {} : { note }),
  });
  const isOpen = steps === undefined || /N|HxW|\{/.test(steps) || call.args.length > 0;
  if (isOpen) return { help };
  return { ...suggesting(`write ${steps}`, { span: { source, start, end }, text: steps }), help };
}

/** Whether the operator takes the arguments as they are written; nothing is said of them. */
function fits({ args, span, name }: Call, operator: string, site: Site): boolean {
  const call: Call = { kind: "call", name: { ...name, text: operator }, args, span };
  const quiet = { ...site, found: new Diagnostics() };
  const { signature } = operators.get(operator)!;
  return bind(call, signature, quiet) !== undefined;
}
