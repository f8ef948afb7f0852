import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { InceptError } from "../../src/diagnostics/incept-error.js";
import { manifestOf } from "../../src/emit/manifest.js";
import { parseManifest } from "../../src/emit/parse-manifest.js";
import { digestOf } from "../../src/files/digest.js";
import { fakeManifest } from "../runtime/support/fake.js";
import { projectOf } from "../../src/build/project/project.js";
import { variantOf } from "../../src/build/choose/variant.js";
import { networkOf } from "../support/network.js";
import { tinySpec } from "./project.js";

const parse = (value: unknown): unknown => parseManifest("manifest.json", JSON.stringify(value));
const refusal = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (!(error instanceof InceptError)) throw error;
    expect(error).toMatchObject({
      code: "artefact/manifest",
      help: "build the network again: inceptc build SPEC",
    });
    return error.message;
  }
  return "nothing is wrong";
};

const image = {
  size: [6, 5],
  fit: "crop",
  resize: 8,
  interpolation: "bicubic",
  order: "bgr",
  range: 255,
  mean: [1, 2, 3],
  std: [1, 1, 1],
} as const;

describe("a manifest", () => {
  it("is read as it was written", () => {
    const request = { spec: "tiny.incept", network: networkOf(tinySpec), target: "cpu" } as const;
    const project = projectOf(request, { ...variantOf(request), levels: ["baseline"] });
    const written = {
      ...manifestOf(project, "tiny.node"),
      binaryDigest: digestOf("code"),
    };
    expect(parse(written)).toEqual(JSON.parse(JSON.stringify(written)));
    const levels = ["avx512", "avx2"] as const;
    const several = manifestOf(projectOf(request, { ...variantOf(request), levels }), "tiny.node");
    expect(parse(several)).toEqual(JSON.parse(JSON.stringify(several)));
    expect(several.level).toBe("avx512 avx2");
    expect(several.programs!.map(({ level }) => level)).toEqual(levels);
    expect(several.programs![1]!.flags).toContain("-mavx2");
    const full = {
      ...fakeManifest,
      doc: "Two\nrows.",
      labels: ["a cat", "ein Hündchen"],
      inputs: [{ name: "image", shape: [3, 6, 5], image }],
      settings: { n: 3, half: 0.5, fast: true, window: { height: 3, width: 7 } },
    };
    expect(parse(full)).toEqual(full);
    const grey = {
      size: [6, 5],
      fit: "stretch",
      interpolation: "nearest",
      order: "luma",
      range: 1,
      mean: [1],
      std: [2],
    };
    const inputs = [{ name: "image", shape: [1, 6, 5], image: grey }];
    expect(parse({ ...fakeManifest, inputs })).toMatchObject({ inputs });
  });

  it.each<[field: string, changes: object, told: string]>([
    ["model", { model: 7 }, "model is 7, expected a name"],
    ["model", { model: undefined }, "model is absent, expected a name"],
    ["model", { model: "a\u001b[2J" }, 'model is "a\\u001b[2J", expected a name'],
    ["maxBatch", { maxBatch: 0 }, "maxBatch is 0, expected a whole number of 1 to 4096"],
    ["maxBatch", { maxBatch: 1.5 }, "maxBatch is 1.5, expected a whole"],
    ["maxBatch", { maxBatch: "8" }, 'maxBatch is "8", expected a whole'],
    ["passes", { passes: "no" }, 'passes is "no", expected true or false'],
    ["target", { target: "tpu" }, 'target is "tpu", expected one of cpu, cuda, cuda-sim'],
    ["binary", { binary: "../x" }, 'binary is "../x", expected the name of a file in'],
    ["binary", { binary: "/bin/x.node" }, 'binary is "/bin/x.node", expected the name of'],
    ["binary", { binary: "a\\b.node" }, "binary is "],
    ["binary", { binary: ".." }, 'binary is "..", expected'],
    ["binary", { binary: "c:x.node" }, 'binary is "c:x.node", expected'],
    ["binary", { binary: "" }, 'binary is "", expected'],
    ["binary", { binary: "x\0.node" }, "binary is "],
    ["binary", { binary: ["x.node"] }, "binary is a list of 1, expected"],
    ["digest", { binaryDigest: { bytes: 1, sha256: "0" } }, 'binaryDigest.sha256 is "0", expected'],
    ["inputs", { inputs: null }, "inputs is null, expected a list of 1 to"],
    ["inputs", { inputs: [] }, "inputs is [], expected a list of 1 to"],
    ["input", { inputs: [{ name: "x" }] }, "inputs[0].shape is absent, expected a list of 1 to 8"],
    ["shape", { inputs: [{ name: "x", shape: [] }] }, "inputs[0].shape is [], expected"],
    [
      "shape",
      { inputs: [{ name: "x", shape: [1, -1] }] },
      "inputs[0].shape[1] is -1, expected a whole",
    ],
    [
      "shape",
      { inputs: [{ name: "x", shape: [1e9, 3] }] },
      "expected a shape of at most 2147483647",
    ],
    [
      "shape",
      { inputs: [{ name: "x", shape: { length: 3 } }] },
      "inputs[0].shape is an object, expected",
    ],
    ["outputs", { outputs: [] }, "outputs is [], expected a list of 1 to"],
    ["outputs", { outputs: {} }, "outputs is an object, expected a list"],
    [
      "outputs",
      { outputs: [{ ...fakeManifest.outputs[0], kind: "x" }] },
      'outputs[0].kind is "x", expected one of output, aux, tap',
    ],
    [
      "classes",
      { outputs: [{ ...fakeManifest.outputs[0], classes: 1 }] },
      "outputs[0].classes is 1",
    ],
    ["parameters", { parameters: null }, "parameters is null, expected a list"],
    [
      "parameters",
      { parameters: [{ name: "w", shape: [1], role: "weight", fanIn: -2 }] },
      "parameters[0].fanIn is -2, expected a whole number of 0 to",
    ],
    [
      "parameters",
      { parameters: [{ name: "w", shape: [1], role: "gamma", fanIn: 0, initial: "1" }] },
      'parameters[0].initial is "1", expected a',
    ],
    ["labels", { labels: [1] }, "labels[0] is 1, expected a string"],
    ["labels", { labels: "cat" }, 'labels is "cat", expected a list'],
    ["aux", { aux: [null] }, "aux[0] is null, expected a name"],
    ["settings", { settings: { n: "3" } }, 'settings["n"] is "3", expected an object'],
    ["settings", { settings: { "a b": 3 } }, 'a name in settings is "a b", expected a name'],
    ["arena", { arenaBytes: 1e300 }, "arenaBytes is 1e+300, expected a whole number"],
    [
      "size",
      { inputs: [{ name: "image", shape: [3, 6, 6], image }] },
      "inputs[0].image.size is [6, 5], expected height and width of an input with 3 channels",
    ],
    [
      "order",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, order: "luma" } }] },
      "inputs[0].image.size is [6, 5], expected height and width of an input with 1 channel",
    ],
    [
      "order",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, order: "grb" } }] },
      'inputs[0].image.order is "grb", expected one of rgb, bgr, luma',
    ],
    [
      "fit",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, fit: "pad" } }] },
      'inputs[0].image.fit is "pad", expected one of crop, stretch',
    ],
    [
      "interpolation",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, interpolation: 1 } }] },
      "inputs[0].image.interpolation is 1, expected one of nearest, bilinear, bicubic",
    ],
    [
      "resize",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, resize: undefined } }] },
      "inputs[0].image.resize is absent, expected at least 6",
    ],
    [
      "resize",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, resize: 4 } }] },
      "inputs[0].image.resize is 4, expected at least 6",
    ],
    [
      "mean",
      { inputs: [{ name: "image", shape: [3, 6, 5], image: { ...image, mean: [0] } }] },
      "inputs[0].image.mean is [0], expected a list of 3",
    ],
  ])("of a wrong %s is refused: %j", (_, changes, told) => {
    const message = refusal(() => parse({ ...fakeManifest, ...changes }));
    expect(message).toContain(`manifest.json says that `);
    expect(message).toContain(told);
    expect(message).toMatch(/\.$/);
  });

  it.each([
    ["", "manifest.json is empty."],
    ["{", "manifest.json is not JSON."],
    ["[]", "manifest.json holds [], expected an object."],
    ["null", "manifest.json holds null, expected an object."],
    ['"x"', 'manifest.json holds "x", expected an object.'],
  ])("that is %j says so", (text, message) => {
    expect(refusal(() => parseManifest("manifest.json", text))).toBe(message);
  });

  it("brings nothing along that nobody asked for, and no prototype", () => {
    const text = JSON.stringify({ ...fakeManifest, stranger: 1, settings: 0 }).replace(
      '"settings":0',
      '"settings":{"__proto__":3},"__proto__":{"labels":["x"]}',
    );
    const read = parseManifest("manifest.json", text);
    expect(Object.keys(read)).not.toContain("stranger");
    expect(read.labels).toBeUndefined();
    expect(Object.getPrototypeOf(read)).toBe(Object.prototype);
    expect(Object.entries(read.settings)).toEqual([["__proto__", 3]]);
    expect(Object.getPrototypeOf(read.settings)).toBe(Object.prototype);
  });

  it("of any kind is a manifest or a named error", () => {
    const fields = Object.keys(fakeManifest);
    const changed = fc.tuple(fc.constantFrom(...fields), fc.jsonValue());
    fc.assert(
      fc.property(changed, fc.jsonValue(), ([field, value], whole) => {
        for (const each of [{ ...fakeManifest, [field]: value }, whole]) {
          expect(typeof refusal(() => parse(each))).toBe("string");
        }
      }),
      { numRuns: 500 },
    );
  });
});
