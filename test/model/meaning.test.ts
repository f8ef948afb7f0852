/** What the constructs of the language mean, seen in the checked network. */
import { describe, expect, test } from "vitest";
import type { Network, OpStep } from "../../src/model/network.js";
import { check, checked, codes, stepsOf } from "../support/check.js";

const model = (body: string, params = "", declarations = ""): string =>
  `${declarations} model M${params} { input image: f32[8, 16, 16] ${body} }`;

const ops = (network: Network): readonly OpStep[] =>
  network.members
    .flatMap(({ chain }) => stepsOf(chain))
    .filter((step): step is OpStep => step.kind === "op");

const args = (text: string): Record<string, unknown> =>
  ops(checked(text))[0]!.args as Record<string, unknown>;

describe("values", () => {
  test("constants, parameters, arithmetic and precedence", () => {
    const text = model(
      "output y: conv(1x1, 2 + a * (n - 1) / 3 - -1)",
      "(n = 7)",
      "const a = b * 2 const b = 3",
    );
    expect(args(text)["channels"]).toBe(2 + (6 * 6) / 3 + 1);
  });

  test("a size divided by a stride is a window, also through parameters", () => {
    const module = "module Sep(k, s, n) { conv(k / s, n, pad: same) }";
    const kernels = (call: string) => args(model(`output y: ${call}`, "", module))["kernel"];
    expect(kernels("Sep(5x5, 2, 4)")).toEqual({ kernel: [5, 5], stride: [2, 2] });
    expect(kernels("Sep(1x7, 2x1, 4)")).toEqual({ kernel: [1, 7], stride: [2, 1] });
    expect(args(model("output y: conv(3x3/1, 4)"))["kernel"]).toEqual({
      kernel: [3, 3],
      stride: [1, 1],
    });
  });

  test("a parameter comes before a constant, and both before in", () => {
    const text = (params: string) =>
      model("output y: M1(3)", "", `const c = 5 module M1(${params}) { conv(1x1, c) }`);
    expect(args(text("c"))["channels"]).toBe(3);
    expect(args(text("d"))["channels"]).toBe(5);
    const shadow = model("output y: A(5)", "", "module A(in) { conv(1x1, in) }");
    expect(args(shadow)["channels"]).toBe(5);
  });

  test("words pass through parameters and constants", () => {
    const module = "const p = same module A(a, n) { conv(3x3/2, 4, pad: p, act: a, norm: n) }";
    const read = args(model("output y: A(relu, batchnorm)", "", module));
    expect(read).toMatchObject({ pad: "same", act: "relu", norm: { eps: 1e-5 } });
  });
});

describe("in is what enters the chain it is written in", () => {
  const channels = (body: string, declarations = ""): unknown[] =>
    ops(checked(model(body, "", declarations)))
      .filter(({ operator }) => operator.name === "conv")
      .map((step) => (step.args as { channels: number }).channels);

  test("stage, branch, residual body, repeat copy, module body", () => {
    expect(channels("output y: conv(1x1, 4) -> conv(1x1, in * 2)")).toEqual([4, 16]);
    expect(channels("output y: conv(1x1, 4) -> concat { a: conv(1x1, in + 1) }")).toEqual([4, 5]);
    expect(channels("output y: residual { conv(1x1, 3) -> conv(1x1, in) }")).toEqual([3, 8]);
    expect(channels("output y: repeat(3) { conv(1x1, in * 2) }")).toEqual([16, 32, 64]);
    const module = "module A { conv(1x1, 2) -> B(in) } module B(n) { conv(1x1, n + in) }";
    expect(channels("output y: A", module)).toEqual([2, 8 + 2]);
  });
});

describe("defaults", () => {
  const defaults = "defaults { conv { act: relu, norm: batchnorm } batchnorm { eps: 1e-3 } }";

  test("fill in what a call leaves out, batchnorm's those of a norm too", () => {
    const [first, second] = ops(
      checked(model("output y: conv(1x1, 4) -> batchnorm", "", defaults)),
    );
    expect(first!.args).toMatchObject({ act: "relu", norm: { eps: 1e-3, momentum: 0.1 } });
    expect(second!.args).toMatchObject({ eps: 1e-3 });
  });

  test("of an activation are those of a word of act: too", () => {
    const own = "defaults { conv { act: leakyrelu } leakyrelu { slope: 0.2 } }";
    const read = (body: string) => args(model(body, "", own));
    expect(read("output y: leakyrelu")).toEqual({ slope: 0.2 });
    expect(read("output y: conv(1x1, 4)")["act"]).toEqual({ activation: "leakyrelu", alpha: 0.2 });
    expect(read("output y: conv(1x1, 4, act: leakyrelu(slope: 0.5))")["act"]).toEqual({
      activation: "leakyrelu",
      alpha: 0.5,
    });
    expect(read("output y: conv(1x1, 4, act: elu)")["act"]).toEqual({
      activation: "elu",
      alpha: 1,
    });
  });

  test("give way to a call's own arguments", () => {
    const text = model(
      "output y: conv(1x1, 4, act: none, norm: batchnorm(momentum: 0.5))",
      "",
      defaults,
    );
    expect(args(text)).toMatchObject({ act: "none", norm: { eps: 1e-3, momentum: 0.5 } });
    expect(args(model("output y: conv(1x1, 4, norm: none)", "", defaults))["norm"]).toBeUndefined();
  });

  test("hold for their own file only", () => {
    const files = { "b.incept": "module B { conv(1x1, 4) }" };
    const main = `import { B } from "b.incept" ${defaults} model M { input i: f32[8, 4, 4] output y: B }`;
    expect(ops(checked(main, { files }))[0]!.args).toMatchObject({ act: "none" });
    const other = { "b.incept": `${defaults} module B { conv(1x1, 4) }` };
    expect(ops(checked(main.replace(defaults, ""), { files: other }))[0]!.args).toMatchObject({
      act: "relu",
    });
  });

  test("come in any number of blocks, each argument once", () => {
    expect(
      codes(
        model(
          "output y: relu",
          "",
          "defaults { conv { act: relu } } defaults { conv { act: tanh } }",
        ),
      ),
    ).toEqual(["args/duplicate"]);
  });
});

describe("imports", () => {
  test("bring modules and constants, which keep seeing their own file", () => {
    const files = {
      "lib/b.incept": 'import { C } from "c.incept" const n = 3 module B { C -> conv(1x1, n) }',
      "lib/c.incept": "module C { conv(1x1, 7, act: relu) }",
    };
    const text = `import { B, n } from "lib/b.incept"
      model M { input i: f32[8, 4, 4] s: B output y: conv(1x1, n * 2) }`;
    const network = checked(text, { files });
    expect(network.members.map(({ chain }) => chain.output[0])).toEqual([3, 6]);
    expect(network.sources.map(({ path }) => path)).toEqual([
      "test.incept",
      "lib/b.incept",
      "lib/c.incept",
    ]);
  });

  test("a file imported twice is read once", () => {
    const files = { "b.incept": "module A { relu } module B { relu }" };
    const text = `import { A } from "b.incept" import { B } from "./b.incept"
      model M { input i: f32[8, 4, 4] output y: A -> B }`;
    expect(checked(text, { files }).sources).toHaveLength(2);
  });
});

describe("the stream", () => {
  const from = (text: string) =>
    checked(text).members.map((member) => `${member.name} < ${member.from}`);

  test("goes from stage to stage; outputs and auxes are taps", () => {
    const body = `a: conv(1x1, 4, act: relu) aux x(weight: 0.5): linear(2) output p: linear(3)
      b: conv(1x1, 5) output q: identity`;
    expect(from(model(body))).toEqual(["a < image", "x < a", "p < a", "b < a", "q < b"]);
    const { members } = checked(model(body));
    expect(members.map(({ weight }) => weight)).toEqual([
      undefined,
      0.5,
      undefined,
      undefined,
      undefined,
    ]);
    expect(checked(model("aux x: linear(2) output y: relu")).members[0]!.weight).toBe(0.3);
  });

  test("from opens a stage, an output, an aux or a branch with an earlier stage or the input", () => {
    const body = `a: conv(1x1, 4) b: from image -> conv(3x3/2, 6, pad: 1)
      c: from a -> conv(3x3/2, 6, pad: 1)
      d: repeat(2) { concat { down: maxpool(2x2) skip: from b -> maxpool(2x2) } -> maxpool(1x1) }
      output y: from c -> identity`;
    expect(codes(model(body))).toContain("shape/branch-mismatch");
    const fine = `a: conv(1x1, 4) b: from image -> conv(3x3, 6)
      c: from a -> concat { here: relu there: from b -> relu raw: from image -> identity }
      output y: from c -> identity aux x: from b -> linear(3)`;
    expect(from(model(fine))).toEqual(["a < image", "b < image", "c < a", "y < c", "x < b"]);
    expect(checked(model(fine)).members[2]!.chain.output).toEqual([18, 16, 16]);
  });

  test("begins with the first of several inputs; from opens with another", () => {
    const text = (stages: string): string =>
      `model M { input image: f32[3, 8, 8] input mask: f32[1, 8, 8] ${stages} }`;
    const both = `a: mul { image: identity gate: from mask -> conv(1x1, 3, act: sigmoid) } output y: relu`;
    expect(from(text(both))).toEqual(["a < image", "y < a"]);
    expect(checked(text(both)).inputs.map(({ name, shape }) => [name, shape])).toEqual([
      ["image", [3, 8, 8]],
      ["mask", [1, 8, 8]],
    ]);
    expect(
      from(
        text(
          "a: from mask -> relu b: from image -> relu output y: from a -> relu output z: from b -> relu",
        ),
      ),
    ).toEqual(["a < mask", "b < image", "y < a", "z < b"]);
    expect(codes(text("output y: relu"))).toEqual(["input/unused"]);
    expect(codes(text("output y: from mask -> relu"))).toEqual(["input/unused"]);
    expect(codes(text(`mask: relu output y: from mask -> relu`))).toContain("name/duplicate");
  });

  test("a stage that only an aux or a branch reads is used", () => {
    expect(
      codes(model("a: relu b: from image -> relu aux x: from a -> relu output y: relu")),
    ).toEqual([]);
  });
});

describe("joins", () => {
  const output = (body: string) => checked(model(`output y: ${body}`)).members[0]!.chain.output;

  test("concat adds up channels, of images and of vectors", () => {
    expect(output("concat { a: conv(1x1, 3) b: identity }")).toEqual([11, 16, 16]);
    expect(output("flatten -> concat { a: linear(3) b: linear(4) }")).toEqual([7]);
  });

  test("add and residual keep the shape", () => {
    expect(output("add { a: conv(1x1, 3) b: conv(3x3, 3) }")).toEqual([3, 16, 16]);
    expect(output("residual(scale: 0.1) { conv(3x3, in) }")).toEqual([8, 16, 16]);
    expect(codes(model("output y: add { a: conv(1x1, 3) b: conv(1x1, 4) }"))).toEqual([
      "shape/branch-mismatch",
    ]);
  });

  test("a residual is scaled by 1 unless it says", () => {
    const steps = checked(model("output y: residual(scale: 0.1) { relu } -> residual { relu }"))
      .members[0]!.chain.steps;
    expect(steps.map((step) => (step.kind === "residual" ? step.scale : 0))).toEqual([0.1, 1]);
  });
});

describe("paths", () => {
  test("name every step by stage, index, label and copy, whatever as says", () => {
    const text = model(
      "output y: repeat(2) { concat { a: conv(1x1, 4) as x b: relu -> conv(1x1, 4) } } as z",
    );
    const paths = ops(checked(text)).map(({ path }) => path);
    expect(paths.slice(0, 3)).toEqual(["y.0.a", "y.0.b.0", "y.0.b.1"]);
    expect(paths[3]).toBe("y.1.a");
  });

  test("carry the expansions that they sit in, innermost first", () => {
    const text = model("output y: A", "", "module A { B } module B { relu }");
    expect(ops(checked(text))[0]!.frames.map(({ message }) => message)).toEqual([
      "while expanding B",
      "while expanding A",
    ]);
  });
});

describe("findings", () => {
  test("of a module that is expanded many times are made once", () => {
    const module = "module A { conv(1x1, 4, actt: relu) }";
    expect(codes(model("a: A b: A c: repeat(9) { A } output y: A", "", module))).toEqual([
      "args/unknown",
    ]);
  });

  test("do not follow from one another", () => {
    const body =
      "a: conv(2x2, 4) b: linear(3, in: 5) -> maxpool(2x2) output y: concat { p: relu q: from b -> relu }";
    expect(codes(model(body))).toEqual(["shape/ambiguous-padding"]);
  });

  test("of independent steps are all made, also in modules that nobody calls", () => {
    const body = "a: conv(1x1, 0) b: cnv(3) output y: dropout(2)";
    expect(codes(model(body, "", "module Idle { relu(1) }"))).toEqual([
      "args/too-many",
      "args/range",
      "name/unknown",
      "args/range",
    ]);
  });

  test("that did-you-mean comes with are data for an editor, and no fix", () => {
    const { diagnostics } = check(model("output y: rellu"));
    expect(diagnostics[0]!.fixes).toEqual([]);
    expect(diagnostics[0]!.suggestions[0]!.edits[0]).toMatchObject({ text: "relu" });
  });
});
