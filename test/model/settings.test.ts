import { describe, expect, test } from "vitest";
import { checked, codes } from "../support/check.js";

const text = `model M(classes = 1_000, kernel = 3x3, deep = false, side) {
  input image: f32[3, side, side]
  a: conv(kernel, 4, bias: deep, act: relu)
  output y: linear(classes)
}`;

describe("parameters of a model", () => {
  test("have defaults, and are set from outside as integers, sizes and booleans", () => {
    expect(checked(text, { set: { side: "8" } }).settings).toEqual({
      classes: 1000,
      kernel: { height: 3, width: 3 },
      deep: false,
      side: 8,
    });
    const set = { side: "9", classes: "10", kernel: "1x5", deep: "true" };
    const network = checked(text, { set });
    expect(network.settings).toEqual({
      classes: 10,
      kernel: { height: 1, width: 5 },
      deep: true,
      side: 9,
    });
    expect(network.inputs[0].shape).toEqual([3, 9, 9]);
    expect(network.members.at(-1)!.chain.output).toEqual([10]);
  });

  test.each([
    [{}, ["args/missing"]],
    [{ side: "8.5" }, ["args/type", "args/type"]],
    [{ side: "8", classes: "3x3" }, ["args/setting"]],
    [{ side: "8", deep: "yes" }, ["args/setting"]],
    [{ side: "8", constructor: "1" }, ["name/unknown"]],
    [{ side: "-8" }, ["args/range", "args/range"]],
    [{ side: "99999999999999999999" }, ["args/setting"]],
    [{ side: "" }, ["args/setting"]],
  ])("%o", (set, expected) => {
    expect(codes(text, { set })).toEqual(expected);
  });

  test("choose among several models by name", () => {
    const two =
      "model A { input x: f32[4] output y: relu } model B { input x: f32[5] output y: relu }";
    expect(checked(two, { model: "B" }).inputs[0].shape).toEqual([5]);
    expect(codes(two)).toEqual(["model/ambiguous"]);
    expect(codes(two, { model: "C" })).toEqual(["model/unknown"]);
  });
});

describe("from image", () => {
  const image = (call: string, shape = "3, 24, 32") =>
    checked(`model M { input x: f32[${shape}] from ${call} output y: relu }`).inputs[0].image;

  test("takes the input's size and no change of values unless it says", () => {
    expect(image("image")).toEqual({
      size: [24, 32],
      fit: "crop",
      resize: 32,
      interpolation: "bilinear",
      order: "rgb",
      range: 1,
      mean: [0, 0, 0],
      std: [1, 1, 1],
    });
    expect(
      image(
        "image(resize: 40, crop: 24, order: bgr, range: 255, mean: [1, 2, 3], std: 0.5)",
        "3, 24, 24",
      ),
    ).toEqual({
      size: [24, 24],
      fit: "crop",
      resize: 40,
      interpolation: "bilinear",
      order: "bgr",
      range: 255,
      mean: [1, 2, 3],
      std: [0.5, 0.5, 0.5],
    });
  });

  test("may stretch, interpolate otherwise and take the luma", () => {
    expect(image("image(fit: stretch, interpolation: nearest, std: 2)", "1, 24, 32")).toEqual({
      size: [24, 32],
      fit: "stretch",
      interpolation: "nearest",
      order: "luma",
      range: 1,
      mean: [0],
      std: [2],
    });
    expect(image("image(fit: crop, interpolation: bicubic)")).toMatchObject({
      resize: 32,
      interpolation: "bicubic",
      order: "rgb",
    });
  });
});

describe("train", () => {
  const train = (fields: string) =>
    checked(`model M { input x: f32[3, 32, 32] output y: linear(2) train { ${fields} } }`).train;

  test("is kept with every default filled in", () => {
    expect(train("optimizer: adam(lr: 1e-4), epochs: 3 augment: [crop(32, pad: 4), flip]")).toEqual(
      {
        losses: [
          { kind: "cross_entropy", labelSmoothing: 0, output: "y", targets: "y", weight: 1 },
        ],
        optimizer: {
          name: "adam",
          args: { lr: 1e-4, beta1: 0.9, beta2: 0.999, eps: 1e-8, weight_decay: 0 },
        },
        schedule: { name: "constant", args: {} },
        batch: 32,
        epochs: 3,
        augment: [
          { name: "crop", args: { size: 32, pad: 4 } },
          { name: "flip", args: {} },
        ],
        init: "kaiming",
        decay: "all",
      },
    );
  });

  test.each(["sgd", "adam", "adamw", "rmsprop"])("knows %s", (name) => {
    expect(train(`optimizer: ${name}`)!.optimizer.name).toBe(name);
  });

  test.each(["constant", "step(every: 8, factor: 0.96)", "cosine(warmup: 5)"])(
    "knows %s",
    (call) => {
      expect(call.startsWith(train(`schedule: ${call}`)!.schedule.name)).toBe(true);
    },
  );
});

describe("labels", () => {
  const labelled = `model M { input x: f32[4] labels "l.txt" output y: linear(3) aux z: linear(2) }`;

  test("are one a row, trimmed, and part of what the network is made from", () => {
    const network = checked(labelled, { files: { "l.txt": "\uFEFFa cat\r\n dog \nfrog\n\n" } });
    expect(network.labels).toMatchObject({ path: "l.txt", names: ["a cat", "dog", "frog"] });
    expect(network.sources.map(({ path }) => path)).toEqual(["test.incept", "l.txt"]);
  });

  test("must be as many as an output has channels", () => {
    expect(codes(labelled, { files: { "l.txt": "cat\ndog" } })).toEqual(["labels/count"]);
    expect(codes(labelled)).toEqual(["import/not-found"]);
  });
});
