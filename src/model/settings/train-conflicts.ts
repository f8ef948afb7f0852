/** Fields of `train { … }` that contradict one another, or the network. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { ArgsIn } from "../../ops/signature.js";
import type { Field } from "../../syntax/ast.js";
import type { NetMember } from "../network.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";
import { normOfOneValue } from "./one-value.js";
import type { trainSignature } from "./train-tables.js";

type Fields = ArgsIn<typeof trainSignature>;

export function reportConflicts(
  { batch, epochs, schedule, optimizer }: Fields,
  written: readonly Field[],
  members: readonly NetMember[],
  site: Site,
): void {
  // Of the fields looked at here none has a default that contradicts another.
  const span = (name: string): Span =>
    written.find((field) => field.name.text === name)!.value.span;
  const norm = batch === 1 ? normOfOneValue(members) : undefined;
  if (norm !== undefined) {
    const help = "write a batch of at least 2";
    report(site, "train/one-value", { path: norm.path }, { span: span("batch"), help });
  }
  const { warmup = 0 } = schedule.args as { readonly warmup?: number };
  if (warmup >= epochs) {
    const help = `write more epochs than ${warmup}`;
    report(site, "train/warm-up", { warmup, epochs }, { span: span("schedule"), help });
  }
  const { nesterov, momentum } = optimizer.args as {
    readonly nesterov?: boolean;
    readonly momentum?: number;
  };
  if (nesterov === true && momentum === 0) {
    const params = { a: "nesterov: true", b: "momentum: 0" };
    report(site, "args/conflict", params, { span: span("optimizer") });
  }
}
