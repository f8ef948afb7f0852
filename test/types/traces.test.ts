import { describe, expect, it } from "vitest";
import { type WeightKey, weightKeys } from "../../src/emit/weight-keys.js";
import type { NetChain, Network, NetParameter } from "../../src/model/network.js";
import { subchains } from "../../src/model/walk.js";
import { joins } from "../../src/ops/joins/joins.js";
import { operators } from "../../src/ops/registry.js";
import type { Shape } from "../../src/ops/shape.js";
import { check, checked } from "../support/check.js";
import { Random } from "../support/random.js";
import {
  parametricCall,
  parametricJoin,
  parametricSpec,
  Text,
  trials,
} from "./support/parametric.js";

interface Told {
  readonly name: string;
  readonly shape: Shape;
  readonly varies: readonly boolean[];
}

const told = ({ inputs, members }: Network): Told[] => [
  ...inputs,
  ...members.map(({ name, chain, varies }) => ({ name, shape: chain.output, varies })),
];

/** Every other value of each parameter that a text uses, and some of all of them together. */
function settings(text: string, random: Random): Record<string, string>[] {
  const body = text.slice(text.indexOf("{", text.indexOf("model")));
  const used = Object.entries(trials).filter(([name]) => new RegExp(`\\b${name}\\b`).test(body));
  const alone = used.flatMap(([name, values]) => values.slice(1).map((each) => ({ [name]: each })));
  const together = Array.from({ length: used.length > 1 ? 8 : 0 }, () =>
    Object.fromEntries(used.map(([name, values]) => [name, random.pick(values)])),
  );
  return [...alone, ...together];
}

/** The weights of a network, each with its shape. */
const weightsOf = ({ members }: Network): ReadonlyMap<string, Shape> => {
  const inside = (chain: NetChain): readonly NetParameter[] =>
    chain.steps.flatMap((step) =>
      step.kind === "op" ? step.parameters : subchains(step).flatMap(inside),
    );
  const all = members.flatMap(({ chain }) => inside(chain));
  return new Map(all.map(({ name, shape }) => [name, shape]));
};

const matches = (pattern: string, name: string): boolean =>
  new RegExp(
    `^${pattern.replaceAll(".", "\\.").replaceAll("${number}", "\\d+").replaceAll("${string}", ".+")}$`,
  ).test(name);

/** Holds the weights of one network against the keys that another one's settings gave. */
function judgeWeights(keys: readonly WeightKey[], weights: Network, where: string): void {
  const own = weightsOf(weights);
  for (const { name, isPattern, known } of keys) {
    if (isPattern) continue;
    expect(own.has(name), `${where}: ${name} is there`).toBe(true);
    own.get(name)?.forEach((side, d) => {
      if (known?.varies[d] === false) expect(side, `${where}: ${name} ${d}`).toBe(known.shape[d]);
    });
    expect(own.get(name)).toHaveLength(known?.shape.length ?? -1);
  }
  for (const name of own.keys()) {
    const told = keys.some((key) => (key.isPattern ? matches(key.name, name) : key.name === name));
    expect(told, `${where}: ${name} is told of`).toBe(true);
  }
  expect(
    weightKeys(weights).map(({ name }) => name),
    where,
  ).toEqual(keys.map(({ name }) => name));
}

/** Tries other settings; gives how many dimensions they changed, and how many are said to be fixed. */
function judge(text: string, network: Network, random: Random): [changed: number, fixed: number] {
  const changed = new Set<string>();
  for (const set of settings(text, random)) {
    const other = check(text, { set }).network;
    if (other === undefined) continue;
    judgeWeights(weightKeys(network), other, `${JSON.stringify(set)} in ${text}`);
    const now = told(other);
    for (const [i, { name, shape, varies }] of told(network).entries()) {
      const where = `${name} with ${JSON.stringify(set)} in ${text}`;
      expect(now[i]!.varies, where).toEqual(varies);
      shape.forEach((side, d) => {
        if (side === now[i]!.shape[d]) return;
        expect(varies[d], `${where}: dimension ${d}`).toBe(true);
        changed.add(`${name} ${d}`);
      });
    }
  }
  const fixed = told(network).flatMap(({ varies }) => varies.filter((each) => !each));
  return [changed.size, fixed.length];
}

describe("what a parameter may change", () => {
  /** Judges specs until so many were free of errors. */
  function judgeMany(draw: (random: Random) => string, count: number): void {
    const random = new Random(7);
    let [changed, fixed] = [0, 0];
    for (let valid = 0; valid < count;) {
      const text = draw(random);
      const { network } = check(text);
      if (network === undefined) continue;
      const [more, kept] = judge(text, network, random);
      [valid, changed, fixed] = [valid + 1, changed + more, fixed + kept];
    }
    expect(changed).toBeGreaterThan(count / 2);
    expect(fixed).toBeGreaterThan(count / 2);
  }

  it("is told of every dimension that other values do change", () => {
    judgeMany(parametricSpec, 60);
  });

  const sliding = ["conv", "depthwise", "maxpool", "avgpool"];
  it.each([...operators.keys()])("is followed through %s", (operator) => {
    judgeMany((random) => parametricCall(operator, random), sliding.includes(operator) ? 80 : 10);
  });

  it.each([...joins.keys()])("is followed through %s", (join) => {
    judgeMany((random) => parametricJoin(join, random), 60);
  });

  it("is tried on every operator and join", () => {
    const text = new Text(new Random(1));
    expect(Object.keys(text.operators)).toEqual([...operators.keys()]);
    expect(Object.keys(text.joins)).toEqual([...joins.keys()]);
  });
});

describe("what no parameter can change", () => {
  /** The dimensions of `y`, as its type has them. */
  const type = (step: string, input = "f32[6, 8, 8]"): string => {
    const parameters = "n = 4, r = 2, s = 8, k = 3x3, b = true, m = n * 2";
    const text = `const fixed = 5
      module Wide(c, w = 3x3) { conv(1x1, in) -> conv(w, c) }
      model Net(${parameters}) { input image: ${input} output y: ${step} }`;
    const [y] = checked(text).members;
    return y!.chain.output.map((side, d) => (y!.varies[d] === true ? "number" : side)).join(", ");
  };

  it.each([
    ["what the spec writes", "conv(3x3, 5)", "5, 8, 8"],
    ["a constant", "conv(3x3, fixed * 2)", "10, 8, 8"],
    ["a parameter", "conv(3x3, n)", "number, 8, 8"],
    ["a parameter made of another", "conv(3x3, m)", "number, 8, 8"],
    ["arithmetic with one", "conv(3x3, fixed + n)", "number, 8, 8"],
    ["what it does not decide", "conv(3x3, 4, bias: b, norm: batchnorm(affine: b))", "4, 8, 8"],
    ["a window whose padding follows it", "conv(k, 4) -> maxpool(k/1, pad: same)", "4, 8, 8"],
    ["a window whose padding does not", "conv(k, 4, pad: 1)", "4, number, number"],
    ["a stride of it", "conv(3x3/n, 4, pad: same)", "4, number, number"],
    ["a window with a stride, and padding that follows", "conv(k/2, 4, pad: same)", "4, 4, 4"],
    ["a window that is rounded up", "maxpool(k/2, pad: same, ceil: true)", "6, number, number"],
    ["whether one is rounded up", "avgpool(3x3/2, pad: same, ceil: b)", "6, number, number"],
    ["a pool's padding", "avgpool(3x3/2, pad: r)", "6, number, number"],
    [
      "a convolution's padding and dilation",
      "conv(3x3, 4, pad: r, dilation: r)",
      "4, number, number",
    ],
    ["dilation that padding follows", "conv(3x3, 4, dilation: n)", "4, 8, 8"],
    ["TensorFlow's padding", "conv(k/2, 4, pad: tf_same)", "4, 4, 4"],
    ["a pool as wide as its stride", "maxpool(k)", "6, number, number"],
    ["a module's parameter", "Wide(4, w: k) -> Wide(n)", "number, 8, 8"],
    ["a module's own default", "Wide(5)", "5, 8, 8"],
    ["channels that enter", "conv(3x3, n) -> concat { a: conv(1x1, in * 2) }", "number, 8, 8"],
    ["channels that entered before", "conv(3x3, n) -> conv(1x1, in * 2)", "12, 8, 8"],
    ["a vector of all", "conv(3x3, n) -> flatten", "number"],
    ["what ends in fixed features", "conv(3x3, n) -> linear(7) -> softmax", "7"],
    ["what is averaged away", "conv(k, n, pad: 0) -> globalavgpool", "number, 1, 1"],
    ["a vector of one pixel", "conv(k, 5, pad: 0) -> globalavgpool -> flatten", "5"],
    ["sides given anew", "conv(k, 5, pad: 0) -> adaptiveavgpool(2x3)", "5, 2, 3"],
    ["what has to be so", "conv(k, n, pad: 1) -> expect(4, 8, 8)", "4, 8, 8"],
    ["what has to be equal", "add { a: conv(1x1, n) b: conv(1x1, 4) }", "4, 8, 8"],
    [
      "a gate of it",
      "mul { a: identity b: conv(k, n) -> globalavgpool -> conv(1x1, 6) }",
      "6, 8, 8",
    ],
    [
      "what may be spread",
      "add { a: adaptiveavgpool(k) b: adaptiveavgpool(1x1) }",
      "6, number, number",
    ],
    ["a fixed plane", "mul { a: adaptiveavgpool(k) b: adaptiveavgpool(3x3) }", "6, 3, 3"],
    ["sides that have to be equal", "concat { a: conv(k, 4, pad: 1) b: identity }", "10, 8, 8"],
    ["channels side by side", "concat { a: conv(1x1, n) b: identity }", "number, 8, 8"],
    [
      "a residual of anything",
      "residual { conv(k, n) -> conv(1x1, in) -> conv(1x1, 6) }",
      "6, 8, 8",
    ],
    ["copies that keep the shape", "repeat(r) { conv(3x3, in) -> relu }", "6, 8, 8"],
    ["copies of a residual", "repeat(r) { residual { conv(1x1, n) -> conv(3x3, 6) } }", "6, 8, 8"],
    ["copies that end alike", "repeat(r) { conv(3x3, 5) }", "5, 8, 8"],
    ["copies that grow", "repeat(r) { conv(3x3, in + 2) }", "number, 8, 8"],
    ["copies that shrink", "repeat(r) { maxpool(2x2) }", "6, number, number"],
    ["a fixed number of copies", "repeat(2) { maxpool(2x2) }", "6, 2, 2"],
    [
      "copies in copies",
      "repeat(r) { repeat(r) { conv(3x3, in) } -> concat { a: identity b: identity } }",
      "number, 8, 8",
    ],
  ])("%s: %s", (_, step, expected) => {
    expect(type(step)).toBe(expected);
  });

  it.each([
    ["one side", "f32[6, s, 8]", "6, number, 8"],
    ["both sides", "f32[6, s, s]", "6, number, number"],
    ["channels", "f32[n, 8, 8]", "number, 8, 8"],
    ["a vector", "f32[n + 1]", "number"],
  ])("%s of the input", (_, input, expected) => {
    expect(type("identity", input)).toBe(expected);
  });
});
