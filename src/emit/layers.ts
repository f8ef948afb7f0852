import type { Field, Layer, Numbers } from "../targets/program.js";
import { aligned, columns, floatLiteral } from "./cpp.js";
import type { Names } from "./names.js";

/** The layers as a table: one row a layer, the same fields below one another. */
export function layerTable(layers: readonly Layer[], names: Names): readonly string[] {
  const types = [...new Set(layers.map(({ type }) => type))];
  return types.flatMap((type) => {
    const own = layers.filter((layer) => layer.type === type);
    const order = fieldOrder(own);
    const rows = own.map((layer) => [
      `inline constexpr ${type} `,
      `${names.layers.of(layer)} `,
      `= ${type}{}`,
      ...order.map((name) => fieldText(layer.fields.find((field) => field.name === name))),
    ]);
    return [...aligned(rows).map((row) => `${row};`), ""];
  });
}

/** The fields of all rows; each row has its own in this order. */
function fieldOrder(layers: readonly Layer[]): readonly string[] {
  const order: string[] = [];
  for (const { fields } of layers) {
    let after = 0;
    for (const { name } of fields) {
      const at = order.indexOf(name);
      if (at < 0) order.splice(after++, 0, name);
      else after = at + 1;
    }
  }
  return order;
}

const fieldText = (field: Field | undefined): string =>
  field === undefined ? "" : `.${field.name}(${field.args.map(fieldArgument).join(", ")})`;

const fieldArgument = (arg: Field["args"][number]): string =>
  typeof arg === "object" ? floatLiteral(arg.real) : `${arg}`;

/** Constant arrays, their numbers filling the lines. */
export function numbersTable(all: readonly Numbers[], names: Names): readonly string[] {
  return all.flatMap((numbers) => {
    const head = `inline constexpr float ${names.numbers.of(numbers)}[] = {`;
    return [head, ...filled(numbers.values.map(floatLiteral)), "};"];
  });
}

function filled(items: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let line = "   ";
  for (const item of items) {
    if (line.length + item.length + 2 > columns) {
      lines.push(line);
      line = "   ";
    }
    line += ` ${item},`;
  }
  return [...lines, line];
}
