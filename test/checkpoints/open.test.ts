import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openCheckpoint, openSafetensors } from "../../src/checkpoints/open.js";
import { craft } from "./safetensors/reader-cases.js";

const folder = mkdtempSync(join(tmpdir(), "incept-checkpoints-"));
afterAll(() => rmSync(folder, { recursive: true }));

const header = {
  b: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
  a: { dtype: "I64", shape: [1], data_offsets: [8, 16] },
};
const weights = craft(JSON.stringify(header), 16);

it("opens a file and its bytes alike, in the file's order", async () => {
  const path = join(folder, "named-as-nothing");
  writeFileSync(path, weights);
  for (const from of [path, weights]) {
    const checkpoint = await openCheckpoint(from, { name: "bytes" });
    expect(checkpoint.name).toBe(from === path ? path : "bytes");
    expect([...checkpoint.tensors.keys()]).toEqual(["b", "a"]);
    expect(checkpoint.tensors.get("b")).toMatchObject({ dtype: "F32", shape: [1, 2] });
    expect(await checkpoint.readFloat32("b")).toHaveLength(2);
    await expect(checkpoint.readFloat32("a")).rejects.toMatchObject({ code: "weights/dtype" });
    await checkpoint.close();
  }
});

it("says what a file is that is not read, and what to do", async () => {
  const archive = Buffer.from("\x93NUMPY\x01\0", "latin1");
  await expect(openCheckpoint(archive, { name: "w.npy" })).rejects.toMatchObject({
    code: "weights/format",
    message: "w.npy is a NumPy array, and no checkpoint that can be read.",
    help: expect.stringContaining("safetensors.numpy") as string,
  });
  await expect(openSafetensors(archive, { name: "w.npy" })).rejects.toMatchObject({
    message: "w.npy is a NumPy array, and not a safetensors file.",
  });
});

it("takes no key where a kind has no dictionaries", async () => {
  await expect(openCheckpoint(weights, { name: "w", key: "model" })).rejects.toMatchObject({
    code: "weights/key",
    message: 'w is a safetensors file, and has no dictionary of tensors called "model".',
  });
  await expect(openCheckpoint(new Uint8Array(9), { key: "ema" })).rejects.toMatchObject({
    code: "weights/key",
  });
});
