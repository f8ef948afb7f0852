/** Whatever the text says, a check ends soon, with findings or a network, and never throws. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { check, codes } from "../support/check.js";

const model = (body: string, declarations = ""): string =>
  `${declarations} model M { input x: f32[8, 16, 16] ${body} }`;

describe("expansion is bounded", () => {
  test("repeats of absurd counts", () => {
    expect(codes(model("output y: repeat(1_000_000_000) { relu }"))).toEqual(["model/too-large"]);
    expect(codes(model("output y: repeat(99999) { repeat(99999) { relu -> relu } }"))).toEqual([
      "model/too-large",
    ]);
  });

  test("modules that double at every level", () => {
    const modules = Array.from(
      { length: 60 },
      (_, i) => `module M${i + 1} { M${i} -> M${i} }`,
    ).join(" ");
    expect(codes(model("output y: M60", `module M0 { relu } ${modules}`))).toEqual([
      "model/too-large",
    ]);
  });

  test("names that grow at every level", () => {
    const label = "l".repeat(100);
    const modules = Array.from(
      { length: 90 },
      (_, i) => `module M${i + 1} { concat { ${label}: M${i} } }`,
    ).join(" ");
    const text = model("output y: repeat(50000) { M90 }", `module M0 { relu } ${modules}`);
    expect(codes(text)).toEqual(["model/too-large"]);
  });

  test("towers of modules", () => {
    const modules = Array.from({ length: 5000 }, (_, i) => `module M${i + 1} { M${i} }`).join(" ");
    expect(codes(model("output y: M5000", `module M0 { relu } ${modules}`))).toContain(
      "model/too-deep",
    );
  });

  test("towers of constants, in either order", () => {
    const consts = Array.from({ length: 5000 }, (_, i) => `const c${i + 1} = c${i}`);
    const up = `const c0 = 4 ${consts.join(" ")}`;
    expect(codes(model("output y: conv(1x1, c5000)", up))).toEqual([]);
    const down = `${consts.reverse().join(" ")} const c0 = 4`;
    expect(codes(model("output y: conv(1x1, c5000)", down))).toContain("name/cycle");
  });

  test("one finding a step, however many steps", () => {
    const steps = Array.from({ length: 3000 }, (_, i) => `wrong${i}`).join(" -> ");
    expect(codes(model(`output y: ${steps}`))).toHaveLength(3000);
  });
});

test("names of JavaScript's own objects are names like others", () => {
  const text = model(
    "constructor: toString(1, 2) -> conv(1x1, hasOwnProperty, __proto__: 1) output __proto__: valueOf",
    "const prototype = constructor defaults { __proto__ { x: 1 } conv { toString: 1 } }",
  );
  expect(new Set(codes(text))).toEqual(new Set(["name/unknown", "args/unknown"]));
});

const seeds = ["googlenet", "inception-resnet-v2", "cifar-inception"].map((name) =>
  readFileSync(`examples/${name}/${name}.incept`, "utf8"),
);
const words = [
  ...'{}()[]:,->/*+-="',
  ..." in as from repeat residual add concat 0 1e999 -1 3x3 0x0 same relu batchnorm".split(" "),
];

test("mutated specs give findings, not crashes", () => {
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.nat(12),
    put: fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 4 })),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...seeds),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      (seed, edits) => {
        const text = edits.reduce((before, { at, drop, put }) => {
          const place = Math.floor(at * before.length);
          return `${before.slice(0, place)} ${put} ${before.slice(place + drop)}`;
        }, seed);
        const { network, diagnostics } = check(text);
        const errors = diagnostics.filter(({ severity }) => severity === "error");
        expect(network === undefined).toBe(errors.length > 0);
        for (const { span, message } of diagnostics) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.end).toBeLessThanOrEqual(span.source.text.length);
          expect(message).toMatch(/\.$/);
        }
      },
    ),
    { numRuns: 150, seed: 7 },
  );
});
