/** Any text is input: it gives findings in bounded time, and never an exception. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { allTokens } from "../../grammar/tokens.js";
import { renderDiagnostics, renderJson } from "../../src/diagnostics/render.js";
import { maxDepth } from "../../src/syntax/depth.js";
import { parse } from "../../src/syntax/parse.js";
import { maxErrors } from "../../src/syntax/repair.js";
import { maxLength } from "../../src/syntax/text.js";

const specs = readdirSync("examples")
  .map((name) => `examples/${name}/${name}.incept`)
  .filter((path) => existsSync(path))
  .map((path) => readFileSync(path, "utf8"));

/** What must hold for any text; returns its codes. */
function parsed(text: string): string[] {
  const { file, diagnostics } = parse({ path: "a.incept", text });
  for (const { span } of diagnostics) {
    expect(span.start).toBeGreaterThanOrEqual(0);
    expect(span.end).toBeGreaterThanOrEqual(span.start);
    expect(span.end).toBeLessThanOrEqual(text.length);
  }
  expect(diagnostics.length).toBeLessThanOrEqual(maxErrors + 1);
  // Only an empty text is neither a declaration nor a finding.
  if (diagnostics.length === 0) expect(file).toBeDefined();
  expect(renderDiagnostics(diagnostics)).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
  renderJson(diagnostics);
  return diagnostics.map(({ code }) => code);
}

test("the examples parse", () => {
  expect(specs.length).toBeGreaterThan(2);
  for (const text of specs) expect(parsed(text)).toEqual([]);
});

describe("properties", () => {
  const words = allTokens.flatMap(({ PATTERN, LABEL }) =>
    typeof PATTERN === "string" ? [PATTERN] : LABEL === undefined ? [] : [LABEL],
  );
  const word = fc.constantFrom(...words, "x", "64", "3x3", "0.5", '"s"', "'", "/*", "#", "\n", "é");

  test("random text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (text) => void parsed(text)),
    );
  });

  test("random words", () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), (list) => void parsed(list.join(" "))),
      { numRuns: 500 },
    );
  });

  test("specs with a piece cut out, doubled, moved or exchanged", () => {
    const mutation = fc.record({
      spec: fc.constantFrom(...specs),
      cuts: fc.array(fc.tuple(fc.nat(6000), fc.nat(40), fc.nat(6000), word), {
        minLength: 1,
        maxLength: 4,
      }),
    });
    fc.assert(
      fc.property(mutation, ({ spec, cuts }) => {
        let text = spec;
        for (const [at, length, to, put] of cuts) {
          const start = at % (text.length + 1);
          const piece = text.slice(start, start + length);
          const without = text.slice(0, start) + put + text.slice(start + length);
          const target = to % (without.length + 1);
          text = without.slice(0, target) + piece + without.slice(target);
        }
        parsed(text);
      }),
      { numRuns: 150 },
    );
  });
});

describe("bounds", () => {
  const inDropout = (value: string): string => `const a = ${value}\n`;

  test.each([
    ["parentheses", inDropout("(".repeat(maxDepth + 1) + "1" + ")".repeat(maxDepth + 1))],
    ["lists", inDropout("[".repeat(500_000))],
    ["signs", inDropout("-".repeat(maxDepth + 1) + "1")],
    ["a sum", inDropout(`1${" + 1".repeat(200_000)}`)],
    ["operators and brackets", inDropout("1+(".repeat(60) + "1" + ")".repeat(60))],
    ["joins", `module A { ${"residual { ".repeat(200)} relu ${"}".repeat(201)}`],
    ["calls", inDropout("f(".repeat(200) + ")".repeat(200))],
  ])("%s nested too deeply are one finding", (_, text) => {
    expect(parsed(text)).toEqual(["syntax/too-deep"]);
  });

  test("what is just within the depth parses", () => {
    expect(parsed(inDropout("(".repeat(maxDepth) + "1" + ")".repeat(maxDepth)))).toEqual([]);
    expect(parsed(inDropout("-".repeat(maxDepth) + "1"))).toEqual([]);
    expect(parsed(inDropout("1" + " + 1".repeat(maxDepth)))).toEqual([]);
    expect(parsed(`module A { ${"residual { ".repeat(99)} relu ${"}".repeat(100)}`)).toEqual([]);
    expect(parsed(`train = 1\n`.repeat(3))).not.toEqual([]);
  });

  const full = (piece: string): string => piece.repeat(Math.floor(maxLength / 4 / piece.length));

  // Anything quadratic in the room would not end within the runner's limit.
  test.each([
    ["names", full("a ")],
    ["braces", full("{} ")],
    ["closing braces", full("} ")],
    ["errors in one model", `model M { input x: f32[1]\n${full("a: relu relu\n").slice(1000)}`],
    ["declarations with errors", full("const a : 1\n")],
    ["stray characters", full("@ ")],
    ["strings that don't end", full('"a\n')],
    ["comments that don't end", full("/* a ")],
    ["one long name", full("a")],
    ["one long number", `${full("1").slice(1)}a`],
    ["digits and underscores", full("1_")],
    ["words that end in a letter", full("ab1é ")],
    ["empty rows", full("\n")],
    ["carriage returns", full("\r")],
    ["a chain", `module A { relu ${full("-> relu ").slice(1000)} }`],
    ["a list that lacks commas", `const a = [${full("1 ").slice(1000)}]`],
    ["unlabelled stages", `model M { input x: f32[1]\n${full("relu\n").slice(1000)}`],
    ["module stages", `module A { ${full("a: relu\n").slice(1000)} }`],
  ])("a quarter of a megabyte of %s", (_, text) => {
    parsed(text);
  });

  test("a text beyond the limit is not looked at", () => {
    expect(parsed("a".repeat(maxLength + 1))).toEqual(["syntax/too-large"]);
  });

  test.each(["\0", "\u0007", "\u001b[2J", "\ufffd", "\ud800", "\u0085"])(
    "%j is no text",
    (character) => {
      expect(parsed(`// ${character}\nmodule A { relu }`)).toEqual(["syntax/binary"]);
    },
  );
});
