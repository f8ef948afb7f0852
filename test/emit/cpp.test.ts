import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { comment, floatLiteral, statement, stringLiteral } from "../../src/emit/cpp.js";

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 150 }),
  fc.string({ unit: fc.constantFrom("*", "/", "\\", "\n", '"', "?", "'", "<", "#", "0", " ") }),
);

/** What C++ makes of a literal: escapes undone, as bytes. */
function bytesOf(literal: string): number[] {
  const bytes: number[] = [];
  for (const [, octal, char] of literal.slice(1, -1).matchAll(/\\([0-7]{3})|([^\\])/gs)) {
    bytes.push(octal === undefined ? char!.charCodeAt(0) : parseInt(octal, 8));
  }
  return bytes;
}

describe("string literals", () => {
  it("show plain text as it is", () => {
    expect(stringLiteral("inception_3a.b3.1")).toBe('"inception_3a.b3.1"');
  });

  it("escape what could end them, start a trigraph, or is not ASCII", () => {
    expect(stringLiteral('a"b\\c??/é')).toBe('"a\\042b\\134c\\077\\077/\\303\\251"');
  });

  it("are one line of ASCII that stands for exactly the bytes of the text", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const literal = stringLiteral(text);
        expect(literal).toMatch(/^"(?:[\x20-\x21\x23-\x3e\x40-\x5b\x5d-\x7e]|\\[0-7]{3})*"$/);
        expect(bytesOf(literal)).toEqual([...new TextEncoder().encode(text)]);
      }),
    );
  });
});

describe("comments", () => {
  it("are one line, within the columns, and join no line to themselves", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const line = comment(text, "  ");
        expect(line).toMatch(/^ {2}\/\/[\x20-\x7e]*$/);
        expect(line.length).toBeLessThanOrEqual(100);
        expect(line).not.toMatch(/\\|\?\?/);
      }),
    );
  });
});

describe("float literals", () => {
  it("are the shortest that C++ reads as a float", () => {
    const texts = [1, 0.75, 1e-5, -3, 0.1, 16777216].map(floatLiteral);
    expect(texts).toEqual(["1.0f", "0.75f", "0.00001f", "-3.0f", "0.1f", "16777216.0f"]);
  });

  it("stand for exactly the float", () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const text = floatLiteral(value);
        expect(text).toMatch(/^-?\d+(\.\d+|(\.\d+)?e[+-]\d+)f$/);
        expect(Math.fround(Number(text.slice(0, -1)))).toBe(value + 0);
      }),
    );
  });
});

describe("statements", () => {
  it("go on below their first argument", () => {
    const args = Array.from({ length: 12 }, (_, i) => `a + ${i * 100_000}`);
    const lines = statement("add<layer::sum>", args).split("\n");
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.every((line) => line.length <= 100)).toBe(true);
    expect(lines[1]).toMatch(/^ {18}a \+/);
  });
});
