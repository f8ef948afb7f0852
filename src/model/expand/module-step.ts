import type { Trace } from "../../ops/trace.js";
import type { ArgValue } from "../../ops/value.js";
import type { Call, Expr } from "../../syntax/ast.js";
import { evaluate } from "../values/evaluate.js";
import { failed, stepBase, type Outcome, type Walk } from "./expanded.js";
import { match } from "../values/match.js";
import { withPlaceholder } from "../mend/rewrite.js";
import { report } from "../scope/site.js";
import type { Flowing } from "../flow/flowing.js";
import type { Spot } from "../flow/spot.js";
import { traceOf } from "../flow/traces.js";
import type { ModuleRef, Site } from "../scope/unit.js";
import { anyValue } from "../values/words.js";

/** One call of a module: its body, with the arguments in place of the parameters. */
export function expandModule(
  ref: ModuleRef,
  call: Call,
  input: Flowing,
  spot: Spot,
  walk: Walk,
): Outcome {
  const { module, unit } = ref;
  const name = module.name.text;
  if (spot.callers.includes(module)) {
    report(spot, "module/recursion", { name }, { span: call.span });
    return failed;
  }
  const frames = [{ span: call.span, message: `while expanding ${name}` }, ...spot.frames];
  const inside: Site = {
    unit,
    params: new Map(),
    traces: new Map(),
    frames,
    found: spot.found,
  };
  const body = walk.chain(module.body, input, {
    ...spot,
    ...inside,
    ...moduleArgs(ref, call, spot, inside),
    base: spot.parameters,
    inModel: false,
    callers: [...spot.callers, module],
  });
  const { shape } = input;
  if (body.net === undefined || shape === undefined) return { output: body.output };
  return {
    output: body.output,
    net: {
      kind: "module",
      ...stepBase(call.span, shape, body.net.output, spot),
      module: name,
      body: body.net,
    },
  };
}

/** The parameters' values: given by position or name, else the default as the module's file reads it. */
function moduleArgs(
  { module }: ModuleRef,
  call: Call,
  caller: Site,
  inside: Site,
): Pick<Site, "params" | "traces"> {
  const callee = call.name.text;
  const names = module.params.map(({ name }) => name.text);
  const slots = { callee, byPosition: names, byName: names, declared: true };
  const { args, whole } = match(call.args, slots, caller);
  const params = new Map<string, ArgValue | undefined>();
  const traces = new Map<string, Trace>();
  const take = (name: string, value: Expr, site: Site): void => {
    params.set(name, evaluate(value, site, anyValue));
    traces.set(name, traceOf(value, site));
  };
  for (const {
    name: { text: name },
    value,
  } of module.params) {
    const arg = args.get(name);
    if (arg !== undefined) take(name, arg.value, caller);
    else if (value !== undefined) take(name, value, { ...inside, params, traces });
    else {
      params.set(name, undefined);
      if (whole) {
        const help = `write ${withPlaceholder(call, name)}`;
        report(caller, "args/missing", { callee, name, doc: "" }, { span: call.span, help });
      }
    }
  }
  return { params, traces };
}
