import { damaged } from "../../../checkpoints/damage.js";
import { readTensor } from "../../../checkpoints/onnx/tensor.js";
import {
  countNumbers,
  integerOf,
  integersOf,
  readNumbers,
  requireBytes,
} from "../../../checkpoints/protobuf/values.js";
import type { Field } from "../../../checkpoints/protobuf/wire.js";
import { visibleName } from "../../../diagnostics/visible.js";
import type { Fields } from "./fields.js";
import type { Attribute } from "./model.js";

/** `AttributeProto` by the numbers of its fields. */
const at = { name: 1, f: 2, i: 3, s: 4, t: 5, g: 6, floats: 7, ints: 8, strings: 9, type: 20 };
/** Lists of tensors and graphs, sparse tensors and types. */
const others = [10, 11, 14, 15, 22];

/** `AttributeProto.AttributeType`, by the field that holds the value. */
const types: Readonly<Record<number, number>> = {
  1: at.f,
  2: at.i,
  3: at.s,
  4: at.t,
  5: at.g,
  6: at.floats,
  7: at.ints,
  8: at.strings,
};

export async function readAttribute(
  fields: Fields,
  message: Field,
  node: string,
): Promise<readonly [name: string, Attribute]> {
  let name = "";
  let type: number | undefined;
  const held = new Map<number, Field[]>();
  const what = `an attribute of ${node}`;
  for await (const field of fields.of(message, what)) {
    if (field.number === at.name) name = await fields.text(field, `the name of ${what}`);
    else if (field.number === at.type) type = await integerOf(fields.pages, field, what);
    else {
      const before = held.get(field.number);
      if (before === undefined) held.set(field.number, [field]);
      else if (before.push(field) > fields.numbersLeft)
        throw damaged(fields.name, `${what} has ${before.length} values`);
    }
  }
  // Files of before 2017 say no type.
  const number = type === undefined || type === 0 ? [...held.keys()][0] : types[type];
  const value = await valueOf(
    fields,
    number,
    held.get(number ?? 0) ?? [],
    `${visibleName(name)} of ${node}`,
  );
  return [name, value];
}

/** Without a field a value is 0, empty or no list: that is how such values are written. */
async function valueOf(
  fields: Fields,
  number: number | undefined,
  held: readonly Field[],
  what: string,
): Promise<Attribute> {
  const { pages, messages } = fields;
  const last = held.at(-1);
  switch (number) {
    case at.f: {
      const numbers = last === undefined ? [0] : await floats(fields, [last], what);
      return { kind: "number", value: numbers[0] ?? 0 };
    }
    case at.i:
      return { kind: "number", value: last ? await integerOf(pages, last, what) : 0 };
    case at.s:
      return { kind: "text", value: last ? await fields.text(last, what) : "" };
    case at.t:
      if (last === undefined) throw damaged(pages.name, `${what} has no value`);
      requireBytes(pages, last, what);
      return { kind: "tensor", value: await readTensor(messages, pages, last, what) };
    case at.floats:
      return { kind: "numbers", value: await floats(fields, held, what) };
    case at.ints: {
      const value = await integersOf(pages, held, fields.numbersLeft, what);
      fields.took(value.length);
      return { kind: "numbers", value };
    }
    case at.strings: {
      const value: string[] = [];
      for (const field of held) value.push(await fields.text(field, what));
      return { kind: "texts", value };
    }
    default:
      if (number === undefined || number === at.g || others.includes(number))
        return { kind: "graph", message: number === at.g ? last : undefined };
      throw damaged(pages.name, `${what} is of a kind that ONNX does not have`);
  }
}

async function floats(
  fields: Fields,
  held: readonly Field[],
  what: string,
): Promise<readonly number[]> {
  const numbers = { dtype: "F32", fields: held } as const;
  const count = countNumbers(fields.pages, numbers, what);
  if (count > fields.numbersLeft) throw damaged(fields.name, `${what} has ${count} numbers`);
  fields.took(count);
  return Array.from(await readNumbers(fields.pages, numbers, what));
}
