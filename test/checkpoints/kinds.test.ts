import { expect, it } from "vitest";
import { kindOf } from "../../src/checkpoints/kinds.js";
import { openSafetensors } from "../../src/checkpoints/open.js";

const zip = (name: string): string =>
  `PK\x03\x04${"\0".repeat(22)}${String.fromCharCode(name.length)}\0\0\0${name}`;
const tar = `${"a.safetensors".padEnd(257, "\0")}ustar`;

it("tells at once, however many ways there are to read the blanks", () => {
  const blank = Buffer.from(`${"# ".repeat(120)}\r\n${"#\r\n \t".repeat(40)}x`);
  expect(kindOf("w", blank.subarray(0, 512))?.what).toContain("a text");
});

it.each<[path: string, start: string, what: string, help: string]>([
  ["w.pth", zip("w/data.pkl"), "a PyTorch checkpoint (zip)", "torch.load('w.pth'"],
  ["w.pt", zip("archive/.format_version"), "a PyTorch checkpoint (zip)", "torch.load('w.pt'"],
  ["w.pt", zip("archive/.data/serialization_id"), "a PyTorch checkpoint (zip)", "'w.safetensors'"],
  ["w.npz", zip("conv.weight.npy"), "a NumPy archive", "numpy.load('w.npz')"],
  ["w.keras", zip("metadata.json"), "a Keras model", "here a .safetensors file is"],
  ["w.zip", zip("w.safetensors"), "a zip archive", "unpack"],
  [
    "old.pth",
    "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.",
    "a PyTorch checkpoint (of before version 1.6)",
    "torch.load('old.pth'",
  ],
  ["w.pkl", "\x80\x04\x95", "a Python pickle", "the library that wrote it"],
  ["w.npy", "\x93NUMPY\x01\0", "a NumPy array", "safetensors.numpy"],
  ["w.h5", "\x89HDF\r\n\x1a\n", "an HDF5 file, as Keras writes", "here a .safetensors file is"],
  ["w.gguf", "GGUF\x03\0\0\0", "a GGUF file", "of the same weights"],
  ["w.tflite", "\x1c\0\0\0TFL3", "a TensorFlow Lite model", "was made of"],
  ["w.onnx", "\x08\x08\x12\x07pytorch", "an ONNX model", "here a .safetensors file is"],
  ["saved_model.pb", "\x08\x01\x12\x9a", "a TensorFlow SavedModel", "variables/"],
  [
    "m.ckpt-9.index",
    "\0\0\x06\x08\x01",
    "part of a TensorFlow checkpoint",
    "load_checkpoint('m.ckpt-9')",
  ],
  ["m.data-00000-of-00001", "\x01\x02", "part of a TensorFlow checkpoint", "load_checkpoint('m')"],
  ["bvlc.caffemodel", "\x0a\x09GoogleNet", "a Caffe model", "here a .safetensors file is"],
  ["w", "\x0a\x09GoogleNet\x12\x0f\x22", "a Caffe model", "here a .safetensors file is"],
  ["w", "\x0a\x09GoogleNet\xa2\x06\x0f", "a Caffe model", "here a .safetensors file is"],
  [
    "deploy.prototxt",
    '# GoogLeNet\nname: "GoogleNet"\nlayer {',
    "a Caffe net's description, without its weights",
    ".caffemodel",
  ],
  ["w.gz", "\x1f\x8b\x08", "gzip data", "gunzip"],
  ["w.xz", "\xfd7zXZ\0", "xz data", "unxz"],
  ["w.tar", tar, "a tar archive", "tar -xf"],
  ["cat.png", "\x89PNG\r\n\x1a\n", "a picture", "predict"],
  [
    "w.safetensors",
    "version https://git-lfs.github.com/spec/v1\noid sha256:00",
    "a Git LFS pointer, not the file that it stands for",
    "git lfs pull",
  ],
  [
    "w.safetensors",
    "\r\n<!doctype HTML>",
    "a web page, not the file that a link on it leads to",
    "/resolve/",
  ],
  [
    "d/m.safetensors.index.json",
    '{\n  "metadata": {},\n  "weight_map": {',
    "the list of a checkpoint's parts",
    "glob.glob('d/*.safetensors')",
  ],
  ["config.json", '{"a": 1}', "a JSON text", ".safetensors"],
  ["w", "Not found\n", 'a text that begins with "Not found"', ".safetensors"],
  ["w", "evil \u202e", 'a text that begins with "evil \\u202e"', ".safetensors"],
])("%s", (path, start, what, help) => {
  const bytes = Buffer.from(start, /[^\0-\xff]/.test(start) ? "utf8" : "latin1");
  const kind = kindOf(path, bytes);
  expect(kind?.what).toBe(what);
  expect(kind?.help(path)).toContain(help);
});

it("says nothing of what nobody knows", () => {
  for (const start of ["", "\x01\x02\x03", "\0".repeat(512), "  \n"]) {
    expect(kindOf("w.safetensors", Buffer.from(start))).toBeUndefined();
  }
});

it("does not speak of a header where what nobody knows has none", async () => {
  const bytes = new Uint8Array(100).fill(0xa5);
  await expect(openSafetensors(bytes, { name: "w.bin" })).rejects.toMatchObject({
    code: "weights/header",
    message: expect.stringContaining("does not begin as a safetensors file does") as string,
  });
});

it("puts no path into a shell's line that a shell might read otherwise", () => {
  const bytes = Buffer.from(zip("w/data.pkl"), "latin1");
  for (const path of ["a b.pth", "$(rm -rf x).pth", "'.pth", "\\`x`.pth", "a\n.pth", undefined]) {
    expect(kindOf(path, bytes)?.help(path)).toContain("torch.load('FILE'");
  }
});
