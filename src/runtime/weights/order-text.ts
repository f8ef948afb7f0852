import { InceptError } from "../../diagnostics/incept-error.js";
import { visible, visibleName } from "../../diagnostics/visible.js";
import { sizesText } from "../../checkpoints/named-shape.js";
import type { NamedShape } from "../../checkpoints/named-shape.js";
import type { GivenTensor } from "./given.js";
import type { Pair, Pairing } from "./order.js";

/** How many pairs are shown before and after one that does not agree. */
const neighbours = 2;

/** What is told of a pairing that does not hold, with its first wrong pair between its neighbours. */
export function wrongOrder(file: string, { pairs, wrong }: Pairing): InceptError | undefined {
  if (wrong === undefined) return undefined;
  const from = Math.max(0, wrong - neighbours);
  const shown = pairs.slice(from, wrong + neighbours + 1);
  const { expected, given } = pairs[wrong]!;
  const what =
    expected === undefined
      ? `has more of the last layer than the spec: ${nameOf(given)}`
      : given === undefined
        ? `has nothing left for ${nameOf(expected)}, the ${ordinal(wrong)} of ${pairs.length}`
        : `has ${nameOf(given)} where the spec has ${nameOf(expected)}, the ${ordinal(wrong)} of ${pairs.length}`;
  const table = pairRows(shown, wrong - from).map((row) => `\n  ${row}`);
  return new InceptError("weights/order", `By order ${file} ${what}:${table.join("")}`);
}

const nameOf = (one: NamedShape | undefined): string => visibleName(one?.name ?? "");

/** `4th` */
function ordinal(index: number): string {
  const n = index + 1;
  const isTeen = n % 100 > 10 && n % 100 < 14;
  const end = isTeen ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${end}`;
}

/** Spec beside file, in columns. @param marked an index, whose row begins with > */
export function pairRows(pairs: readonly Pair[], marked?: number): readonly string[] {
  const cells = pairs.map(({ expected, given }) => [
    nameOf(expected),
    shapeOf(expected),
    nameOf(given),
    shapeOf(given),
  ]);
  const widths = [0, 1, 2].map((i) => Math.max(...cells.map((row) => row[i]!.length)));
  return cells.map((row, i) => {
    const text = row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
    return `${marked === undefined ? "" : i === marked ? "> " : "  "}${text}`.trimEnd();
  });
}

const shapeOf = (one: GivenTensor | undefined): string =>
  one === undefined
    ? "-"
    : one.unreadable === undefined
      ? sizesText(one.shape)
      : visible(one.unreadable.what);
