/** Means, stds, orders and ranges that contradict one another are told; those that people use are not. */
import { describe, expect, test } from "vitest";
import { check } from "../support/check.js";

const spec = (args: string): string =>
  `model M { input image: f32[3, 32, 32] from image(${args}) output y: linear(10) -> softmax }`;

const found = (args: string): (string | undefined)[][] =>
  check(spec(args)).diagnostics.map(({ code, help }) => [code.replace("style/image-", ""), help]);

describe("nothing is said of", () => {
  test.each([
    ["nothing", "order: rgb"],
    ["torchvision's", "mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]"],
    [
      "torchvision's in bytes",
      "range: 255, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375]",
    ],
    [
      "the same from blue to red",
      "order: bgr, mean: [0.406, 0.456, 0.485], std: [0.225, 0.224, 0.229]",
    ],
    ["Caffe's", "order: bgr, range: 255, mean: [104, 117, 123]"],
    ["Keras's caffe", "order: bgr, range: 255, mean: [103.939, 116.779, 123.68]"],
    ["VGG's in TensorFlow", "range: 255, mean: [123.68, 116.779, 103.939]"],
    ["Keras's tf", "range: 255, mean: 127.5, std: 127.5"],
    ["Inception's", "mean: 0.5, std: 0.5"],
    ["the same with a range of 2", "range: 2, mean: 1"],
    ["the same in bgr", "order: bgr, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5]"],
    [
      "CLIP's",
      "mean: [0.48145466, 0.4578275, 0.40821073], std: [0.26862954, 0.26130258, 0.27577711]",
    ],
    ["CIFAR-10's", "mean: [0.4914, 0.4822, 0.4465], std: [0.2023, 0.1994, 0.2010]"],
    ["CIFAR-100's", "mean: [0.5071, 0.4865, 0.4409], std: [0.2673, 0.2564, 0.2762]"],
    ["a scale alone", "range: 255, std: 255"],
    ["a scale by 256", "range: 255, std: 256"],
    ["a mean alone", "mean: [0.485, 0.456, 0.406]"],
    ["a std without a mean on purpose", "mean: 0, std: 0.5"],
    ["a mean of one's own, blue lowest or highest", "order: bgr, mean: [0.3, 0.35, 0.2], std: 0.2"],
    ["MXNet's", "range: 255, mean: [123.68, 116.78, 103.94], std: 58.8"],
    ["values between 1 and 2", "mean: -1"],
  ])("%s", (_, args) => {
    expect(found(args)).toEqual([]);
  });
});

describe("what contradicts is told with what to write", () => {
  test.each([
    [
      "order: bgr, mean: [0.485, 0.456, 0.406]",
      "order",
      "order: rgb, or mean: [0.406, 0.456, 0.485]",
    ],
    ["mean: [0.406, 0.456, 0.485]", "order", "order: bgr, or mean: [0.485, 0.456, 0.406]"],
    [
      "order: bgr, range: 255, mean: [123.68, 116.779, 103.939]",
      "order",
      "order: rgb, or mean: [103.939, 116.779, 123.68]",
    ],
    ["range: 255, mean: [104, 117, 123]", "order", "order: bgr, or mean: [123, 117, 104]"],
    [
      "order: bgr, mean: [0.4914, 0.4822, 0.4465], std: [0.2470, 0.2435, 0.2616]",
      "order",
      "order: rgb, or mean: [0.4465, 0.4822, 0.4914] and std: [0.2616, 0.2435, 0.247]",
    ],
    [
      "order: bgr, mean: [0.406, 0.456, 0.485], std: [0.229, 0.224, 0.225]",
      "order",
      "std: [0.225, 0.224, 0.229]",
    ],
    ["mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375]", "range", "range: 255"],
    ["mean: 127.5, std: 127.5", "range", "range: 255"],
    ["mean: 100", "range", "range: 255"],
    [
      "mean: [123.675, 116.28, 103.53], std: [0.229, 0.224, 0.225]",
      "range",
      "mean: [0.485, 0.456, 0.406]",
    ],
    ["range: 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]", "range", "range: 1"],
    ["range: 255, mean: 0.5", "range", "range: 1"],
    ["range: 255, mean: 0.5, std: 127.5", "range", "mean: 127.5"],
    ["range: 255, mean: 127.5, std: 0.5", "range", "std: 127.5"],
    ["range: 255, mean: [123.68, 116.78, 103.94], std: 0.017", "range", "std: 58.82"],
    ["mean: 0.5, std: 127.5", "range", "std: 0.5"],
    ["std: 255", "range", "range: 255"],
    ["std: 0.5", "mean", "mean: 0.5, or mean: 0 if nothing is to be subtracted"],
    [
      "range: 255, std: [58.395, 57.12, 57.375]",
      "mean",
      "mean: [123.7, 116.3, 103.5], or mean: 0 if nothing is to be subtracted",
    ],
    [
      "order: bgr, std: [0.225, 0.224, 0.229]",
      "mean",
      "mean: [0.406, 0.456, 0.485], or mean: 0 if nothing is to be subtracted",
    ],
    ["std: [0.3, 0.2, 0.1]", "mean", "mean: 0 if nothing is to be subtracted"],
  ])("%s", (args, code, help) => {
    expect(found(args)).toEqual([[code, `write ${help}`]]);
  });

  test("an order and a range may both be wrong", () => {
    expect(found("mean: [104, 117, 123]").map(([code]) => code)).toEqual(["order", "range"]);
  });

  test("a mean that no pixel can have is told, though nothing is known to write", () => {
    expect(found("range: 255, mean: 1000")).toEqual([["range", undefined]]);
  });

  test("written into the spec, it is silent", () => {
    const text = spec("order: bgr, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225]");
    for (const { edits } of check(text).diagnostics[0]!.suggestions) {
      const mended = [...edits]
        .sort((a, b) => b.span.start - a.span.start)
        .reduce(
          (all, { span, text: t }) => all.slice(0, span.start) + t + all.slice(span.end),
          text,
        );
      expect(check(mended).diagnostics).toEqual([]);
    }
  });

  test("and is allowed where it is meant", () => {
    const args = "\n// allow style/image-mean: the weights were trained so\nstd: 0.5";
    expect(found(args)).toEqual([]);
  });
});
