import { describe, expect, it } from "vitest";
import type { NamedShape } from "../../../src/checkpoints/named-shape.js";
import { openCheckpoint } from "../../../src/checkpoints/open.js";
import { Place } from "../../../src/runtime/check-options.js";
import type { GivenTensor } from "../../../src/runtime/weights/given.js";
import { loadWeights } from "../../../src/runtime/weights/load.js";
import { matchWeights } from "../../../src/runtime/weights/match.js";
import { requireOrder } from "../../../src/runtime/weights/order.js";
import { requireMatch } from "../../../src/runtime/weights/require-match.js";
import { weightSource } from "../../../src/runtime/weights/source.js";
import { fixture } from "../../checkpoints/expected.js";
import { craft } from "../../checkpoints/safetensors/reader-cases.js";

const tensor = (name: string, ...shape: number[]): NamedShape => ({ name, shape });
const expected = [
  tensor("stem.conv.weight", 8, 3, 3, 3),
  tensor("stem.bn.weight", 8),
  tensor("stem.bn.bias", 8),
  tensor("stem.bn.running_mean", 8),
  tensor("stem.bn.running_var", 8),
  tensor("head.weight", 4, 8),
  tensor("head.bias", 4),
];
const named = (...names: readonly string[]): GivenTensor[] =>
  expected.map(({ shape }, i) => ({ name: names[i]!, shape }));
const theirs = named(
  "0.weight",
  "1.weight",
  "1.bias",
  "1.running_mean",
  "1.running_var",
  "4.weight",
  "4.bias",
);

const message = (given: readonly GivenTensor[]): string => {
  try {
    requireMatch(matchWeights(expected, given, { byOrder: true }), "w.pth", given);
  } catch (error) {
    return String(error);
  }
  return "fits";
};

describe("pairing by order", () => {
  it("goes by places and by no names", () => {
    const match = matchWeights(expected, theirs, { byOrder: true });
    expect([...match.found.values()]).toEqual(theirs.map(({ name }) => name));
    expect(match).toMatchObject({ missing: [], unused: [], extra: [], wrongShape: [] });
    // Not even where the names are the network's own.
    const swapped = named("a", "stem.bn.bias", "stem.bn.weight", "m", "v", "w", "b");
    expect(matchWeights(expected, swapped, { byOrder: true }).found.get("stem.bn.weight")).toBe(
      "stem.bn.weight",
    );
  });

  it("takes weight with weight and bias with bias of a layer, however they lie", () => {
    const [conv, ...others] = theirs;
    const caffe = [conv!, others[2]!, others[3]!, others[0]!, others[1]!, others[5]!, others[4]!];
    expect(matchWeights(expected, caffe, { byOrder: true }).found.get("head.bias")).toBe("4.bias");
    expect(message(caffe)).toBe("fits");
  });

  it("knows them by Keras' and TensorFlow's words, too", () => {
    const match = matchWeights(
      [tensor("n.weight", 4), tensor("n.bias", 4)],
      [tensor("b/n.beta", 4), tensor("b/n.gamma", 4)],
      { byOrder: true },
    );
    expect([...match.found]).toEqual([
      ["n.weight", "b/n.gamma"],
      ["n.bias", "b/n.beta"],
    ]);
  });

  it("leaves counters, integers and later layers out", () => {
    const more: GivenTensor[] = [
      { ...tensor("step", 8), dtype: "I64" },
      ...theirs.slice(0, 5),
      tensor("1.num_batches_tracked"),
      ...theirs.slice(5),
      tensor("aux.weight", 4, 8),
    ];
    expect(message(more)).toBe("fits");
    expect(matchWeights(expected, more, { byOrder: true }).unused).toEqual(["aux.weight"]);
  });

  it("names the first pair that does not agree, between its neighbours", () => {
    const given = theirs.map((one) =>
      one.name === "1.running_mean" ? { ...one, shape: [9] } : one,
    );
    expect(message(given)).toBe(
      "InceptError [weights/order]: By order w.pth has 1.running_mean where the spec has " +
        "stem.bn.running_mean, the 4th of 7:\n" +
        "    stem.bn.weight        [8]     1.weight        [8]\n" +
        "    stem.bn.bias          [8]     1.bias          [8]\n" +
        "  > stem.bn.running_mean  [8]     1.running_mean  [9]\n" +
        "    stem.bn.running_var   [8]     1.running_var   [8]\n" +
        "    head.weight           [4, 8]  4.weight        [4, 8]",
    );
    expect(matchWeights(expected, given, { byOrder: true }).found.size).toBe(3);
  });

  it("does not take a bias for a norm's factor of the same shape", () => {
    const biased = [theirs[0]!, tensor("0.bias", 8), ...theirs.slice(1)];
    expect(message(biased)).toContain(
      "has 0.bias where the spec has stem.bn.weight, the 2nd of 7:",
    );
  });

  it("tells of a file that ends early, and of a layer that has more than the spec's", () => {
    expect(message(theirs.slice(0, 6))).toMatch(
      /has nothing left for head\.bias, the 7th of 7:\n.*\n.*\n {2}> head\.bias +\[4\] +-$/,
    );
    expect(message([])).toContain("has nothing left for stem.conv.weight, the 1st of 7");
    expect(message([...theirs, tensor("4.scale", 4)])).toContain(
      "has more of the last layer than the spec: 4.scale",
    );
  });

  it("shows what is not read, and no name that a terminal would obey", () => {
    const unreadable = { what: "a quantized tensor", help: "save it as floats" };
    const given = [{ name: "q\x1b[2J\n", shape: [], unreadable }, ...theirs.slice(1)];
    expect(message(given)).toContain(
      "> stem.conv.weight  [8, 3, 3, 3]  q\\x1b[2J\\n  a quantized tensor",
    );
  });
});

describe("a file's own order", () => {
  /** One float each, which lie in this order. */
  const written = (...names: readonly string[]): Uint8Array => {
    const entries = names.map((name, i) => [
      name,
      { dtype: "F32", shape: [1], data_offsets: [4 * i, 4 * i + 4] },
    ]);
    // The header has them the other way round.
    const header = JSON.stringify(Object.fromEntries(entries.reverse()));
    return craft(header, Buffer.alloc(4 * names.length));
  };
  const unordered = async (from: string | Uint8Array): Promise<string | undefined> => {
    const checkpoint = await openCheckpoint(from, { name: "w" });
    await checkpoint.close();
    return checkpoint.unordered;
  };

  it.each<[what: string, from: string | Uint8Array, isNone: boolean]>([
    ["PyTorch", fixture("torch", "zip.pth"), false],
    ["Caffe", fixture("caffe", "layers.caffemodel"), false],
    ["Keras with its description", fixture("keras", "model.keras"), false],
    ["Keras 2", fixture("keras", "legacy.h5"), false],
    ["weights of Keras 3 alone", fixture("keras", "model.weights.h5"), true],
    ["ONNX", fixture("onnx", "typed.onnx"), false],
    ["safetensors by the order of a network", written("c.weight", "c.bias", "b.weight"), false],
    [
      "safetensors sorted by name",
      written("conv1.bias", "conv1.weight", "conv10.bias", "conv2.bias"),
      true,
    ],
    ["safetensors of one layer", written("c.bias", "c.weight"), false],
  ])("%s", async (_, from, isNone) => {
    expect((await unordered(from)) !== undefined).toBe(isNone);
  });

  it("that is none is refused with what to name", async () => {
    const sorted = written("a.weight", "b.weight");
    const source = weightSource(sorted, new Place("Net.load", "weights"));
    const parameters = [{ name: "x", shape: [1], role: "weight", fanIn: 1 }] as const;
    await expect(loadWeights(source, parameters, { byOrder: true })).rejects.toMatchObject({
      code: "weights/order",
      message:
        "weights has its tensors sorted by name, which says nothing of the order in a network.",
      help: expect.stringContaining("rename") as string,
    });
    expect(() => requireOrder({ name: "w" })).not.toThrow();
  });

  it("is that of the bytes, whatever order the header has", async () => {
    const checkpoint = await openCheckpoint(written("z.weight", "a.weight"));
    expect([...checkpoint.tensors.keys()]).toEqual(["z.weight", "a.weight"]);
  });
});
