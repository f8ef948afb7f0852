import { describe, expect, test } from "vitest";
import { foldScale } from "../../../src/import/normal/fold-scale.js";
import { joinSlices } from "../../../src/import/normal/join-slices.js";
import { mergeScales } from "../../../src/import/normal/merge-scales.js";
import { scaledAdd } from "../../../src/import/normal/scaled-add.js";
import { scalesAsWeights } from "../../../src/import/normal/scales-as-weights.js";
import type { Value } from "../../../src/graph/value.js";
import { activationPrimitives } from "../../../src/ops/activations.js";
import { convTranspose2d, type ConvTransposeAttrs } from "../../../src/ops/convtranspose2d.js";
import { slice } from "../../../src/ops/joins/concat.js";
import { linear } from "../../../src/ops/linear.js";
import { scale } from "../../../src/ops/scale.js";
import { noPads } from "../../../src/ops/window.js";
import { GraphWriter } from "../../support/graphs.js";
import { expectUntouched, held, rowsOf } from "./hold.js";

const { relu } = activationPrimitives;

const scaled = (
  w: GraphWriter,
  name: string,
  x: Value,
  factor: number | readonly number[],
  shift: number | readonly number[] = 0,
): Value => {
  const list = (numbers: number | readonly number[]): readonly number[] =>
    typeof numbers === "number" ? [numbers] : numbers;
  return w.node(name, scale, [x], { scale: list(factor), shift: list(shift) });
};

/** What rounding weights to f32 makes of a result. */
const rounding = 2e-7;

describe("two scales", () => {
  test("one after the other are one", async () => {
    const w = new GraphWriter([3, 2, 2]);
    const a = scaled(w, "a", w.input, 2, [1, 2, 3]);
    const b = scaled(w, "b", a, [1, 2, 3], 5);
    const after = await held(w.output(scaled(w, "c", b, 1, 1)).graph(), [mergeScales]);
    expect(rowsOf(after)).toEqual(["c : 3 x 2x2 = scale [2, 4, 6] shift [7, 10, 15] (image)"]);
  });

  test("stay apart where the first one's value is needed elsewhere", async () => {
    const w = new GraphWriter([3, 2, 2]);
    const a = scaled(w, "a", w.input, 2);
    const b = scaled(w, "b", a, 3);
    await expectUntouched(w.output(b).output(a).graph(), [mergeScales]);
  });
});

describe("numbers for each channel", () => {
  const four = [2, 3, 4, 0.5];

  test("are the bias of a convolution that has none", async () => {
    const w = new GraphWriter([3, 5, 4]);
    const a = w.conv("a", w.input, 4, { size: 3, bias: false });
    const after = await held(w.output(scaled(w, "b", a, 1, four)).graph(), [foldScale]);
    expect(rowsOf(after)).toEqual([
      "b : 4 x 5x4 = conv 3x3 4 pad 1 (image) weight a.weight bias b.bias",
    ]);
    expect([...after.weights.values()].map(({ name }) => name)).toEqual([
      "a.weight",
      "the constants of b",
    ]);
    expect([...after.names.values()]).toEqual([["a"]]);
  });

  test.each([
    ["a convolution", (w: GraphWriter) => w.conv("a", w.input, 4, { size: 3 })],
    ["one of groups", (w: GraphWriter) => w.conv("a", w.input, 4, { groups: 2, bias: false })],
    [
      "a linear map",
      (w: GraphWriter) => w.node("a", linear, [w.input], { features: 4, bias: true }),
    ],
    ["a norm", (w: GraphWriter) => w.batchNorm("a", w.input)],
    ["a norm without a factor", (w: GraphWriter) => w.batchNorm("a", w.input, false, true)],
    ["a norm without an offset", (w: GraphWriter) => w.batchNorm("a", w.input, true, false)],
    ["a norm with neither", (w: GraphWriter) => w.batchNorm("a", w.input, false)],
  ])("go into %s", async (_, before) => {
    const w = new GraphWriter([4, 5, 4]);
    const a = before(w);
    const b = scaled(w, "b", scaled(w, "c", a, four), 1, four);
    const after = await held(w.output(b).graph(), [foldScale], rounding);
    expect(after.graph.nodes.map(({ primitive }) => primitive.name)).toEqual([
      w.graph().nodes[0]!.primitive.name,
    ]);
  });

  test.each([1, 2])("go into a transposed convolution of %i groups", async (groups) => {
    const w = new GraphWriter([6, 3, 4]);
    const attrs: ConvTransposeAttrs = {
      kernel: [2, 3],
      stride: [2, 1],
      pads: noPads,
      dilation: [1, 1],
      outputPad: [0, 0],
      ...{ groups, channels: 4, bias: groups === 1 },
    };
    const a = w.node("a", convTranspose2d, [w.input], attrs);
    const after = await held(
      w.output(scaled(w, "b", a, four, four)).graph(),
      [foldScale],
      rounding,
    );
    expect(after.graph.nodes).toHaveLength(1);
  });

  test("of one channel are a bias too, and a factor alone is none", async () => {
    const w = new GraphWriter([3, 5, 4]);
    const a = w.conv("a", w.input, 1, { bias: false });
    const b = scaled(w, "b", a, 1, 0.5);
    const after = await held(w.output(scaled(w, "c", b, 0.5)).graph(), [foldScale]);
    expect(rowsOf(after)).toEqual([
      "b : 1 x 5x4 = conv 1x1 1 (image) weight a.weight bias b.bias",
      "c : 1 x 5x4 = scale 0.5 shift 0 (b)",
    ]);
  });

  test("stay apart where the value between is needed elsewhere, or nothing takes them", async () => {
    const w = new GraphWriter([4, 5, 4]);
    const a = w.conv("a", w.input, 4);
    const r = w.node("r", relu, [scaled(w, "b", a, four)], {});
    const graph = w
      .output(a)
      .output(scaled(w, "c", r, four))
      .graph();
    await expectUntouched(graph, [foldScale]);
  });

  test("are a depthwise convolution where they are many", async () => {
    const w = new GraphWriter([5, 3, 2]);
    const many = [1, 2, 3, 4, 5];
    const r = w.node("r", relu, [scaled(w, "b", w.input, many)], {});
    const after = await held(w.output(scaled(w, "c", r, 2, many)).graph(), [scalesAsWeights]);
    expect(rowsOf(after)).toEqual([
      "b : 5 x 3x2 = conv 1x1 5 groups 5 no bias (image) weight b.weight",
      "r : 5 x 3x2 = relu (b)",
      "c : 5 x 3x2 = conv 1x1 5 groups 5 (r) weight c.weight bias c.bias",
    ]);
  });

  test("are a norm where they are many, of a vector", async () => {
    const w = new GraphWriter([5]);
    const many = [1, 2, 3, 4, 5];
    const r = w.node("r", relu, [scaled(w, "b", w.input, many, many)], {});
    const v = w.node("v", relu, [scaled(w, "c", r, many)], {});
    const after = await held(
      w.output(scaled(w, "d", v, 1, many)).graph(),
      [scalesAsWeights],
      rounding,
    );
    expect(after.graph.nodes.map(({ primitive }) => primitive.name)).toEqual([
      "batchnorm",
      "relu",
      "batchnorm",
      "relu",
      "batchnorm",
    ]);
    const roles = after.graph.nodes.map(({ weights }) => Object.keys(weights));
    const statistics = ["running_mean", "running_var"];
    expect(roles.filter(({ length }) => length > 0)).toEqual([
      ["weight", "bias", ...statistics],
      ["weight", ...statistics],
      ["bias", ...statistics],
    ]);
  });

  test("stay a list where they are few, or one", async () => {
    const w = new GraphWriter([4, 3, 2]);
    const r = w.node("r", relu, [scaled(w, "b", w.input, four)], {});
    const v = w.node("v", linear, [scaled(w, "c", r, 2)], { features: 4, bias: true });
    const s = w.node("s", relu, [v], {});
    await expectUntouched(w.output(scaled(w, "d", s, four)).graph(), [scalesAsWeights]);
  });
});

describe("slices that a concat brings together", () => {
  const cut = (w: GraphWriter, x: Value, from: number, count: number): Value =>
    w.node(`${x.name}.${from}+${count}`, slice, [x], { from, count });

  test("each scaled, are one scale of the value", async () => {
    const w = new GraphWriter([3, 2, 2]);
    const [r, g, b] = [0, 1, 2].map((c) => cut(w, w.input, c, 1)) as [Value, Value, Value];
    const parts = [scaled(w, "r", r, 2, 5), scaled(w, "g", g, 3, 6), b];
    const after = await held(w.output(w.concat("y", ...parts)).graph(), [joinSlices]);
    expect(rowsOf(after)).toEqual(["y : 3 x 2x2 = scale [2, 3, 1] shift [5, 6, 0] (image)"]);
  });

  test("are the value, or a longer slice of it", async () => {
    const w = new GraphWriter([6, 2, 2]);
    const r = w.node("r", relu, [w.input], {});
    const all = w.concat("all", cut(w, r, 0, 2), cut(w, r, 2, 4));
    const some = w.concat(
      "some",
      cut(w, r, 3, 1),
      all,
      cut(w, w.input, 1, 2),
      cut(w, w.input, 3, 1),
    );
    const graph = w
      .output(some)
      .output(cut(w, cut(w, r, 1, 4), 1, 2), "inner")
      .graph();
    const after = await held(graph, [joinSlices]);
    expect(rowsOf(after)).toEqual([
      "r : 6 x 2x2 = relu (image)",
      "r.3+1 : 1 x 2x2 = slice 3..3 (r)",
      "some:slice : 3 x 2x2 = slice 1..3 (image)",
      "some : 10 x 2x2 = concat (r.3+1, r, some:slice)",
      "r.1+4.1+2 : 2 x 2x2 = slice 2..3 (r)",
    ]);
  });

  test("stay where they are in another order, of two values, or scaled for others too", async () => {
    const w = new GraphWriter([4, 2, 2]);
    const r = w.node("r", relu, [w.input], {});
    const turned = w.concat("turned", cut(w, r, 2, 2), cut(w, r, 0, 2));
    const mixed = w.concat("mixed", cut(w, w.input, 0, 2), cut(w, turned, 2, 2));
    const s = scaled(w, "s", cut(w, mixed, 0, 1), 2, 1);
    const shared = w.concat("shared", s, cut(w, mixed, 1, 3));
    await expectUntouched(w.output(shared).output(s).graph(), [joinSlices]);
  });
});

describe("a factor of one term", () => {
  test.each([true, false])("is that of the sum (%s)", async (first) => {
    const w = new GraphWriter([3, 2, 2]);
    const a = scaled(w, "s", w.conv("a", w.input, 3), 0.17);
    const y = first ? w.add("y", a, w.input) : w.add("y", w.input, a);
    const after = await held(w.output(y).graph());
    expect(rowsOf(after).at(-1)).toBe("y : 3 x 2x2 = add scales 1, 0.17 (image, a)");
  });

  test("stays where both have one, where it has a shift, and where others need it", async () => {
    const w = new GraphWriter([3, 2, 2]);
    const a = scaled(w, "a", w.input, 2);
    const b = scaled(w, "b", w.input, 3);
    const y = w.add("y", a, b);
    const z = w.add("z", scaled(w, "c", y, 2, 1), w.input);
    const d = scaled(w, "d", z, 2);
    const e = w.add("e", d, w.input);
    const f = w.add("f", scaled(w, "g", e, [1, 2, 3]), w.input);
    await expectUntouched(w.output(f).output(d).graph(), [scaledAdd]);
  });
});
