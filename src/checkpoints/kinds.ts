import type { ByteSource } from "./bytes.js";
import type { CheckpointReader } from "./checkpoint.js";
import { SafetensorsFile } from "./safetensors/file.js";
import { visible } from "../diagnostics/visible.js";
import { fromNumpy, fromShards, fromTensorFlow, fromTorch } from "./convert.js";

/** A kind of file that is named as a checkpoint, whether it is read or not. */
export interface Kind {
  /** With an article: `a PyTorch checkpoint`. */
  readonly what: string;
  /** Of the first bytes, each as the character of its number. */
  readonly starts?: RegExp;
  readonly named?: RegExp;
  /** Of a kind that is read; what it needs is loaded when it is called. */
  readonly open?: CheckpointReader;
  /** What one of its entries is called, of a zip archive whose first entry does not say. */
  readonly holds?: RegExp;
  /** Whether a key may say which of its dictionaries is meant. */
  readonly keyed?: boolean;
  /** How to make a safetensors file of it, or what to name in its place. */
  readonly help: (path: string | undefined) => string;
}

/** How much of a file's start is needed to tell. */
export const headBytes = 512;

/**
 * Tells files by how they start, and by their name where that says nothing. What is no safetensors
 * file `native/standalone/foreign.hpp` tells alike.
 *
 * @param path as the caller wrote it; absent for bytes in memory
 * @param head the first `headBytes`, or all there are
 */
export function kindOf(path: string | undefined, head: Uint8Array): Kind | undefined {
  const start = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString("latin1");
  const kind = kinds.find(({ starts, named }) => starts?.test(start) ?? named?.test(path ?? ""));
  return kind ?? textKind(head);
}

/**
 * Which kind a file is: of a zip archive that could be of any kind, its directory says it.
 *
 * @param kind as `kindOf` has it
 */
export async function kindWithin(
  source: ByteSource,
  kind: Kind | undefined,
): Promise<Kind | undefined> {
  if (kind?.what !== zipArchive) return kind;
  const { ZipArchive } = await import("./zip.js");
  // A damaged one is a zip archive still.
  const names = await ZipArchive.open(source).then(
    (zip) => zip.names,
    () => [],
  );
  return kinds.find(({ holds }) => holds && names.some((name) => holds.test(name))) ?? kind;
}

export const safetensors = "a safetensors file";

export const onnxModel = "an ONNX model";

const zipArchive = "a zip archive";

const saying = (help: string) => (): string => help;

const zipped = (first: RegExp): RegExp => new RegExp(`^PK\\x03\\x04[^]{26}(?:${first.source})`);

const asWeights = saying("it is read where weights are asked for; here a .safetensors file is");

const onnx: CheckpointReader = async (...from) =>
  (await import("./onnx/open.js")).openOnnx(...from);

const caffe: CheckpointReader = async (...from) =>
  (await import("./caffe/open.js")).openCaffe(...from);

/** The first that fits; what is sure stands before what is likely. */
const kinds: readonly Kind[] = [
  {
    what: safetensors,
    // Eight bytes of a length of at most 100,000,000, and an object.
    starts: /^[^]{3}[\0-\x05]\0{4}[ \t\r\n]*\{/,
    open: (source) => SafetensorsFile.of(source),
    help: saying("name it as it is"),
  },
  {
    what: "a PyTorch checkpoint (zip)",
    starts: zipped(
      /[^/]{0,200}\/(?:data\.pkl|\.?(?:format_)?version|byteorder|constants\.pkl|\.?data\/|code\/)/,
    ),
    holds: /^(?:[^/]*\/)?data\.pkl$/,
    open: async (...args) => (await import("./torch/archive.js")).openArchive(...args),
    keyed: true,
    help: fromTorch,
  },
  { what: "a NumPy archive", starts: zipped(/[^/]{0,200}\.npy/), holds: /\.npy$/, help: fromNumpy },
  {
    what: "a Keras model",
    starts: zipped(/metadata\.json|config\.json|model\.weights\.h5/),
    holds: /^model\.weights\.h5$/,
    open: async (...from) => (await import("./keras/archive.js")).openKerasArchive(...from),
    help: asWeights,
  },
  {
    what: zipArchive,
    starts: /^PK\x03\x04/,
    help: saying("unpack it, and name the .safetensors file in it"),
  },
  {
    what: "a PyTorch checkpoint (of before version 1.6)",
    // The number is in a frame since protocol 4.
    starts: /^\x80[\x02-\x05](?:\x95[^]{8})?\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19/,
    open: async (...args) => (await import("./torch/legacy.js")).openLegacy(...args),
    keyed: true,
    help: fromTorch,
  },
  {
    what: "a Python pickle",
    starts: /^\x80[\x02-\x05]/,
    help: saying(
      "load it in Python with the library that wrote it, and write its tensors with safetensors.numpy.save_file",
    ),
  },
  {
    what: "a NumPy array",
    starts: /^\x93NUMPY/,
    help: saying("write its arrays by name with safetensors.numpy.save_file"),
  },
  {
    what: "an HDF5 file, as Keras writes",
    starts: /^\x89HDF\r\n\x1a\n/,
    open: async (...from) => (await import("./keras/open.js")).openKerasHdf5(...from),
    help: asWeights,
  },
  {
    what: "a GGUF file",
    starts: /^GGUF/,
    help: saying("name a .safetensors file of the same weights"),
  },
  {
    what: "a TensorFlow Lite model",
    starts: /^[^]{4}TFL3/,
    help: saying("convert the checkpoint that it was made of"),
  },
  {
    what: "a TensorFlow SavedModel",
    starts: /^\x08\x01\x12/,
    help: saying("convert the checkpoint in variables/ beside it"),
  },
  {
    what: onnxModel,
    starts: /^\x08[\x03-\x20][\x12\x1a\x22\x2a\x32\x3a\x42]/,
    open: onnx,
    help: asWeights,
  },
  {
    what: "a Caffe model",
    // Its name, then a layer or an input: `name`, `layer`, `layers`, `input` of a NetParameter.
    starts: /^\n[\x01-\x7f][\x20-\x7e]+(?:\xa2\x06|[\x12\x1a][\x01-\xff])/,
    open: caffe,
    help: asWeights,
  },
  {
    what: "a Caffe net's description, without its weights",
    // Each character has one place in it: a try of every way to part blanks would take for ever.
    starts: /^\s*(?:#[^\n]*\n\s*)*(?:name|layers?|input|force_backward)\s*[:{]/,
    help: saying("name the .caffemodel that was trained of it"),
  },
  {
    what: "gzip data",
    starts: /^\x1f\x8b/,
    help: saying("unpack it with gunzip (of a .tar.gz: tar -xzf)"),
  },
  { what: "xz data", starts: /^\xfd7zXZ\0/, help: saying("unpack it with unxz") },
  { what: "bzip2 data", starts: /^BZh[1-9]/, help: saying("unpack it with bunzip2") },
  { what: "zstd data", starts: /^\x28\xb5\x2f\xfd/, help: saying("unpack it with unzstd") },
  {
    what: "a tar archive",
    starts: /^[^]{257}ustar/,
    help: saying("unpack it with tar -xf, and name the .safetensors file in it"),
  },
  {
    what: "a picture",
    starts: /^(?:\x89PNG\r\n|\xff\xd8\xff|GIF8|RIFF[^]{4}WEBP)/,
    help: saying("name the weights; pictures are arguments of predict"),
  },
  {
    what: "a Git LFS pointer, not the file that it stands for",
    starts: /^version https:\/\/git-lfs\.github\.com\/spec\//,
    help: saying("get the file with git lfs pull"),
  },
  {
    what: "a web page, not the file that a link on it leads to",
    starts: /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html|head|\?xml)/i,
    help: saying("download the file itself (at Hugging Face: /resolve/ in place of /blob/)"),
  },
  {
    what: "the list of a checkpoint's parts",
    starts: /^\s*\{[^]*"weight_map"/,
    help: (path) => fromShards(path),
  },
  {
    what: "the list of a checkpoint's parts",
    named: /\.safetensors\.index\.json$/,
    help: (path) => fromShards(path),
  },
  {
    what: "a JSON text",
    starts: /^(?:\xef\xbb\xbf)?\s*[{[]\s*["{}[\]]/,
    help: saying("name the .safetensors file that belongs to it"),
  },
  {
    what: "part of a TensorFlow checkpoint",
    named: /\.(?:index|meta|data-\d+-of-\d+)$|(?:^|\/)checkpoint$/,
    help: fromTensorFlow,
  },
  {
    what: "a TensorFlow graph",
    named: /\.pb$/,
    help: saying("convert the checkpoint that it was made of"),
  },
  { what: onnxModel, named: /\.onnx$/, open: onnx, help: asWeights },
  { what: "a Caffe model", named: /\.caffemodel$/, open: caffe, help: asWeights },
];

/** What is text and nothing else shows how it begins: a server's "Not Found", somebody's notes. */
function textKind(head: Uint8Array): Kind | undefined {
  let end = head.length;
  // The cut may have gone through a character.
  while (end > headBytes - 3 && head[end - 1]! >= 0x80) end--;
  const text = Buffer.from(head.subarray(0, end)).toString("utf8");
  if (text.trim() === "" || /[\0-\x08\x0e-\x1f\ufffd]/.test(text)) return undefined;
  const row = text.trim().slice(0, 40);
  return {
    what: `a text that begins with "${visible(row)}"`,
    help: saying("name a .safetensors file"),
  };
}
