import { countOf, integerOf } from "../../../checkpoints/protobuf/values.js";
import { damaged } from "../../../checkpoints/damage.js";
import type { Field } from "../../../checkpoints/protobuf/wire.js";
import type { Fields } from "./fields.js";
import type { Port } from "./model.js";

/** What is wider has no word anywhere. */
const mostDims = 32;

/** A `ValueInfoProto`, of `what`: `input 1`. */
export async function readPort(fields: Fields, message: Field, what: string): Promise<Port> {
  fields.record();
  let name = "";
  let type: Pick<Port, "type" | "dims"> = { type: 0, dims: undefined };
  for await (const field of fields.of(message, what)) {
    if (field.number === 1) name = await fields.text(field, `the name of ${what}`);
    if (field.number === 2) type = await readType(fields, field, what);
  }
  return { name, ...type };
}

/** A `TypeProto`; other kinds than tensors are 0. */
async function readType(
  fields: Fields,
  message: Field,
  what: string,
): Promise<Pick<Port, "type" | "dims">> {
  let type = 0;
  let dims: Port["dims"];
  for await (const kind of fields.of(message, what)) {
    if (kind.number !== 1) continue;
    for await (const field of fields.of(kind, what)) {
      if (field.number === 1) type = countOf(fields.pages, field, `the type of ${what}`);
      if (field.number === 2) dims = await readDims(fields, field, what);
    }
  }
  return { type, dims };
}

/** A `TensorShapeProto`. */
async function readDims(
  fields: Fields,
  message: Field,
  what: string,
): Promise<readonly (number | string)[]> {
  const dims: (number | string)[] = [];
  for await (const field of fields.of(message, what)) {
    if (field.number !== 1) continue;
    if (dims.length === mostDims)
      throw damaged(fields.name, `${what} has over ${mostDims} dimensions`);
    dims.push(await readDim(fields, field, what));
  }
  return dims;
}

/** Some write 0 or -1 for a dimension that is open. */
async function readDim(fields: Fields, message: Field, what: string): Promise<number | string> {
  let dim: number | string = "";
  for await (const field of fields.of(message, what)) {
    if (field.number === 1) {
      const value = await integerOf(fields.pages, field, `a dimension of ${what}`);
      dim = value > 0 ? value : "";
    }
    if (field.number === 2) dim = await fields.text(field, `a dimension of ${what}`);
  }
  return dim;
}
