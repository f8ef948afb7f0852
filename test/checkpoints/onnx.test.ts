import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it } from "vitest";
import { openCheckpoint } from "../../src/checkpoints/open.js";
import { expectPrinted, fixture, printed } from "./expected.js";

const folder = mkdtempSync(join(tmpdir(), "incept-onnx-"));
afterAll(() => rmSync(folder, { recursive: true }));

it.each(printed("onnx"))("reads %s", async (file, tensors) => {
  const checkpoint = await openCheckpoint(fixture("onnx", file));
  await expectPrinted(checkpoint, tensors);
  await checkpoint.close();
});

it("lists what it does not read, and says why when it is asked for", async () => {
  const typed = await openCheckpoint(fixture("onnx", "typed.onnx"));
  expect(typed.tensors.get("a shape")).toMatchObject({ dtype: "I64", shape: [2] });
  await expect(typed.readFloat32("a shape")).rejects.toMatchObject({ code: "weights/dtype" });
  await expect(typed.readFloat32("absent")).rejects.toThrow(RangeError);
  await typed.close();
  const sparse = await openCheckpoint(fixture("onnx", "sparse.onnx"));
  expect(sparse.tensors.get("sparse")?.shape).toEqual([2, 4]);
  await expect(sparse.readFloat32("sparse")).rejects.toMatchObject({
    code: "weights/unreadable",
    message: expect.stringContaining("sparse is a sparse tensor") as string,
  });
  await sparse.close();
});

it.each([
  ["outside", "weights/unreadable", '"../make_onnx.py", which is not in the model\'s folder'],
  ["far", "weights/unreadable", '"/etc/hostname", which is not in the model\'s folder'],
  ["back", "weights/unreadable", "which is not in the model's folder"],
  ["unnamed", "weights/unreadable", '"", which is not in the model\'s folder'],
  ["nowhere", "file/not-found", "absent.bin does not exist"],
  ["short", "weights/truncated", "external.bin holds 48 bytes, and"],
  ["odd", "weights/damaged", 'is "0x10"'],
  ["wrong", "weights/damaged", "has 20 bytes, its shape asks for 24"],
])("reads no values of %s", async (name, code, message) => {
  const checkpoint = await openCheckpoint(fixture("onnx", "refused.onnx"));
  await expect(checkpoint.readFloat32(name)).rejects.toMatchObject({
    code,
    message: expect.stringContaining(message) as string,
  });
  await checkpoint.close();
});

it("follows no link out of the model's folder, and one within it", async () => {
  const inside = join(folder, "model");
  mkdirSync(inside);
  cpSync(fixture("onnx", "external.onnx"), join(inside, "external.onnx"));
  writeFileSync(join(folder, "secret"), Buffer.alloc(48));
  symlinkSync(join(folder, "secret"), join(inside, "external.bin"));
  const checkpoint = await openCheckpoint(join(inside, "external.onnx"));
  await expect(checkpoint.readFloat32("first")).rejects.toMatchObject({
    code: "weights/unreadable",
  });
  rmSync(join(inside, "external.bin"));
  cpSync(fixture("onnx", "external.bin"), join(inside, "kept.bin"));
  symlinkSync("kept.bin", join(inside, "external.bin"));
  expect(await checkpoint.readFloat32("first")).toHaveLength(6);
  await checkpoint.close();
});

it("asks for the file where values are beside it, and finds them where it is named by a whole path", async () => {
  const bytes = readFileSync(fixture("onnx", "external.onnx"));
  const inMemory = await openCheckpoint(bytes);
  await expect(inMemory.readFloat32("first")).rejects.toMatchObject({
    code: "weights/unreadable",
    help: "name the .onnx file, so that the folder is known",
  });
  const named = await openCheckpoint(resolve(fixture("onnx", "external.onnx")));
  expect(await named.readFloat32("third")).toHaveLength(6);
  await named.close();
});
