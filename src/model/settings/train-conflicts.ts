/** Fields of `train { … }` that contradict one another, or the network. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { ArgsIn } from "../../ops/signature.js";
import type { Field } from "../../syntax/ast.js";
import type { CallArg } from "../../ops/kinds.js";
import { formatShape, isImage, plane, type Shape } from "../../ops/shape.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";
import type { Subject } from "./subject.js";
import { normOfOneValue } from "./one-value.js";
import type { trainSignature } from "./train-tables.js";

type Fields = ArgsIn<typeof trainSignature>;

export function reportConflicts(
  { batch, epochs, schedule, optimizer, augment }: Fields,
  written: readonly Field[],
  { members, shape }: Pick<Subject, "members" | "shape">,
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
  const why = shape === undefined ? undefined : whyNotAugmented(augment, shape);
  if (why !== undefined) report(site, "train/augment", { why }, { span: span("augment") });
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

/** What an augmentation gives is what the network takes. */
function whyNotAugmented(augment: readonly CallArg[], shape: Shape): string | undefined {
  for (const [i, { name, args }] of augment.entries()) {
    if (!isImage(shape)) return `${name} changes images; this input is ${formatShape(shape)}.`;
    const isTwice = augment.findIndex((other) => other.name === name) < i;
    if (isTwice) return `${name} stands twice: a picture is changed once by each.`;
    const { size, pad = 0 } = args as { readonly size?: number; readonly pad?: number };
    const whole = plane(shape).join("x");
    const cut = `${size}x${size}`;
    if (size !== undefined && cut !== whole)
      return `The crop is ${cut}, but the input is ${whole}.`;
    if (size !== undefined && pad >= size) {
      return `A pad of ${pad} around a crop of ${size} leaves some without a pixel of the picture.`;
    }
  }
  return undefined;
}
