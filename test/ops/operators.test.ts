/** What an operator promises before it is built is what it builds. */
import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import type { Operator } from "../../src/ops/operator.js";
import type { Builder, BuildValue, Primitive } from "../../src/ops/primitive.js";
import { operators, primitives } from "../../src/ops/registry.js";
import { elements, type Shape } from "../../src/ops/shape.js";

interface Built {
  readonly output: Shape;
  readonly nodes: readonly string[];
  /** Suffix below the step's path, and shape. */
  readonly weights: Readonly<Record<string, Shape>>;
  readonly macs: number;
}

function build(operator: Operator, input: Shape, args: unknown): Built {
  const nodes: string[] = [];
  const weights: Record<string, Shape> = {};
  let macs = 0;
  const builder: Builder = {
    node<A>(
      primitive: Primitive<A>,
      inputs: readonly BuildValue[],
      attrs: A,
      names: Readonly<Record<string, string>> = {},
    ): BuildValue {
      const shapes = inputs.map(({ shape }) => shape);
      nodes.push(`${primitive.name} ${primitive.format(attrs)}`.trim());
      const roles = primitive.weights(shapes, attrs);
      expect(Object.keys(names)).toEqual(Object.keys(roles));
      for (const [role, suffix] of Object.entries(names)) weights[suffix] = roles[role]!;
      macs += primitive.macs(shapes, attrs);
      return { shape: primitive.infer(shapes, attrs)[0]! };
    },
  };
  return { output: operator.build(builder, { shape: input }, args).shape, nodes, weights, macs };
}

const named = (name: string): Operator => operators.get(name)!;

/** Arguments as the signature completes them. */
const args = (name: string, given: Record<string, unknown>): unknown =>
  named(name).signature.complete(new Map(Object.entries(given)));

const bn = { eps: 1e-3, momentum: 0.1, affine: true };
const image: Shape = [6, 9, 11];

describe("each operator", () => {
  it.each<[string, Record<string, unknown>, Shape, string[]]>([
    ["conv", { kernel: { kernel: [3, 3] }, channels: 8 }, [8, 9, 11], ["conv 3x3 8 pad 1"]],
    [
      "conv",
      {
        kernel: { kernel: [7, 5], stride: [2, 2] },
        channels: 8,
        pad: [3, 2],
        act: "relu",
        norm: bn,
      },
      [8, 5, 6],
      ["conv 7x5/2 8 pad 3x2 no bias", "batchnorm eps 0.001", "relu"],
    ],
    [
      "conv",
      {
        kernel: { kernel: [3, 3] },
        channels: 4,
        groups: 2,
        dilation: [2, 2],
        pad: "same",
        bias: true,
      },
      [4, 9, 11],
      ["conv 3x3 4 pad 2 dilation 2 groups 2"],
    ],
    [
      "convtranspose",
      {
        kernel: { kernel: [3, 4], stride: [2, 3] },
        channels: 8,
        pad: { top: 1, bottom: 0, left: 1, right: 1 },
        output_pad: [1, 0],
        groups: 2,
        act: "relu",
      },
      [8, 19, 32],
      ["convtranspose 3x4/2x3 8 pad 1,1,0,1 output pad 1x0 groups 2", "relu"],
    ],
    [
      "depthwise",
      { kernel: { kernel: [3, 3], stride: [2, 2] }, multiplier: 2, pad: "tf_same", act: "tanh" },
      [12, 5, 6],
      ["conv 3x3/2 12 pad 1 groups 6", "tanh"],
    ],
    ["maxpool", { kernel: { kernel: [2, 3] } }, [6, 4, 3], ["maxpool 2x3/2x3"]],
    [
      "maxpool",
      { kernel: { kernel: [3, 3], stride: [2, 2] }, ceil: true },
      [6, 4, 5],
      ["maxpool 3x3/2 ceil"],
    ],
    [
      "avgpool",
      { kernel: { kernel: [3, 3], stride: [1, 1] }, pad: "tf_same" },
      [6, 9, 11],
      ["avgpool 3x3 pad 1 padding not counted"],
    ],
    [
      "maxpool",
      { kernel: { kernel: [3, 3] }, pad: { top: 0, bottom: 1, left: 2, right: 1 } },
      [6, 3, 4],
      ["maxpool 3x3/3 pad 0,2,1,1"],
    ],
    ["globalavgpool", {}, [6, 1, 1], ["adaptiveavgpool 1x1"]],
    ["globalmaxpool", {}, [6, 1, 1], ["maxpool 9x11"]],
    ["upsample", { factor: [2, 3] }, [6, 18, 33], ["upsample 2x3"]],
    ["upsample", { factor: [2, 3], mode: "bilinear" }, [6, 18, 33], ["bilinear 2x3"]],
    ["slice", { from: 1, to: 4 }, [3, 9, 11], ["slice 1..3"]],
    [
      "maxpool",
      { kernel: { kernel: [3, 2], stride: [2, 2] }, pad: [1, 0], ceil: true, dilation: [2, 3] },
      [6, 4, 5],
      ["maxpool 3x2/2 pad 1x0 dilation 2x3 ceil"],
    ],
    ["shuffle", { groups: 3 }, [6, 9, 11], ["shuffle 3 groups"]],
    ["zeropad", { pad: [1, 2] }, [6, 11, 15], ["zeropad 1x2"]],
    [
      "zeropad",
      { pad: { top: 0, bottom: 1, left: 2, right: 3 } },
      [6, 10, 16],
      ["zeropad 0,2,1,3"],
    ],
    ["adaptiveavgpool", { size: [2, 3] }, [6, 2, 3], ["adaptiveavgpool 2x3"]],
    ["linear", { features: 10, bias: false }, [10], ["linear 10 no bias"]],
    ["batchnorm", { affine: false }, image, ["batchnorm eps 0.00001 not affine"]],
    ["batchnorm", { scale: false }, image, ["batchnorm eps 0.00001 no scale"]],
    ["batchnorm", { shift: false }, image, ["batchnorm eps 0.00001 no shift"]],
    ["batchnorm", { affine: false, shift: true }, image, ["batchnorm eps 0.00001 no scale"]],
    ["groupnorm", { groups: 3 }, image, ["groupnorm 3 groups eps 0.00001"]],
    ["layernorm", { affine: false }, image, ["layernorm eps 0.00001 not affine"]],
    ["l2norm", { scale: 20 }, image, ["l2norm eps 1e-10"]],
    ["lrn", { size: 5 }, image, ["lrn 5 alpha 0.0001 beta 0.75 k 1"]],
    ["relu", {}, image, ["relu"]],
    ["sigmoid", {}, image, ["sigmoid"]],
    ["tanh", {}, image, ["tanh"]],
    ["relu6", {}, image, ["relu6"]],
    ["leakyrelu", { slope: 0.2 }, image, ["leakyrelu 0.2"]],
    ["elu", {}, image, ["elu 1"]],
    ["gelu", {}, image, ["gelu"]],
    [
      "conv",
      { kernel: { kernel: [1, 1] }, channels: 8, act: { activation: "elu", alpha: 0.5 } },
      [8, 9, 11],
      ["conv 1x1 8", "elu 0.5"],
    ],
    ["prelu", {}, image, ["prelu"]],
    ["prelu", { shared: true }, image, ["prelu shared"]],
    ["softmax", {}, image, ["softmax"]],
    ["softmax", { axis: "height" }, image, ["softmax height"]],
    ["logsoftmax", {}, image, ["logsoftmax"]],
    ["logsoftmax", { axis: "width" }, image, ["logsoftmax width"]],
    ["dropout", { p: 0.5 }, image, ["dropout 0.5"]],
    ["flatten", {}, [594], ["flatten"]],
    ["identity", {}, image, ["identity"]],
    ["scale", { scale: [2], shift: [1] }, image, ["scale 2 shift 1"]],
    ["expect", { channels: 6, height: 9, width: 11 }, image, []],
  ])("%s %o", (name, given, output, nodes) => {
    const operator = named(name);
    const read = args(name, given);
    const built = build(operator, image, read);
    expect(operator.shape(image, read)).toEqual(output);
    expect(built.output).toEqual(output);
    expect(built.nodes.map((node) => node.replace("1e-5", "0.00001"))).toEqual(nodes);
    const parameters = operator.parameters(image, read);
    expect(Object.fromEntries(parameters.map(({ suffix, shape }) => [suffix, shape]))).toEqual(
      built.weights,
    );
  });

  it("is described, its positional arguments first", () => {
    for (const [name, operator] of operators) {
      expect(operator.name).toBe(name);
      expect(operator.doc).toMatch(/\.$/);
      const table = [...operator.signature.args.values()];
      const places = table.map(({ positional }) => positional);
      expect(places).toEqual([...places].sort((a, b) => Number(b) - Number(a)));
      for (const { doc, kind } of table) {
        expect(doc).toMatch(/\.$/);
        expect(kind.expected).not.toBe("");
      }
    }
  });

  it("has primitives whose tolerance a judge can hold", () => {
    for (const [name, { tolerance }] of primitives) {
      expect(tolerance, name).toBeLessThanOrEqual(2e-6);
    }
  });
});

describe("parameters", () => {
  test("of a convolution with a norm lie below conv and bn", () => {
    const given = args("conv", { kernel: { kernel: [3, 5] }, channels: 8, norm: bn, groups: 2 });
    expect(named("conv").parameters(image, given)).toEqual([
      { suffix: "conv.weight", shape: [8, 3, 3, 5], role: "weight", fanIn: 45 },
      { suffix: "bn.weight", shape: [8], role: "gamma", fanIn: 0 },
      { suffix: "bn.bias", shape: [8], role: "beta", fanIn: 0 },
      { suffix: "bn.running_mean", shape: [8], role: "running_mean", fanIn: 0 },
      { suffix: "bn.running_var", shape: [8], role: "running_var", fanIn: 0 },
    ]);
  });

  test("of a depthwise convolution see one channel each", () => {
    const given = args("depthwise", { kernel: { kernel: [3, 3] }, multiplier: 3 });
    expect(named("depthwise").parameters(image, given)[0]).toMatchObject({
      shape: [18, 1, 3, 3],
      fanIn: 9,
    });
  });

  test("of a prelu are slopes that begin at a quarter", () => {
    const slope = { suffix: "weight", role: "gamma", fanIn: 0, initial: 0.25 };
    const parameters = (input: Shape, given: Record<string, unknown>) =>
      named("prelu").parameters(input, args("prelu", given));
    expect(parameters(image, {})).toEqual([{ ...slope, shape: [6] }]);
    expect(parameters(image, { shared: true })).toEqual([{ ...slope, shape: [1] }]);
    expect(parameters([7], {})).toEqual([{ ...slope, shape: [7] }]);
  });

  test("of a linear take everything", () => {
    expect(named("linear").parameters(image, args("linear", { features: 4 }))).toEqual([
      { suffix: "weight", shape: [4, 594], role: "weight", fanIn: 594 },
      { suffix: "bias", shape: [4], role: "bias", fanIn: 0 },
    ]);
  });
});

test("multiply-adds of a convolution are its weights times its pixels", () => {
  const side = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(side, side, side, side, fc.constantFrom(1, 3), (c, n, h, w, k) => {
      const given = args("conv", { kernel: { kernel: [k, k] }, channels: n });
      const { macs, weights } = build(named("conv"), [c, h, w], given);
      expect(macs).toBe(elements(weights["weight"]!) * h * w);
    }),
  );
});
