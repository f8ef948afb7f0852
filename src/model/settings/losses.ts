/** `loss:` of `train { … }`, as it is written: one for every output, or one by output. */
import type { Span } from "../../diagnostics/diagnostic.js";
import type { CallArg } from "../../ops/kinds.js";
import type { Field, Model, RecordExpr } from "../../syntax/ast.js";
import type { Loss, LossKind } from "../network.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";
import { readAs } from "../values/evaluate.js";
import { requireOutput } from "./outputs.js";
import { lossKind } from "./train-tables.js";

/** A loss, and where it is asked for if it is. */
export interface Asked {
  readonly loss: Loss;
  readonly span?: Span;
}

export type AskedLosses =
  { readonly every: Asked } | { readonly byOutput: ReadonlyMap<string, Asked> };

/** Undefined where a name or a loss is wrong; findings say which. */
export function readByOutput(
  { fields, span }: RecordExpr,
  model: Model,
  site: Site,
): AskedLosses | undefined {
  if (fields.length === 0) {
    report(site, "train/nothing", {}, { span, help: "write { NAME: cross_entropy }" });
    return undefined;
  }
  const byOutput = new Map<string, Asked>();
  const whole = fields.map((field) => {
    const asked = readOne(field, model, site);
    const { text, span } = field.name;
    if (byOutput.has(text))
      report(site, "args/duplicate", { callee: "loss", name: text }, { span });
    else if (asked !== undefined) byOutput.set(text, asked);
    return asked !== undefined;
  });
  return whole.every(Boolean) ? { byOutput } : undefined;
}

function readOne({ name, value }: Field, model: Model, site: Site): Asked | undefined {
  const isOutput = requireOutput(name, model, site);
  const read = readAs(value, lossKind, { name: name.text, callee: "loss" }, site);
  return isOutput && read !== undefined
    ? { loss: lossOf(read.value), span: value.span }
    : undefined;
}

/** The table of losses has these names and arguments. */
export function lossOf({ name, args }: CallArg): Loss {
  const { label_smoothing, ignore, class_weights } = args as {
    readonly label_smoothing?: number;
    readonly ignore?: number;
    readonly class_weights?: readonly number[];
  };
  return {
    kind: name as LossKind,
    labelSmoothing: label_smoothing ?? 0,
    ...(ignore === undefined ? {} : { ignore }),
    ...(class_weights === undefined ? {} : { classWeights: class_weights }),
  };
}
