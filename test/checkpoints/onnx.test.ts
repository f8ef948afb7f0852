import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, it, vi } from "vitest";
import { FileBytes } from "../../src/checkpoints/bytes.js";
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
  ["nowhere", "file/not-found", "absent.bin, which is not there"],
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

/** A model of one initializer of two numbers, `w`, in another file. */
function modelBeside(location: string): Buffer {
  const entry = field(13, field(1, Buffer.from("location")), field(2, Buffer.from(location)));
  const tensor = [field(1, Buffer.from([2])), Buffer.from([16, 1]), field(8, Buffer.from("w"))];
  return field(7, field(5, ...tensor, entry, Buffer.from([112, 1])));
}

/** A field of wire type 2, of less than 2^21 bytes, its length in the longest form of those. */
function field(number: number, ...inner: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(inner);
  const { length } = bytes;
  const size = [(length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14];
  return Buffer.concat([Buffer.from([number * 8 + 2, ...size]), bytes]);
}

it.each([
  ["nested", "a/".repeat(32_000), /^.*: w is in another file, whose name has 64000 characters\.$/],
  ["circle", "loop", /^.*: w is in another file, .*loop, whose links lead in a circle\.$/],
])("refuses values at the end of a way that is %s", async (name, location, message) => {
  const path = join(folder, `${name}.onnx`);
  writeFileSync(path, modelBeside(location));
  if (location === "loop") symlinkSync("loop", join(folder, "loop"));
  const checkpoint = await openCheckpoint(path);
  await expect(checkpoint.readFloat32("w")).rejects.toMatchObject({
    code: "weights/unreadable",
    message: expect.stringMatching(message) as string,
    help: expect.any(String) as string,
  });
  await checkpoint.close();
});

it("reads what a link led to when it was looked at, wherever it leads by then", async () => {
  const inside = join(folder, "swapped");
  mkdirSync(inside);
  writeFileSync(join(inside, "kept.bin"), Buffer.from(Float32Array.of(1, 2).buffer));
  symlinkSync("kept.bin", join(inside, "link.bin"));
  const path = join(inside, "model.onnx");
  writeFileSync(path, modelBeside("link.bin"));
  const open = vi.spyOn(FileBytes, "open");
  const checkpoint = await openCheckpoint(path);
  expect([...(await checkpoint.readFloat32("w"))]).toEqual([1, 2]);
  expect(open).toHaveBeenLastCalledWith(
    expect.objectContaining({
      path: join(realpathSync(inside), "kept.bin"),
      shown: join(inside, "link.bin"),
    }),
  );
  open.mockRestore();
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
