import { describe, expect, it } from "vitest";
import type { Shape } from "../../../src/ops/shape.js";
import { orderNote } from "../../../src/cli/picture-order.js";
import { type Known, likelyCauses } from "../../../src/runtime/weights/causes.js";
import type { GivenTensor } from "../../../src/runtime/weights/given.js";
import { matchWeights } from "../../../src/runtime/weights/match.js";
import type { RandomParameter } from "../../../src/runtime/weights/random.js";
import { requireMatch } from "../../../src/runtime/weights/require-match.js";
import { otherForm } from "../../../src/runtime/weights/shape-cause.js";

const parameter = (
  name: string,
  role: RandomParameter["role"],
  ...shape: number[]
): RandomParameter => ({ name, role, shape, fanIn: 0 });

const parameters = [
  parameter("stem.weight", "weight", 8, 3, 7, 7),
  parameter("stem.bias", "bias", 8),
  parameter("body.weight", "weight", 16, 8, 3, 3),
  parameter("body.bias", "bias", 16),
  parameter("head.weight", "weight", 10, 16),
  parameter("head.bias", "bias", 10),
];

/** What is said of a file that has the parameters but for these changes; `null` takes one out. */
function said(
  changes: Readonly<Record<string, Shape | null>>,
  known: Partial<Known> = {},
): readonly string[] {
  const own = known.parameters ?? parameters;
  const shapes = new Map<string, Shape>(own.map(({ name, shape }) => [name, shape]));
  for (const [name, shape] of Object.entries(changes)) {
    if (shape === null) shapes.delete(name);
    else shapes.set(name, shape);
  }
  const given = [...shapes].map(([name, shape]): GivenTensor => ({ name, shape }));
  const match = matchWeights(own, given);
  return likelyCauses(match, { parameters: own, ...known }).map(
    ({ names, text }) => `${names.join(", ")}: ${text}`,
  );
}

describe("a tensor of another shape", () => {
  it.each<[expected: Shape, given: Shape, says: string]>([
    [[10, 16], [16, 10], "in x out, as Keras and TensorFlow have it: save it as out x in"],
    [[8, 3, 7, 7], [7, 7, 3, 8], "h x w x in x out, as Keras and TensorFlow have it"],
    [[16, 1, 3, 3], [3, 3, 16, 1], "h x w x in x multiplier"],
    [[8, 3, 7, 7], [8, 7, 7, 3], "out x h x w x in, with the channels last"],
    [[10, 16], [1, 1, 16, 10], "1 x 1 x in x out"],
    [[10, 16], [1, 1, 10, 16], "the same values with sizes of 1 beside"],
    [[10, 16], [10, 16, 1, 1], "a 1x1 convolution there"],
    [[10, 16, 1, 1], [10, 16], "a linear layer there"],
    [[10, 16, 1, 1], [16, 10], "in x out, as Keras and TensorFlow have it"],
    [[10], [1, 1, 1, 10], "the same values with sizes of 1 beside"],
  ])("%j as %j", (expected, given, says) => {
    expect(otherForm(expected, given)).toContain(says);
  });

  it.each<[expected: Shape, given: Shape]>([
    [
      [10, 16],
      [10, 17],
    ],
    [
      [8, 3, 7, 7],
      [8, 4, 7, 7],
    ],
    [
      [6, 4],
      [3, 8],
    ],
  ])("%j as %j says nothing of a form", (expected, given) => {
    expect(otherForm(expected, given)).toBeUndefined();
  });

  it("may be a stem for other pictures, and no other layer is one", () => {
    const text = "the file's first layer reads 1 channel, the spec's 3: write input …: f32[1, …]";
    expect(said({ "stem.weight": [8, 1, 7, 7] })).toEqual([`stem.weight: ${text}`]);
    expect(said({ "body.weight": [16, 1, 3, 3] })).toEqual([]);
  });

  it("may be a head of other classes, and the model's parameter says how many", () => {
    const changes = { "head.weight": [1000, 16], "head.bias": [1000] };
    const text = "head.weight, head.bias: the file has 1,000 classes, the spec 10";
    expect(said(changes)).toEqual([text]);
    expect(said(changes, { settings: { classes: 10, width: 3 } })).toEqual([
      `${text}: --set classes=1000`,
    ]);
    expect(said(changes, { settings: { classes: 10, depth: 10 } })).toEqual([text]);
    const more = said({ "head.weight": [11, 16], "head.bias": [11] }, { settings: { n: 10 } });
    expect(more[0]).toMatch(/11 classes, one of them perhaps for the background.*: --set n=11$/);
    expect(said({ "body.weight": [17, 8, 3, 3] })).toEqual([]);
  });
});

describe("norms on one side", () => {
  const running = { "bn.running_mean": [8], "bn.running_var": [8], "bn.weight": [8] };

  it("are named where the spec has biases in their place", () => {
    const [text] = said({ "stem.bias": null, ...running });
    expect(text).toBe(
      "stem.bias: the file has batch norms (bn.running_mean) in place of biases: " +
        "is norm: batchnorm missing in the spec?",
    );
    expect(said({ "stem.running_mean": [8] })[0]).toContain("(stem.running_mean): is norm");
  });

  it("are named where the file has folded them into biases", () => {
    const own = [
      parameter("c.conv.weight", "weight", 8, 3, 3, 3),
      parameter("c.bn.running_mean", "running_mean", 8),
      parameter("c.bn.running_var", "running_var", 8),
    ];
    const changes = {
      "c.bn.running_mean": null,
      "c.bn.running_var": null,
      "c.conv.bias": [8],
    };
    expect(said(changes, { parameters: own })).toEqual([
      "c.bn.running_mean, c.bn.running_var: the file has biases (c.conv.bias) and no batch norms: " +
        "are they folded in? Leave norm: batchnorm out of the spec",
    ]);
    // One that lacks a norm of several is another network.
    const others = [...own, parameter("d.running_mean", "running_mean", 8)];
    expect(said(changes, { parameters: others })).toEqual([]);
  });

  it("that both have are no matter", () => {
    expect(said({})).toEqual([]);
    expect(said({ "extra.running_mean": [8], "extra.weight": [8] })).toHaveLength(1);
  });
});

it("is the help of what loading throws", () => {
  const given = parameters.map(({ name, shape }) => ({ name, shape: [...shape].reverse() }));
  const match = matchWeights(parameters, given);
  const causes = likelyCauses(match, { parameters });
  expect(() => requireMatch(match, "w", given, causes)).toThrow(
    expect.objectContaining({
      code: "weights/shape",
      help: "the file has it as h x w x in x out, as Keras and TensorFlow have it: save it as out x in x h x w",
    }) as Error,
  );
});

it("keeps the name of a norm's bias from being taken for the one that is missing", () => {
  const bare = parameters.filter(({ name }) => name !== "stem.bias");
  const norm = [["stem.bn.bias"], ["stem.bn.running_mean"], ["stem.bn.running_var"]] as const;
  const given: GivenTensor[] = [...bare, ...norm.map(([name]) => ({ name, shape: [8] }))];
  const match = matchWeights(parameters, given);
  expect(match.missing[0]?.nearest).toBe("stem.bn.bias");
  const causes = likelyCauses(match, { parameters });
  expect(() => requireMatch(match, "w", given, causes)).toThrow(
    expect.objectContaining({
      message: "w lacks 1 of 6 parameters: stem.bias",
      help: expect.stringContaining("is norm: batchnorm missing in the spec?") as string,
    }) as Error,
  );
});

describe("the order of a picture's channels", () => {
  const input = (order?: "rgb" | "bgr", channels = 3) => {
    const image = order && {
      ...({ size: [8, 8], fit: "crop", interpolation: "bilinear", order, range: 1 } as const),
      ...{ mean: [0, 0, 0], std: [1, 1, 1] },
    };
    const shape = [channels, 8, 8];
    return [{ shape, ...(image === undefined ? {} : { image }) }];
  };

  it("is told where the framework says another than the spec", () => {
    expect(orderNote("Caffe", input("rgb"))).toMatch(
      /blue, green, red, and the spec says order: rgb/,
    );
    expect(orderNote("Caffe", input())).toMatch(
      /the spec has no image\(…\): image\(preset: caffe\)$/,
    );
    expect(orderNote("Caffe", [...input(), ...input("rgb", 1), ...input("rgb")])).toContain(
      "says order: rgb",
    );
    expect(orderNote("PyTorch", input("bgr"))).toMatch(/red, green, blue/);
  });

  it("is nobody's business elsewhere", () => {
    for (const [framework, network] of [
      ["Caffe", input("bgr")],
      ["Caffe", [...input(), ...input("bgr")]],
      ["Caffe", input(undefined, 1)],
      ["PyTorch", input("rgb")],
      ["PyTorch", input()],
      [undefined, input("bgr")],
    ] as const) {
      expect(orderNote(framework, network)).toBeUndefined();
    }
  });
});
