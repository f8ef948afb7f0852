/** What a finding says to write has been tried: written into the spec, it mends it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check } from "../support/check.js";

const model = (body: string, declarations = ""): string =>
  `${declarations} model M { input image: f32[16, 35, 35] ${body} }`;

/** The spec with the likeliest suggestion of its first finding written into it. */
function mended(text: string): string {
  const edits = check(text).diagnostics[0]?.suggestions[0]?.edits ?? [];
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (all, { span, text: written }) => all.slice(0, span.start) + written + all.slice(span.end),
      text,
    );
}

const errors = (text: string): string[] =>
  check(text).diagnostics.flatMap(({ code, severity }) => (severity === "error" ? [code] : []));

const help = (text: string): string | undefined => check(text).diagnostics[0]?.help;

describe("one argument mends", () => {
  test.each([
    ["a pool that rounds down", "output y: maxpool(2x2) -> expect(16, 18, 18)"],
    ["a pool that rounds up", "output y: maxpool(2x2, ceil: true) -> expect(16, 17, 17)"],
    ["a padding of the wrong size", "output y: conv(5x5, 8, pad: 1) -> expect(8, 35, 35)"],
    ["an even window", "output y: conv(2x2, 8, pad: 0) -> expect(8, 35, 35)"],
    ["a flat window", "output y: conv(1x7, 8, pad: 0) -> expect(8, 35, 35)"],
    ["a pool that strides unasked", "output y: maxpool(3x3, pad: same) -> expect(16, 35, 35)"],
    ["a stride and the padding that it needs", "output y: conv(3x3, 8) -> expect(8, 17, 17)"],
    ["two strides for one", "output y: avgpool(3x3/2x1, pad: same) -> expect(16, 18, 18)"],
    ["another kernel", "output y: conv(3x3, 8, pad: 0) -> expect(8, 29, 29)"],
    ["an earlier stage", "a: maxpool(2x2) b: conv(3x3, 8, act: relu) output y: expect(8, 18, 18)"],
    [
      "what stands before a join",
      "a: maxpool(2x2) -> concat { l: relu r: conv(3x3, 4) } -> residual { relu } output y: expect(20, 18, 18)",
    ],
    ["a depthwise step", "output y: depthwise(3x3) -> expect(16, 18, 18)"],
    ["a number of channels", "output y: conv(3x3, 8) -> relu -> expect(12, 35, 35)"],
    ["a number of features", "output y: linear(1000) -> softmax -> expect(10)"],
    [
      "an earlier expect is kept",
      "output y: maxpool(3x3/2) -> expect(16, 17, 17) -> conv(3x3, 8, pad: 0) -> expect(8, 17, 17)",
    ],
    ["old features", "a: maxpool(2x2) output y: linear(10, in: 16 * 18 * 18)"],
    ["the last window", "a: maxpool(2x2) output y: avgpool(18x18)"],
    [
      "a branch without a stride",
      "output y: concat { a: conv(3x3, 8) b: maxpool(3x3/2) c: maxpool(5x5/2, pad: 1) }",
    ],
    ["a body that strides", "output y: residual { conv(3x3/2, in, pad: same) }"],
    [
      "a body with other channels",
      "output y: residual { conv(3x3, 8, act: relu) -> conv(1x1, 32) -> batchnorm }",
    ],
    [
      "a summand with other channels",
      "output y: add { a: identity b: conv(3x3, 32) c: conv(1x1, 16) }",
    ],
  ])("%s", (_, body) => {
    const text = model(body);
    expect(errors(text)).toHaveLength(1);
    expect(errors(mended(text))).toEqual([]);
  });
});

describe("what to write", () => {
  test("keeps parameters, other arguments and what is said by name", () => {
    const stem = "module Stem(k, n) { conv(k/1, n, pad: same, act: relu) }";
    expect(help(model("output y: Stem(3x3, 8) -> expect(8, 18, 18)", stem))).toContain(
      "write conv(k/2, n, pad: same, act: relu),",
    );
    expect(help(model("output y: maxpool(4x4/2,\n  pad: 1) -> expect(16, 18, 18)"))).toContain(
      "write maxpool(4x4/2, pad: 1, ceil: true) in row 1,",
    );
  });

  test("leaves alone what another place decides", () => {
    const pool = "module Pool(w) { maxpool(w) }";
    expect(help(model("output y: Pool(3x3/2) -> expect(16, 9, 9)", pool))).toBe(
      "write expect(16, 17, 17)",
    );
    const wide = "module Wide(n) { conv(1x1, n) }";
    expect(help(model("output y: Wide(8) -> expect(9, 35, 35)", wide))).toBe(
      "write expect(8, 35, 35)",
    );
    const sum = "concat { a: conv(1x1, 8) b: conv(1x1, 8) } -> expect(20, 35, 35)";
    expect(help(model(`output y: ${sum}`))).toBe("write expect(16, 35, 35)");
  });

  test("is nothing where one argument would not do", () => {
    expect(help(model("output y: maxpool(3x3/2) -> expect(8, 18, 18)"))).toBe(
      "write expect(16, 17, 17)",
    );
    expect(help(model("output y: conv(3x3, 8) -> expect(8, 200, 200)"))).toBe(
      "write expect(8, 35, 35)",
    );
  });

  test("is in of the body only where in is what enters it", () => {
    const body = "conv(1x1, 8, act: relu) -> repeat(2) { conv(3x3, 32) }";
    expect(help(model(`output y: residual { ${body} }`))).toBe("write conv(3x3, 16)");
  });

  test("prefers rounding to padding, padding to a stride, and of equals the nearest step", () => {
    expect(help(model("output y: maxpool(2x2) -> relu -> expect(16, 18, 18)"))).toBe(
      "write maxpool(2x2, ceil: true), or expect(16, 17, 17)",
    );
    const two = "conv(3x3, 8, pad: 0, act: relu) -> conv(3x3, 4, pad: 0) -> expect(4, 33, 33)";
    expect(help(model(`output y: ${two}`))).toBe(
      "write conv(3x3, 4, pad: same), or expect(4, 31, 31)",
    );
  });
});

const chain = fc.array(
  fc.record({
    operator: fc.constantFrom("conv", "maxpool", "avgpool", "depthwise"),
    kernel: fc.constantFrom("1x1", "2x2", "3x3", "5x5"),
    stride: fc.constantFrom(1, 2),
    pad: fc.constantFrom("0", "tf_same"),
  }),
  { minLength: 1, maxLength: 5 },
);
type Steps = typeof chain extends fc.Arbitrary<infer T> ? T : never;

const written = (steps: Steps): string =>
  steps
    .map(({ operator, kernel, stride, pad }) => {
      const channels = operator === "conv" ? ", 16, act: relu" : "";
      return `${operator}(${kernel}/${stride}${channels}, pad: ${pad})`;
    })
    .join(" -> ");

test("a single wrong argument in any chain is found, or another one as good", () => {
  const slip = fc.record({
    steps: chain,
    at: fc.nat(),
    change: fc.constantFrom({ stride: 1 }, { stride: 2 }, { pad: "0" }, { pad: "tf_same" }),
  });
  let found = 0;
  fc.assert(
    fc.property(slip, ({ steps, at, change }) => {
      const { network } = check(model(`output y: ${written(steps)}`));
      const meant = network?.members[0]?.chain.output;
      if (meant === undefined) return;
      const wrong = steps.map((step, i) =>
        i === at % steps.length ? { ...step, ...change } : step,
      );
      const text = model(`output y: ${written(wrong)} -> expect(${meant.join(", ")})`);
      if (!errors(text).includes("shape/expect")) return;
      found++;
      expect(errors(mended(text))).toEqual([]);
    }),
    { seed: 1, numRuns: 120 },
  );
  expect(found).toBeGreaterThan(20);
});

test("looking for a change ends, however much there is to look at", () => {
  const stem = Array.from({ length: 300 }, () => "maxpool(3x3/1, pad: same)").join(" -> ");
  const outputs = Array.from(
    { length: 400 },
    (_, i) => `output y${i}: from s -> expect(16, 34, 34)`,
  );
  const { diagnostics } = check(model(`s: ${stem} ${outputs.join(" ")}`));
  expect(diagnostics).toHaveLength(400);
  expect(diagnostics.at(-1)!.help).toBe("write expect(16, 35, 35)");
});
