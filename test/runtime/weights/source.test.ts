import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import { Place } from "../../../src/runtime/check-options.js";
import { loadWeights, type LoadedWeights } from "../../../src/runtime/weights/load.js";
import type { MatchOptions } from "../../../src/runtime/weights/match.js";
import { type CheckedSource, weightSource } from "../../../src/runtime/weights/source.js";
import { craft } from "../../checkpoints/safetensors/reader-cases.js";

const folder = mkdtempSync(join(tmpdir(), "incept-source-"));
afterAll(() => rmSync(folder, { recursive: true }));
const file = join(folder, "w.safetensors");

const parameters = [
  { name: "bn.weight", shape: [2], role: "gamma", fanIn: 0 },
  { name: "bn.running_var", shape: [2], role: "running_var", fanIn: 0 },
] as const;

const checked = (source: unknown): CheckedSource =>
  weightSource(source, new Place("Net.load", "weights"));

/** `bn.weight` 1, 2 and `bn.running_var` 3, 4, in the given types. */
function bytesOf(dtype = "F32", values: readonly number[] = [1, 2, 3, 4]): Buffer {
  const array = dtype === "F64" ? Float64Array.from(values) : Float32Array.from(values);
  const half = array.byteLength / 2;
  const header = {
    "bn.weight": { dtype, shape: [2], data_offsets: [0, half] },
    "bn.running_var": { dtype, shape: [2], data_offsets: [half, 2 * half] },
  };
  return craft(JSON.stringify(header), Buffer.from(array.buffer));
}

const load = async (source: unknown, options: MatchOptions = {}): Promise<LoadedWeights> =>
  loadWeights(checked(source), parameters, options);

const loaded = { values: [Float32Array.of(1, 2), Float32Array.of(3, 4)], unused: [], remarks: [] };

describe("weights that are taken", () => {
  writeFileSync(file, bytesOf());
  const bytes = bytesOf();
  const alone = new Uint8Array(bytes).buffer;
  const shared = new SharedArrayBuffer(bytes.length);
  new Uint8Array(shared).set(bytes);
  const surrounded = Buffer.concat([Buffer.alloc(3), bytes, Buffer.alloc(5)]);
  const record = { "bn.weight": Float32Array.of(1, 2), "bn.running_var": Float32Array.of(3, 4) };
  const sources: [what: string, source: unknown][] = [
    ["a path", file],
    ["a file URL", pathToFileURL(file)],
    ["a Buffer", bytes],
    ["a Buffer within another", surrounded.subarray(3, 3 + bytes.length)],
    ["a Uint8Array", new Uint8Array(bytes)],
    ["an ArrayBuffer", alone],
    ["a SharedArrayBuffer", shared],
    ["arrays by name", record],
    ["arrays by name without a prototype", Object.assign(Object.create(null), record)],
    [
      "arrays of another realm",
      runInNewContext(
        "({ 'bn.weight': Float32Array.of(1, 2), 'bn.running_var': Float32Array.of(3, 4) })",
      ),
    ],
    ["bytes of another realm", runInNewContext("Uint8Array.from(bytes)", { bytes })],
  ];
  it.each(sources)("%s", async (_, source) => {
    const { values, ...rest } = await load(source);
    expect([values.map((array) => [...array]), rest]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      { unused: [], remarks: [] },
    ]);
  });

  it("are computed with as they were at the call", async () => {
    const buffer = bytesOf();
    const array = Float32Array.of(1, 2);
    const sources = [buffer, { ...record, "bn.weight": array }].map(checked);
    buffer.fill(0);
    array.fill(9);
    for (const source of sources) expect(await loadWeights(source, parameters)).toEqual(loaded);
  });

  it("may have names that all begin alike, which is told", async () => {
    const header = (prefix: string): Buffer => {
      const bytes = bytesOf().subarray(-16);
      const entries = ["bn.weight", "bn.running_var"].map((name, i) => [
        prefix + name,
        { dtype: "F32", shape: [2], data_offsets: [8 * i, 8 * i + 8] },
      ]);
      return craft(JSON.stringify(Object.fromEntries(entries)), bytes);
    };
    const wrapped = Object.fromEntries(
      Object.entries(record).map(([name, values]) => [`module.${name}`, values]),
    );
    for (const source of [header("module."), wrapped]) {
      expect(await load(source)).toEqual({
        ...loaded,
        remarks: ['the checkpoint\'s names begin with "module.", which was left off'],
      });
    }
  });

  it("are rounded to f32 from doubles", async () => {
    const { values } = await load(bytesOf("F64", [0.1, 2, 3, 4]));
    expect(values[0]).toEqual(Float32Array.of(0.1, 2));
  });
});

describe("weights that are not taken", () => {
  const list =
    /^Net\.load: weights is .*, expected a checkpoint .*Buffer.*ArrayBuffer.*random:SEED.*Float32Arrays by parameter name\.$/;
  const wrong: [what: string, source: unknown, is: string][] = [
    ["a number", 7, "7"],
    ["null", null, "null"],
    ["a list", [Float32Array.of(1)], "an Array"],
    ["a Map", new Map(), "a Map"],
    ["a promise", Promise.resolve(bytesOf()), "a Promise"],
    ["floats", new Float32Array(1 << 24), "a Float32Array"],
    ["a view", new DataView(new ArrayBuffer(8)), "a DataView"],
    ["a function", () => bytesOf(), "a function"],
  ];
  it.each(wrong)("%s", (_, source, is) => {
    expect(() => checked(source)).toThrow(list);
    expect(() => checked(source)).toThrow(`weights is ${is}, expected`);
    expect(() => checked(source)).toThrow(TypeError);
  });

  it.each(["random:", "random:x", "random:-1", "random:1.5", "random:4294967296"])(
    "%s",
    (source) => {
      expect(() => checked(source)).toThrow(TypeError);
      expect(() => checked(source)).toThrow("such as random:1.");
    },
  );

  it.each([
    ["https://example.org/w.safetensors", "download it"],
    [new URL("https://example.org/w.safetensors"), "download it"],
    [new URL("data:,x"), "expected a path or a file URL"],
  ])("%s", (source, message) => {
    expect(() => checked(source)).toThrow(RangeError);
    expect(() => checked(source)).toThrow(message);
  });

  it("memory that was transferred elsewhere", () => {
    const [bytes, array] = [new Uint8Array(8), Float32Array.of(1)];
    const { buffer } = bytes;
    structuredClone([bytes, array], { transfer: [buffer, array.buffer] });
    const told = (name: string): TypeError =>
      new TypeError(
        `Net.load: the memory of ${name} was transferred elsewhere (its buffer is detached).`,
      );
    expect(() => checked(bytes)).toThrow(told("weights"));
    expect(() => checked(buffer)).toThrow(told("weights"));
    expect(() => checked({ "bn.weight": array })).toThrow(told("weights.bn.weight"));
  });

  it("names the entry of another type, and the length of one that is wrong", async () => {
    const record = { "bn.weight": Float32Array.of(1, 2), "bn\x1b": [1] };
    expect(() => checked(record)).toThrow(
      "Net.load: weights.bn\\x1b is an Array, expected a Float32Array.",
    );
    const short = { "bn.weight": new Float32Array(5), "bn.running_var": new Float32Array(2) };
    await expect(load(short)).rejects.toThrow("bn.weight is [5], expected [2]");
  });

  it("bytes that are no safetensors file", async () => {
    await expect(load(Buffer.from("PK\x03\x04".padEnd(99), "latin1"))).rejects.toMatchObject({
      code: "weights/format",
      message: "weights is a zip archive, and no checkpoint that can be read.",
    });
    await expect(load(new Uint8Array())).rejects.toMatchObject({ code: "weights/truncated" });
  });
});

describe("values that give no results", () => {
  const record = (weight: readonly number[], variance: readonly number[]): object => ({
    "bn.weight": Float32Array.from(weight),
    "bn.running_var": Float32Array.from(variance),
  });

  it.each<[what: string, source: unknown, remarks: readonly string[]]>([
    [
      "NaN",
      record([NaN, NaN], [1, 1]),
      ["weights holds values that give no results: bn.weight (2 NaN)"],
    ],
    [
      "several kinds",
      record([Infinity, NaN], [-1, -Infinity]),
      [
        "weights holds values that give no results: bn.weight (1 NaN, 1 infinite), " +
          "bn.running_var (1 infinite, 1 negative variance)",
      ],
    ],
    [
      "a double beyond f32",
      bytesOf("F64", [1e300, 1, 1, 1]),
      ["weights holds values that give no results: bn.weight (1 infinite)"],
    ],
    ["negative numbers elsewhere", record([-1, -0], [0, -0]), []],
  ])("%s", async (_, source, remarks) => {
    expect((await load(source)).remarks).toEqual(remarks);
  });

  it("and entries of a rename map that have no use are told together", async () => {
    const source = record([NaN, 1], [1, 1]);
    const { remarks } = await load(source, {
      rename: { "mod\x1b": "x", "bn.weight": "bn.weight" },
    });
    expect(remarks).toEqual([
      "weights holds values that give no results: bn.weight (1 NaN)",
      'weights has nothing to rename by "mod\\x1b"',
    ]);
  });
});
