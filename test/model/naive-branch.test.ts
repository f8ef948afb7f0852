/** Large kernels on many channels are told where a 1x1 before them would save half of the work. */
import { describe, expect, test } from "vitest";
import { reductionOf } from "../../src/model/lint/reduction.js";
import { convOperator, type ConvArgs } from "../../src/ops/conv.js";
import { check } from "../support/check.js";

const model = (body: string, declarations = "", channels = 256): string =>
  `defaults { conv { act: relu } } ${declarations}
   model M { input image: f32[${channels}, 16, 16] ${body} output y: identity }`;

const found = (text: string): string[] =>
  check(text).diagnostics.flatMap(({ code, message, help = "" }) =>
    code === "style/naive-branch" ? [`${message.split(" ")[0]!}: ${help}`] : [],
  );

const branch = (chain: string): string => `a: concat { b: ${chain} c: conv(1x1, 8) }`;

describe("is told", () => {
  test.each([
    ["a 3x3", "conv(3x3, 128)", "conv(1x1, 64) -> conv(3x3, 128)"],
    ["a 5x5", "conv(5x5, 32)", "conv(1x1, 16) -> conv(5x5, 32)"],
    ["a flat kernel of as many taps", "conv(1x9, 32)", "conv(1x1, 16) -> conv(1x9, 32)"],
    ["one as wide as its input", "conv(3x3, 256)", "conv(1x1, 112) -> conv(3x3, 256)"],
    [
      "one behind what keeps the shape",
      "relu -> batchnorm -> conv(3x3, 64)",
      "conv(1x1, 32) -> conv(3x3, 64)",
    ],
    [
      "one behind a pool",
      "maxpool(3x3/1, pad: same) -> conv(3x3, 64)",
      "conv(1x1, 32) -> conv(3x3, 64)",
    ],
    ["one before others", "conv(3x3, 64) -> conv(3x3, 64)", "conv(1x1, 32) -> conv(3x3, 64)"],
    ["one in a repeat", "repeat(2) { conv(3x3, 64) }", "conv(1x1, 32) -> conv(3x3, 64)"],
    [
      "one that opens a join within",
      "concat { x: conv(3x3, 64) }",
      "conv(1x1, 32) -> conv(3x3, 64)",
    ],
    ["a dilated one", "conv(3x3, 64, dilation: 2)", "conv(1x1, 32) -> conv(3x3, 64, dilation: 2)"],
    [
      "one without padding",
      "conv(3x3, 64, pad: 0) -> conv(3x3, 64, pad: 2)",
      "conv(1x1, 32) -> conv(3x3, 64, pad: 0)",
    ],
    [
      "one whose activation comes later",
      "conv(3x3, 64, bias: false, act: none) -> batchnorm -> relu",
      "conv(1x1, 32, bias: false, act: relu) -> conv(3x3, 64, bias: false, act: none)",
    ],
    [
      "one with norm and activation of its own",
      "conv(3x3, 64, norm: batchnorm, act: tanh)",
      "conv(1x1, 32, norm: batchnorm, act: tanh) -> conv(3x3, 64, norm: batchnorm, act: tanh)",
    ],
  ])("%s", (_, chain, text) => {
    expect(found(model(branch(chain)))).toEqual([
      expect.stringMatching(`^[bx]: write ${text.replace(/[()]/g, "\\$&")}$`),
    ]);
  });
});

describe("is not told", () => {
  test.each([
    ["a 1x1 before it", "conv(1x1, 64) -> conv(3x3, 128)"],
    ["a 1x1 before it, in a module", "Narrow -> conv(3x3, 128)"],
    ["a stride: the grid reduction of Inception-v3", "conv(3x3/2, 384, pad: same) -> Up"],
    ["a stride in a pool before it", "maxpool(2x2) -> conv(3x3, 64) -> Up"],
    ["factors of a kernel", "conv(1x7, 192) -> conv(7x1, 192)"],
    ["groups", "conv(3x3, 256, groups: 32)"],
    ["a depthwise step", "depthwise(3x3) -> conv(1x1, 64)"],
    ["far more channels than enter", "conv(3x3, 1024)"],
    ["a later 3x3", "conv(1x1, 64) -> conv(3x3, 192) -> conv(3x3, 192)"],
    [
      "a join behind a convolution",
      "conv(1x1, 300) -> concat { l: conv(3x3, 64) r: conv(3x3, 64) }",
    ],
    ["a residual", "residual { conv(3x3, in) }"],
  ])("%s", (_, chain) => {
    const declarations = "module Narrow { conv(1x1, 64) -> relu } module Up { identity }";
    const text = model(`a: concat { b: ${chain} }`, declarations);
    expect(check(text).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found(text)).toEqual([]);
  });

  test.each([
    ["fewer channels", model(branch("conv(3x3, 64)"), "", 127)],
    [
      "outside of a concat",
      model(
        "a: conv(3x3, 128) b: residual { conv(3x3, in) } c: add { l: conv(3x3, 64) r: conv(1x1, 64) }",
      ),
    ],
    [
      "what a 1x1 before the concat has narrowed",
      model(`r: conv(1x1, 128) -> relu ${branch("conv(3x3, 128)")}`),
    ],
    [
      "the same, opened with from",
      model(
        `r: conv(1x1, 128) s: conv(3x3, 256) a: concat { b: from r -> conv(3x3, 64) c: conv(1x1, 8) }`,
      ),
    ],
    [
      "the same, behind residuals",
      model("r: conv(1x1, 128) -> residual { conv(3x3, in) } a: concat { b: conv(3x3, 64) }"),
    ],
  ])("%s", (_, text) => {
    expect(check(text).diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(found(text)).toEqual([]);
  });

  test("128 channels are many, and a 1x1 that widens narrows nothing", () => {
    expect(found(model(branch("conv(3x3, 64)"), "", 128))).toHaveLength(1);
    expect(found(model(`r: conv(1x1, 300) ${branch("conv(3x3, 64)")}`))).toHaveLength(1);
  });
});

describe("in a module", () => {
  const naive = "module Naive(n, k) { concat { b: conv(k, n) } }";

  test("is told once, with the figures of the expansion that would save most", () => {
    const text = model(
      "a: Naive(64, 3x3) b: conv(1x1, 256) c: from image -> Naive(128, 5x5)",
      naive,
    )
      .replace("b: conv(1x1, 256)", "b: from a -> conv(1x1, 8) o: from b -> identity")
      .replace(" o: from b -> identity", "");
    const { diagnostics } = check(
      text.replace("output y", "output z: from b -> identity output y"),
    );
    expect(diagnostics).toHaveLength(1);
    expect(diagnostics[0]).toMatchObject({
      message:
        "b opens with a 5x5 on 256 channels: 209.7 M multiply-adds, where a 1x1 to 64 before it would leave 56.6 M.",
      label: "in the largest of 2 expansions",
      help: "write conv(1x1, n/2) -> conv(k, n)",
    });
  });

  test("a half is a number where it would not be whole everywhere", () => {
    const text = model(
      "a: Naive(65, 3x3) output z: identity b: from image -> Naive(128, 3x3)",
      naive,
    );
    expect(found(text)).toEqual(["b: write conv(1x1, 64) -> conv(k, n)"]);
  });
});

describe("the 1x1", () => {
  const of = (channels: number, side: number, input: number) => {
    const given: ConvArgs = convOperator.signature.complete(
      new Map<string, unknown>([
        ["kernel", { kernel: [side, side] }],
        ["channels", channels],
      ]),
    );
    return reductionOf(given, [input, 28, 28]);
  };

  test("is half as wide as the convolution, at the figures of GoogLeNet's table", () => {
    const pixels = 28 * 28;
    expect(of(32, 5, 192)).toEqual({
      width: 16,
      now: 25 * 192 * 32 * pixels,
      then: (192 * 16 + 25 * 16 * 32) * pixels,
    });
  });

  test("is as wide as still saves half, and no narrower than a quarter", () => {
    const { width, now, then } = of(256, 3, 256)!;
    expect(width).toBe(112);
    expect(then).toBeLessThanOrEqual(now / 2);
    expect(of(1024, 3, 256)).toBeUndefined();
    expect(of(1, 3, 256)).toBeUndefined();
  });
});
