import { likening } from "../../diagnostics/mending.js";
import type { Model, Name } from "../../syntax/ast.js";
import { listed } from "../scope/listed.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";

/** Whether the model has an output of that name; a finding says what it is instead. */
export function requireOutput({ text, span }: Name, model: Model, site: Site): boolean {
  const names = model.members.flatMap((member) =>
    member.kind === "output" ? [member.name.text] : [],
  );
  if (names.includes(text)) return true;
  // A model without an output has a finding of its own.
  if (names.length === 0) return false;
  const help = `outputs: ${listed(names)}`;
  const near = likening(text, { names }, span);
  const label = otherwise(text, model);
  report(site, "name/unknown", { what: "output", name: text }, { span, label, help, ...near });
  return false;
}

function otherwise(name: string, { inputs, members }: Model): string | undefined {
  if (inputs.some((input) => input.name.text === name)) {
    return inputs.length === 1 ? "this is the input" : "this is an input";
  }
  for (const member of members) {
    if (member.kind === "stage" && member.name.text === name) return "this is a stage";
    if (member.kind === "aux" && member.name.text === name) {
      return "this is an aux: it has the loss of the output whose targets it learns";
    }
  }
  return undefined;
}
