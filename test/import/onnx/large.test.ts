/** Tensors of more than 2 GiB, in files of which no byte is on the disk: nothing is read too early. */
import { mkdtempSync, openSync, closeSync, ftruncateSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";
import { field, integer, message, node, type Part, port, varint } from "./messages.js";

const side = 24_576;
const bytes = 4 * side ** 2;

/** A file of these bytes, and of zeros up to a size. */
function sparse(path: string, begin: Buffer, size: number): void {
  const file = openSync(path, "w");
  writeSync(file, begin);
  ftruncateSync(file, size);
  closeSync(file);
}

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "incept-large-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

/** The begin of a field of bytes that are not there. */
const opened = (number: number, length: number): Buffer =>
  Buffer.concat([varint(8 * number + 2), varint(length)]);

const weight = (side: number, ...more: readonly Part[]): Part =>
  message(integer(1, side), integer(1, side), integer(2, 1), field(8, "w"), ...more);

const besides = (side: number): Part =>
  message(
    field(1, node("MatMul", ["x", "w"], ["y"])),
    field(11, port("x", [1, side])),
    field(12, port("y", [1, side])),
  );

const version = message(integer(1, 8), field(8, message(field(1, ""), integer(2, 17))));

/** A model of a linear, the weights of which end the file. */
function withRaw(path: string, length: number): string {
  const head = weight(side);
  const raw = Buffer.concat([head, opened(9, length)]);
  const tensor = Buffer.concat([opened(5, raw.length + length), raw]);
  const graph = Buffer.concat([besides(side), tensor]);
  const begin = Buffer.concat([version, opened(7, graph.length + length), graph]);
  sparse(path, begin, begin.length + length);
  return path;
}

/** One whose weights are in another file. */
function withExternal(path: string, side: number, entries: Readonly<Record<string, string>>) {
  const external = Object.entries(entries).map(([key, value]) =>
    field(13, message(field(1, key), field(2, value))),
  );
  const tensor = field(5, weight(side, ...external, integer(14, 1)));
  const model = Buffer.concat([version, field(7, Buffer.concat([besides(side), tensor]))]);
  sparse(path, model, model.length);
  return path;
}

const weightsOf = async (path: string): Promise<unknown> => {
  const imported = await readOnnx(path);
  try {
    const [only] = [...imported.weights.values()];
    return await only!.read();
  } finally {
    await imported.close();
  }
};

test("the structure of a model of over 2 GiB is read, and none of its weights", async () => {
  const before = process.memoryUsage().arrayBuffers;
  const imported = await readOnnx(withRaw(join(folder(), "m.onnx"), bytes));
  await imported.close();
  expect(imported.graph.nodes.map(({ primitive }) => primitive.name)).toEqual(["linear"]);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1 << 26);
});

test("a byte too few or too many is said before anything of a tensor is read", async () => {
  const expected = `its shape asks for ${bytes}`;
  for (const length of [bytes - 4, bytes + 1]) {
    const path = withRaw(join(folder(), "m.onnx"), length);
    await expect(weightsOf(path)).rejects.toThrow(`w has ${length} bytes, ${expected}`);
  }
  const at = folder();
  sparse(join(at, "w.bin"), Buffer.of(), bytes - 4);
  const said = { location: "w.bin", length: `${bytes - 4}` };
  const path = withExternal(join(at, "m.onnx"), side, said);
  await expect(weightsOf(path)).rejects.toThrow(`w has ${bytes - 4} bytes, ${expected}`);
  const short = withExternal(join(at, "n.onnx"), side, { location: "w.bin" });
  await expect(weightsOf(short)).rejects.toThrow(`holds ${bytes - 4} bytes, and`);
});

test("a tensor with more elements than a spec may say is refused by its node", async () => {
  const at = folder();
  sparse(join(at, "w.bin"), Buffer.of(), 4 * 131_072 ** 2);
  await expect(
    readOnnx(withExternal(join(at, "m.onnx"), 131_072, { location: "w.bin" })),
  ).rejects.toMatchObject({
    code: "onnx/refused",
    message: expect.stringContaining(
      "MatMul has a weight of 131072 x 131072; here that is at most 2147483647 elements",
    ) as string,
  });
});
