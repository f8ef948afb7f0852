/**
 * Safetensors files, honest and hostile, and what a reader must say of each: the reader of the
 * runtime and that of the standalone program are held to the same table.
 */
export interface ReaderCase {
  readonly what: string;
  readonly bytes: Buffer;
  /** `accepted`, or the code of the refusal. */
  readonly verdict: string;
  /** Of the tensors that are converted, their values. */
  readonly values?: Readonly<Record<string, readonly number[]>>;
  /** Where the format's reference reader (reference.py) says the opposite: why. */
  readonly differs?: string;
}

/** A file with that header, honest about its length unless told otherwise. */
export function craft(header: string | Buffer, data: number | Buffer = 0, length?: bigint): Buffer {
  const text = Buffer.from(header);
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(length ?? BigInt(text.length));
  return Buffer.concat([start, text, typeof data === "number" ? Buffer.alloc(data) : data]);
}

const entry = (shape: string, offsets: string, dtype = "F32", more = ""): string =>
  `{"dtype":"${dtype}","shape":${shape},"data_offsets":${offsets}${more}}`;
/** One f32. */
const one = entry("[1]", "[0,4]");
const next = entry("[1]", "[4,8]");
const only = (text: string, data: number | Buffer = 4): Buffer => craft(`{"a":${text}}`, data);

const accepted = (what: string, bytes: Buffer, differs?: string): ReaderCase => ({
  what,
  bytes,
  verdict: "accepted",
  ...(differs === undefined ? {} : { differs }),
});

const refused =
  (verdict: string) =>
  (what: string, bytes: Buffer, differs?: string): ReaderCase => ({
    what,
    bytes,
    verdict,
    ...(differs === undefined ? {} : { differs }),
  });

const header = refused("weights/header");
const duplicate = refused("weights/duplicate");
const offsets = refused("weights/offsets");
const truncated = refused("weights/truncated");
const format = refused("weights/format");

const honest: readonly ReaderCase[] = [
  accepted("one tensor", only(one)),
  accepted("no tensors", craft("{}")),
  accepted("two tensors in another order", craft(`{"b":${next},"a":${one}}`, 8)),
  accepted("a scalar", only(entry("[]", "[0,4]"))),
  accepted("an empty tensor", only(entry("[0,3]", "[0,0]"), 0)),
  accepted(
    "an empty tensor between two",
    craft(`{"b":${next},"z":${entry("[0]", "[4,4]")},"a":${one}}`, 8),
  ),
  accepted("space around the header", craft(` \n\t\r{ "a" : ${one} , "b":${next} }  \n`, 8)),
  accepted("a counter of batches", only(entry("[]", "[0,8]", "I64"), 8)),
  accepted("booleans", only(entry("[4]", "[0,4]", "BOOL"))),
  accepted("metadata", craft(`{"__metadata__":{"format":"pt"},"a":${one}}`, 4)),
  accepted("metadata that is null", craft(`{"__metadata__":null,"a":${one}}`, 4)),
  accepted("metadata that is empty", craft(`{"a":${one},"__metadata__":{}}`, 4)),
  accepted("metadata with a name twice", craft('{"__metadata__":{"a":"1","a":"2"}}')),
  accepted("a key that is not known", only(entry("[1]", "[0,4]", "F32", ',"x":[1,{"y":null}]'))),
  accepted("a key that is not known, 127 deep", only(deepEntry(125))),
  accepted("an empty name", craft(`{"":${one}}`, 4)),
  accepted("a name of Object's", craft(`{"__proto__":${one},"constructor":${next}}`, 8)),
  accepted("a name with escapes", craft(`{"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0000":${one}}`, 4)),
  accepted("a name with a surrogate pair", craft(`{"\\ud83d\\uDE42":${one}}`, 4)),
  accepted("a name in other scripts", craft(`{"日本 é 🙂 \x7f\u202e":${one}}`, 4)),
  accepted("names that look alike", craft(`{"a\\"b":${one},"a":${next}}`, 8)),
  accepted("a dtype with an escape", only(entry("[1]", "[0,4]", "\\u004632"))),
  accepted(
    "the largest size, of an empty tensor",
    only(entry(`[${2n ** 64n - 1n},0]`, "[0,0]"), 0),
  ),
  accepted("sizes that overflow behind a zero", only(entry(`[0,${2n ** 63n},4]`, "[0,0]"), 0)),
];

const dtypes: readonly ReaderCase[] = [
  ...["U8", "I8", "F8_E4M3", "F8_E5M2", "F8_E8M0", "F8_E4M3FNUZ", "F8_E5M2FNUZ"].map((dtype) =>
    accepted(`a tensor of ${dtype}`, only(entry("[4]", "[0,4]", dtype))),
  ),
  ...["U16", "I16", "U32", "I32", "U64", "I64", "C64"].map((dtype) => {
    const bytes = Number(dtype.slice(1)) / 8;
    return accepted(
      `a tensor of ${dtype}`,
      only(entry("[3]", `[0,${3 * bytes}]`, dtype), 3 * bytes),
    );
  }),
  accepted("two values a byte", only(entry("[2]", "[0,1]", "F4"), 1)),
  accepted("four values in three bytes", only(entry("[4]", "[0,3]", "F6_E2M3"), 3)),
  offsets("three values of half a byte", only(entry("[3]", "[0,2]", "F4"), 2)),
  accepted(
    "a dtype that nobody knows",
    craft(`{"new":${entry("[7]", "[0,3]", "F31")},"a":${entry("[1]", "[3,7]")}}`, 7),
    "a type of tomorrow is no reason to refuse the tensors of today",
  ),
  offsets("a dtype that nobody knows, backwards", only(entry("[1]", "[4,0]", "F31"))),
  {
    ...accepted(
      "doubles",
      only(entry("[4]", "[0,32]", "F64"), raw(Float64Array.of(0.1, -2, 1e300, NaN))),
    ),
    values: { a: [Math.fround(0.1), -2, Infinity, NaN] },
  },
  {
    ...accepted(
      "halves",
      only(
        entry("[12]", "[0,24]", "F16"),
        raw(
          Uint16Array.of(
            0,
            0x8000,
            1,
            0x83ff,
            0x400,
            0x3c00,
            0xc000,
            0x7bff,
            0x7c00,
            0xfc00,
            0x7e00,
            0x3555,
          ),
        ),
      ),
    ),
    values: {
      a: [
        0,
        -0,
        2 ** -24,
        -1023 * 2 ** -24,
        2 ** -14,
        1,
        -2,
        65504,
        Infinity,
        -Infinity,
        NaN,
        1365 / 4096,
      ],
    },
  },
  {
    ...accepted(
      "brain floats",
      only(entry("[3]", "[0,6]", "BF16"), raw(Uint16Array.of(0x3f80, 0xc2f7, 0x7f80))),
    ),
    values: { a: [1, -123.5, Infinity] },
  },
  {
    ...accepted("floats", only(entry("[2]", "[0,8]"), raw(Float32Array.of(1.5, -Infinity)))),
    values: { a: [1.5, -Infinity] },
  },
  {
    ...accepted("bytes", only(entry("[3]", "[0,3]", "U8"), Buffer.of(0, 1, 255))),
    values: { a: [0, 1, 255] },
  },
];

const lengths: readonly ReaderCase[] = [
  truncated("nothing", Buffer.alloc(0)),
  truncated("fewer than 8 bytes", Buffer.from("1234567")),
  truncated("a header past the end", craft("{}", 0, 3n)),
  header("a header of 2^63 bytes", craft("{}", 0, 1n << 63n)),
  header("a header of 2^64 - 1 bytes", craft("{}", 0, (1n << 64n) - 1n)),
  header("a header over 100 MB", craft("{}", 0, 100_000_001n)),
  header("an empty header", craft("")),
  header("a header of space", craft("    ")),
  truncated("data that ends early", craft(`{"a":${one},"b":${next}}`, 7)),
  refused("weights/oversized")("bytes after the last tensor", only(one, 5)),
  refused("weights/oversized")("bytes and no tensor", craft("{}", 1)),
];

const places: readonly ReaderCase[] = [
  refused("weights/overlap")("two tensors at one place", craft(`{"a":${one},"b":${one}}`, 4)),
  refused("weights/overlap")("overlap", craft(`{"a":${entry("[2]", "[0,8]")},"b":${next}}`, 8)),
  refused("weights/overlap")(
    "an empty tensor inside another",
    craft(`{"a":${one},"z":${entry("[0]", "[2,2]")}}`, 4),
  ),
  offsets("a gap before the first", only(next, 8)),
  offsets("a gap before an empty tensor", craft(`{"a":${one},"z":${entry("[0]", "[9,9]")}}`, 4)),
  offsets("a span that is not the shape's", only(entry("[2]", "[0,4]"))),
  offsets("a span that runs backwards", only(entry("[1]", "[4,0]"))),
  offsets("a product that overflows", only(entry(`[${2n ** 40n},${2n ** 40n}]`, "[0,8]"), 8)),
  offsets("bytes that overflow", only(entry(`[${2n ** 62n}]`, "[0,0]"), 0)),
  offsets("sizes that overflow before a zero", only(entry(`[${2n ** 63n},4,0]`, "[0,0]"), 0)),
  offsets("the largest size", only(entry(`[${2n ** 64n - 1n}]`, "[0,4]"))),
  truncated(
    "offsets beyond any file",
    only(entry(`[${2n ** 53n + 1n}]`, `[0,${2n ** 53n + 1n}]`, "U8"), 4),
  ),
];

const entries: readonly ReaderCase[] = [
  header("no shape", only('{"dtype":"F32","data_offsets":[0,4]}')),
  header("no dtype", only('{"shape":[1],"data_offsets":[0,4]}')),
  header("no data_offsets", only('{"dtype":"F32","shape":[1]}')),
  header("one offset", only(entry("[1]", "[0]"))),
  header("three offsets", only(entry("[1]", "[0,4,4]"))),
  header("a tensor that is a number", only("1")),
  header("a tensor that is null", only("null")),
  header(
    "a tensor that is a list",
    only('["F32",[1],[0,4]]'),
    "its parser takes lists for records",
  ),
  header("a dtype that is a number", only('{"dtype":1,"shape":[1],"data_offsets":[0,4]}')),
  header(
    "a dtype that is an object",
    only('{"dtype":{"F32":null},"shape":[1],"data_offsets":[0,4]}'),
    "its parser takes an object for a name",
  ),
  header("a shape that is null", only(entry("null", "[0,4]"))),
  header("a shape that is a string", only(entry('"1"', "[0,4]"))),
  header("a size that is a string", only(entry('["1"]', "[0,4]"))),
  header("a negative size", only(entry("[-1]", "[0,4]"))),
  header("a negative offset", only(entry("[1]", "[-4,0]"))),
  header("a size of -0", only(entry("[1]", "[-0,4]"))),
  header("a fraction", only(entry("[0.5]", "[0,2]"), 2)),
  header("a whole number with a point", only(entry("[1.0]", "[0,4]"))),
  header("a whole number with an exponent", only(entry("[1e0]", "[0,4]"))),
  header("a size of 2^64", only(entry(`[${2n ** 64n},0]`, "[0,0]"), 0)),
  header("a size of a thousand digits", only(entry(`[${"9".repeat(1000)}]`, "[0,4]"))),
  header(
    "a shape of 1001 sizes",
    only(entry(`[${"1,".repeat(1000)}1]`, "[0,4]")),
    "bounded memory",
  ),
  header("metadata that is a list", craft('{"__metadata__":[]}')),
  header("metadata that is text", craft('{"__metadata__":"x"}')),
  header("metadata with a number", craft('{"__metadata__":{"a":1}}')),
  header("metadata with null", craft('{"__metadata__":{"a":null}}')),
  header("metadata with an object", craft('{"__metadata__":{"a":{"b":"c"}}}')),
  header("metadata like a tensor", craft(`{"__metadata__":${one}}`, 4)),
];

const twice: readonly ReaderCase[] = [
  duplicate("a name twice", craft(`{"a":${one},"a":${next}}`, 8)),
  duplicate("a name twice, the same", craft(`{"a":${one},"a":${one}}`, 4), "it keeps the last"),
  duplicate(
    "a name twice, once escaped",
    craft(`{"a":${one},"\\u0061":${one}}`, 4),
    "it keeps the last",
  ),
  duplicate("metadata twice", craft('{"__metadata__":{},"__metadata__":{}}')),
  duplicate("metadata twice, null", craft('{"__metadata__":null,"\\u005f_metadata__":null}')),
  ...(["dtype", "shape", "data_offsets"] as const).map((key) => {
    const value = { dtype: '"F32"', shape: "[1]", data_offsets: "[0,4]" }[key];
    return duplicate(`${key} twice`, only(entry("[1]", "[0,4]", "F32", `,"${key}":${value}`)));
  }),
  duplicate(
    "a shape twice, once escaped",
    only(entry("[1]", "[0,4]", "F32", ',"sh\\u0061pe":[1]')),
  ),
  duplicate(
    "an unknown key twice",
    only(entry("[1]", "[0,4]", "F32", ',"x":1,"x":1')),
    "it skips both",
  ),
];

const texts: readonly ReaderCase[] = [
  header("text that is not JSON", craft("{a")),
  header("half an entry", craft('{"a":')),
  header("a comma at the end", craft(`{"a":${one},}`, 4)),
  header("a comma at the start", craft(`{,"a":${one}}`, 4)),
  header("no colon", craft(`{"a"${one}}`, 4)),
  header("a comment", craft(`{/**/"a":${one}}`, 4)),
  header("single quotes", craft(`{'a':${one}}`, 4)),
  header("two objects", craft("{}{}")),
  header("text behind the object", craft(`{"a":${one}}x`, 4)),
  header("zeros behind the object", craft(`{"a":${one}}\0\0`, 4)),
  header("a zero before a number", only(entry("[01]", "[0,4]"))),
  header("a plus", only(entry("[+1]", "[0,4]"))),
  header("NaN", craft('{"__metadata__":NaN}')),
  header("a number without an end", only(entry("[1]", "[0,4]", "F32", ',"x":1.'))),
  header("a word that goes on", only(entry("[1]", "[0,4]", "F32", ',"x":nullx'))),
  header("a byte order mark", craft(`\ufeff{"a":${one}}`, 4)),
  header("a form feed", craft(`{\f"a":${one}}`, 4)),
  header("a list", craft("[]")),
  header("null", craft("null")),
  header("a string", craft('"x"')),
  header("a string without an end", craft('{"a')),
  header("a string that ends in a backslash", craft('{"a\\')),
  header("a control character in a name", craft(`{"a\x01":${one}}`, 4)),
  header("a line end in a name", craft(`{"a\n":${one}}`, 4)),
  header("a wrong escape", craft(`{"a\\x":${one}}`, 4)),
  header("half an escape", craft(`{"a\\u00g0":${one}}`, 4)),
  header("half of a surrogate pair", craft(`{"\\ud800":${one}}`, 4)),
  header("the other half first", craft(`{"\\udc00\\ud800":${one}}`, 4)),
  header("two first halves", craft(`{"\\ud800\\ud800":${one}}`, 4)),
  header("a byte that is no UTF-8", craft(Buffer.from(`{"\xff":${one}}`, "latin1"), 4)),
  header("an overlong form", craft(Buffer.from(`{"\xc0\xaf":${one}}`, "latin1"), 4)),
  header("a surrogate as UTF-8", craft(Buffer.from(`{"\xed\xa0\x80":${one}}`, "latin1"), 4)),
  header(
    "a character beyond Unicode",
    craft(Buffer.from(`{"\xf4\x90\x80\x80":${one}}`, "latin1"), 4),
  ),
  header("UTF-8 that is cut", craft(Buffer.from('{"\xe2\x82', "latin1"))),
  header("a key that is not known, 128 deep", only(deepEntry(126))),
  header("100,000 lists in a key that is not known", only(deepEntry(100_000))),
  header("100,000 objects in metadata", craft(`{"__metadata__":${'{"a":'.repeat(100_000)}`)),
  header("100,000 objects in a tensor", craft('{"a":'.repeat(100_000))),
];

/** A zip's first entry, as far as it is looked at. */
const zip = (name: string): Buffer => {
  const start = Buffer.alloc(30);
  start.write("PK\x03\x04\x14", "latin1");
  start.writeUInt16LE(name.length, 26);
  return Buffer.concat([start, Buffer.from(name), Buffer.alloc(600)]);
};

const foreign: readonly ReaderCase[] = [
  format("a zip that PyTorch wrote", zip("archive/data.pkl")),
  format("a zip", zip("readme.txt")),
  format("an archive of NumPy's", zip("weight.npy")),
  format("a pickle", Buffer.from("\x80\x04\x95\0\0\0\0\0\0\0\0", "latin1")),
  format("HDF5", Buffer.from("\x89HDF\r\n\x1a\n\0\0\0\0", "latin1")),
  format("ONNX", Buffer.from("\x08\x08\x12\x07pytorch\x1a\x03", "latin1")),
  format("gzip", Buffer.from("\x1f\x8b\x08\0\0\0\0\0\0\0", "latin1")),
  format(
    "a Git LFS pointer",
    Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:0\n"),
  ),
  format("a web page", Buffer.from("<!DOCTYPE html><html><body>Not found</body></html>")),
  format("JSON", Buffer.from('{\n  "architectures": ["Inception"]\n}\n')),
  format("a sentence", Buffer.from("Access denied\n")),
];

export const readerCases: readonly ReaderCase[] = [
  ...honest,
  ...dtypes,
  ...lengths,
  ...places,
  ...entries,
  ...twice,
  ...texts,
  ...foreign,
];

function deepEntry(depth: number): string {
  const nested = "[".repeat(depth) + "]".repeat(depth);
  return `{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":${nested}}`;
}

function raw(array: ArrayBufferView): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}
