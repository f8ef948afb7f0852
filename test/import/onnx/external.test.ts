import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readOnnx } from "../../../src/import/onnx/read-onnx.js";

const fixture = (name: string): string => join("test/import/onnx/fixtures/external", name);

const weightOf = async (path: string): Promise<Float32Array> => {
  const imported = await readOnnx(path);
  try {
    const [weight] = [...imported.weights.values()];
    return await weight!.read();
  } finally {
    await imported.close();
  }
};

test("weights in a file beside the model are read from their place in it", async () => {
  expect(await weightOf(fixture("beside.onnx"))).toEqual(
    Float32Array.from({ length: 54 }, (_, i) => i),
  );
});

test("those of a file that is not there are asked for when the model is read, or then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "incept-external-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(fixture("beside.onnx"), join(folder, "beside.onnx"));
  await expect(weightOf(join(folder, "beside.onnx"))).rejects.toThrow(/weights\.bin/);
});

test("a file outside the model's folder is not read", async () => {
  await expect(weightOf(fixture("outside.onnx"))).rejects.toThrow(/not in the model's folder/);
});
