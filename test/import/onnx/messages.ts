/** ONNX files (onnx.proto) with graphs inside nodes, which our own exporter does not write. */

/** A message as it stands in a file. */
export type Part = Buffer;

export const varint = (value: number): Buffer =>
  value < 128
    ? Buffer.of(value)
    : Buffer.concat([Buffer.of((value % 128) + 128), varint(Math.floor(value / 128))]);

export const field = (number: number, value: Buffer | string): Buffer => {
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
};
export const integer = (number: number, value: number): Buffer =>
  Buffer.concat([varint(number * 8), varint(value)]);
export const message = (...fields: readonly Buffer[]): Buffer => Buffer.concat(fields);

/** @param graphs its attributes */
export const node = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  graphs: Readonly<Record<string, Part>> = {},
  name = "",
): Part =>
  message(
    ...inputs.map((input) => field(1, input)),
    ...outputs.map((output) => field(2, output)),
    field(3, name),
    field(4, opType),
    ...Object.entries(graphs).map(([key, value]) =>
      field(5, message(field(1, key), field(6, value), integer(20, 5))),
    ),
  );

/** A truth value. */
export const truth = (name: string, value: boolean): Part =>
  message(integer(2, 9), field(8, name), field(9, Buffer.of(value ? 1 : 0)));

interface GraphOf {
  readonly nodes: readonly Part[];
  readonly outputs: readonly string[];
  readonly inputs?: readonly string[];
  readonly initializers?: readonly Part[];
}

export const graph = ({ nodes, outputs, inputs = [], initializers = [] }: GraphOf): Part =>
  message(
    ...nodes.map((each) => field(1, each)),
    field(2, "graph"),
    ...initializers.map((each) => field(5, each)),
    ...inputs.map((name) => field(11, port(name))),
    ...outputs.map((name) => field(12, port(name))),
  );

/** Of 3 x 4 x 4 floats. */
export function port(name: string, shape = [1, 3, 4, 4]): Part {
  const dims = shape.map((side) => field(1, integer(1, side)));
  const tensor = message(integer(1, 1), field(2, message(...dims)));
  return message(field(1, name), field(2, field(1, tensor)));
}

/** With an input `x`. */
export const modelOf = (of: Omit<GraphOf, "inputs">): Uint8Array =>
  message(
    integer(1, 8),
    field(8, message(field(1, ""), integer(2, 17))),
    field(7, graph({ ...of, inputs: ["x"] })),
  );
