import { counted } from "../diagnostics/counted.js";
import { visible, visibleName } from "../diagnostics/visible.js";
import type { CheckpointTensor } from "../checkpoints/checkpoint.js";
import { sizesText } from "../checkpoints/named-shape.js";
import type { WeightMatch } from "../runtime/weights/match.js";
import type { Cause } from "../runtime/weights/causes.js";
import { pairRows, wrongOrder } from "../runtime/weights/order-text.js";
import {
  dtypesText,
  leftOffText,
  listNames,
  prefixHint,
} from "../runtime/weights/require-match.js";
import { type OddValues, oddText } from "../runtime/weights/values.js";
import { grouped, table } from "./terminal.js";

/** A checkpoint held against a network. */
export interface Comparison {
  /** The checkpoint, as messages name it. */
  readonly file: string;
  readonly match: WeightMatch;
  /** Of the tensors that fit, those whose values give no results. */
  readonly odd: readonly OddValues[];
  readonly expected: number;
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** What is likely wrong. */
  readonly causes: readonly Cause[];
  /** What a person should know of a file that may well fit. */
  readonly notes: readonly string[];
}

/** Whether the network loads from the file, and gives results. */
export const fits = ({ match, odd, expected }: Comparison): boolean =>
  match.found.size === expected &&
  match.order?.wrong === undefined &&
  match.extra.length === 0 &&
  odd.length === 0;

/** A row for each tensor with something to say, and the answer in a sentence. */
export function comparisonText(compared: Comparison): string {
  const { match, file } = compared;
  if (match.order !== undefined) {
    const wrong = wrongOrder(file, match.order);
    if (wrong !== undefined) return `${wrong.message}\n${verdict(compared)}`;
  }
  const rows = [...mismatches(match), ...remarks(compared)];
  const prefix = prefixHint(match);
  return [
    ...pairRows(match.order?.pairs ?? []).map((row) => `  ${row}`),
    ...(rows.length === 0 ? [] : [table(rows, [], "  ")]),
    ...(match.leftOff === undefined ? [] : wrapped(`note: ${leftOffText(match.leftOff)}`)),
    ...compared.notes.flatMap((note) => wrapped(`note: ${note}`)),
    verdict(compared),
    ...compared.causes.flatMap(({ names, text }) =>
      wrapped(names.length === 0 ? text : `${listNames(names)}: ${text}`),
    ),
    ...(prefix === undefined ? [] : [`  ${prefix.where}: rename with ${prefix.rename}`]),
  ].join("\n");
}

/** Rows of 80 columns at most, where blanks are; the first is where a reader looks for it. */
function wrapped(text: string): readonly string[] {
  const rows: string[] = [];
  for (const word of text.split(" ")) {
    const last = rows.at(-1);
    if (last !== undefined && last.length + word.length < 80)
      rows[rows.length - 1] = `${last} ${word}`;
    else rows.push(`${rows.length === 0 ? "  " : "    "}${word}`);
  }
  return rows;
}

const mismatches = (match: WeightMatch): readonly (readonly string[])[] => [
  ...match.clashes.map(({ name, tensors }) => [
    "twice",
    visibleName(name),
    tensors.map(visibleName).join(", "),
  ]),
  ...match.missing.map(({ name, shape, nearest }) => [
    "missing",
    visibleName(name),
    `${sizesText(shape)}${nearest === undefined ? "" : `  nearest: ${visibleName(nearest)}`}`,
  ]),
  ...match.wrongShape.map(({ expected, given }) => [
    "shape",
    visibleName(expected.name),
    `${sizesText(given.shape)}, expected ${sizesText(expected.shape)}`,
  ]),
  ...match.unreadable.map(({ expected, given }) => [
    "kind",
    visibleName(expected.name),
    given.unreadable === undefined
      ? ""
      : `${visible(given.unreadable.what)}: ${given.unreadable.help}`,
  ]),
  ...match.wrongDtype.map(({ expected, given }) => [
    "dtype",
    visibleName(expected.name),
    `${visibleName(given.dtype ?? "")}, expected ${dtypesText}`,
  ]),
];

const remarks = ({ match, odd, tensors }: Comparison): readonly (readonly string[])[] => [
  ...odd.map((one) => ["values", visibleName(one.tensor), oddText(one)]),
  ...match.extra.map((name) => ["extra", visibleName(name), kindOf(tensors.get(name))]),
  ...match.unused.map((name) => ["unused", visibleName(name), kindOf(tensors.get(name))]),
  ...match.unusedRenames.map((entry) => ["rename", visibleName(entry), "matches no tensor"]),
];

/** `[64, 3, 7, 7] F32` */
const kindOf = (tensor: CheckpointTensor | undefined): string =>
  tensor === undefined
    ? ""
    : visible(tensor.unreadable?.what ?? `${sizesText(tensor.shape)} ${visibleName(tensor.dtype)}`);

function verdict(compared: Comparison): string {
  const { match, odd, expected } = compared;
  const tensors = counted(expected, "tensor");
  if (fits(compared)) {
    return expected === 1
      ? "✔ the one tensor is there and fits"
      : `✔ all ${tensors} are there and fit`;
  }
  const fitting = `✖ ${grouped(match.found.size)} of ${tensors} fit`;
  return odd.length === 0
    ? fitting
    : `${fitting}, ${odd.length} of them with values that give no results`;
}
