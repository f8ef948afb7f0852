import { type NodeReader, refuse, sequence } from "./reader.js";

export interface ShuffleAttrs {
  readonly groups: number;
}

/** Channels become a table with a row a group, the table is turned, and is channels again. */
export const shuffled = sequence<ShuffleAttrs>(
  ["Reshape", "Transpose", "Reshape"],
  ([first, turn, last]) => {
    const [batch, count, ...plane] = first!.flowing(0) ?? [];
    const table = target(first!);
    const said = table.join(" x ");
    if (count === undefined || plane.some((side) => side === undefined)) {
      refuse(`gives ${said}, and the shape of its input is not known`);
    }
    const groups = rowsOf(table, count, plane as readonly number[], batch);
    if (groups === undefined) refuse(`gives ${said}; here channels become groups of channels`);
    const order = turn!.integers("perm") ?? table.map((_, i) => table.length - 1 - i);
    if (order.join() !== table.map((_, i) => [0, 2, 1][i] ?? i).join()) {
      refuse(`is transposed by ${order.join(", ")}; here groups and their channels change places`);
    }
    const whole = target(last!);
    const sides = [count, ...plane] as readonly number[];
    if (!agrees(whole, sides, batch) || left(whole) > 1) {
      refuse(`ends in ${whole.join(" x ")}; here it is ${sides.join(" x ")} of each image again`);
    }
    return { groups };
  },
);

function target(node: NodeReader): readonly number[] {
  const list = node.has(1) ? Array.from(node.constant(1).values) : (node.integers("shape") ?? []);
  if (node.flag("allowzero")) refuse("takes a 0 in its shape for no elements");
  return list;
}

/** How many dimensions are what is left over for them. */
const left = (dims: readonly number[]): number => dims.filter((d) => d === -1).length;

/** Groups, where the dimensions are the batch, groups, channels of each, height and width. */
function rowsOf(
  table: readonly number[],
  count: number,
  plane: readonly number[],
  batch: number | undefined,
): number | undefined {
  const [images = 0, rows = 0, columns = 0, ...rest] = table;
  if (left(table) > 1 || table.length !== plane.length + 3) return undefined;
  const groups = rows === -1 ? count / columns : rows;
  const fits = groups > 0 && (columns === -1 ? count % groups === 0 : groups * columns === count);
  return fits && Number.isInteger(groups) && agrees([images, ...rest], plane, batch)
    ? groups
    : undefined;
}

/** Whether a shape is of these sides for each image; -1 and, of the batch, 0 stand for what fits. */
function agrees(
  shape: readonly number[],
  sides: readonly number[],
  batch: number | undefined,
): boolean {
  const [images = NaN, ...rest] = shape;
  const keeps = images === 0 || images === -1 || images === batch;
  return (
    keeps &&
    rest.length === sides.length &&
    rest.every((side, i) => side === -1 || side === sides[i])
  );
}
