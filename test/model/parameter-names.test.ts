import { describe, expect, test } from "vitest";
import { weightKeys } from "../../src/emit/weight-keys.js";
import { checkFile } from "../../src/model/check-file.js";
import { checked, learned, parametersOf } from "../support/check.js";

/** Names of the parameters of a model with this body. */
const names = (body: string, declarations = ""): string[] =>
  parametersOf(checked(`${declarations} model M { input image: f32[8, 16, 16] ${body} }`), [
    "stage",
    "aux",
    "output",
  ]).map(({ name }) => name);

const weights = (body: string, declarations = ""): string[] =>
  names(body, declarations).filter((name) => name.endsWith("weight"));

describe("a parameter's name is its path", () => {
  test("a chain of one step adds nothing, a longer one the index of every step", () => {
    expect(names("output y: conv(1x1, 4)")).toEqual(["y.weight", "y.bias"]);
    expect(weights("output y: relu -> conv(1x1, 4) -> dropout(0.5) -> linear(2)")).toEqual([
      "y.1.weight",
      "y.3.weight",
    ]);
  });

  test("branches add their label, also in chains; joins and modules add nothing", () => {
    const module = `module A { concat { b1: conv(1x1, 4) b3: conv(1x1, 4) -> conv(3x3, 4) } }`;
    expect(weights("output y: A", module)).toEqual([
      "y.b1.weight",
      "y.b3.0.weight",
      "y.b3.1.weight",
    ]);
    expect(weights("output y: relu -> A", module)).toEqual([
      "y.1.b1.weight",
      "y.1.b3.0.weight",
      "y.1.b3.1.weight",
    ]);
    expect(weights("output y: add { a: conv(1x1, 4) b: conv(1x1, 4) }")).toEqual([
      "y.a.weight",
      "y.b.weight",
    ]);
    expect(weights("output y: residual { relu -> conv(1x1, in) }")).toEqual(["y.1.weight"]);
  });

  test("copies are numbered, a single one too", () => {
    expect(weights("output y: repeat(2) { conv(1x1, in) }")).toEqual(["y.0.weight", "y.1.weight"]);
    expect(weights("output y: repeat(1) { conv(1x1, in) }")).toEqual(["y.0.weight"]);
    expect(weights("output y: relu -> repeat(2) { relu -> conv(1x1, in) }")).toEqual([
      "y.1.0.1.weight",
      "y.1.1.1.weight",
    ]);
  });

  test("copies are numbered from what is written", () => {
    const of = (from: string) => weights(`output y: repeat(2, from: ${from}) { conv(1x1, in) }`);
    expect(of("1")).toEqual(["y.1.weight", "y.2.weight"]);
    expect(of("0")).toEqual(["y.0.weight", "y.1.weight"]);
    expect(of("2 * 4 + 1")).toEqual(["y.9.weight", "y.10.weight"]);
    expect(weights("output y: repeat(2, from: 1) { relu -> conv(1x1, in) } as b")).toEqual([
      "b.1.1.weight",
      "b.2.1.weight",
    ]);
  });

  test("where a parameter of the model says where copies begin, their names are a pattern", () => {
    const spec = `model M(k = 2) {
      input image: f32[8, 16, 16]
      a: repeat(2, from: 3) { conv(1x1, in, bias: false) }
      b: repeat(2, from: k) { conv(1x1, in, bias: false) }
      output y: repeat(k, from: 3) { conv(1x1, in, bias: false) }
    }`;
    expect(weightKeys(checked(spec)).map(({ name }) => name)).toEqual([
      "a.3.weight",
      "a.4.weight",
      "b.${number}.weight",
      "y.${number}.weight",
    ]);
  });

  test("a norm puts the convolution below conv and itself below bn", () => {
    expect(names("output y: conv(1x1, 4, norm: batchnorm)")).toEqual([
      "y.conv.weight",
      "y.bn.weight",
      "y.bn.bias",
      "y.bn.running_mean",
      "y.bn.running_var",
    ]);
  });
});

describe("as", () => {
  test("replaces the path below the model", () => {
    expect(weights("s: relu -> conv(1x1, 4) as stem -> relu output y: linear(2) as fc")).toEqual([
      "stem.weight",
      "fc.weight",
    ]);
    expect(weights('output y: relu -> conv(1x1, 4) as "features.0"')).toEqual([
      "features.0.weight",
    ]);
  });

  test("replaces it below the innermost module instance", () => {
    const module = "module Head { conv(1x1, 4) as conv -> relu -> linear(2) as fc1 }";
    expect(weights("aux loss_1: Head output y: relu -> Head", module)).toEqual([
      "loss_1.conv.weight",
      "loss_1.fc1.weight",
      "y.1.conv.weight",
      "y.1.fc1.weight",
    ]);
  });

  test("inside a branch still replaces the whole path below the module", () => {
    const module = `module A {
      concat { pool: avgpool(3x3/1, pad: same) -> conv(1x1, 4) as branch_pool other: conv(1x1, 4) }
    }`;
    expect(weights("output y: A", module)).toEqual(["y.branch_pool.weight", "y.other.weight"]);
  });

  test("on a join, a module or a repeat moves what lies inside", () => {
    const module = "module A { relu -> conv(1x1, 4) }";
    expect(weights("output y: relu -> A as body", module)).toEqual(["body.1.weight"]);
    expect(weights("output y: relu -> concat { a: conv(1x1, 4) } as join")).toEqual([
      "join.a.weight",
    ]);
    expect(weights("output y: repeat(2) { conv(1x1, in) } as blocks")).toEqual([
      "blocks.0.weight",
      "blocks.1.weight",
    ]);
  });

  test('"" adds nothing, a keyword in quotes reaches a checkpoint', () => {
    const body = `output y: repeat(2) {
        residual(scale: 0.17) {
          concat {
            branch0: conv(1x1, 4, norm: batchnorm)
            branch1: conv(1x1, 4, norm: batchnorm) -> conv(3x3, 4, norm: batchnorm)
          } as "" -> conv(1x1, in) as conv2d
        } as "" -> relu
      } as "repeat"`;
    const first = weights(body).filter((name) => name.startsWith("repeat.0."));
    expect(first).toEqual([
      "repeat.0.branch0.conv.weight",
      "repeat.0.branch0.bn.weight",
      "repeat.0.branch1.0.conv.weight",
      "repeat.0.branch1.0.bn.weight",
      "repeat.0.branch1.1.conv.weight",
      "repeat.0.branch1.1.bn.weight",
      "repeat.0.conv2d.weight",
    ]);
    expect(weights('output y: relu -> conv(1x1, 4) as ""')).toEqual(["weight"]);
  });

  test("may give a stage the parameters' names of another", () => {
    expect(weights("a: conv(1x1, 4, act: relu) as b output b: conv(1x1, 4) as a")).toEqual([
      "b.weight",
      "a.weight",
    ]);
  });
});

test.each([
  ["googlenet", 6_998_552, 13_378_280],
  ["inception-v3", 23_834_568, 27_161_264],
  ["inception-resnet-v2", 55_843_464, 55_843_464],
  ["simple-inception", 3_899_626, 3_899_626],
])("%s has the parameters of its publication", (name, count, withAux) => {
  const { network } = checkFile(`examples/${name}/${name}.incept`);
  expect(learned(parametersOf(network!))).toBe(count);
  expect(learned(parametersOf(network!, ["stage", "aux", "output"]))).toBe(withAux);
});
