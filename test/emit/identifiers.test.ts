import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { identifier, Identifiers } from "../../src/emit/identifiers.js";

describe("identifiers", () => {
  it("read like the path", () => {
    expect(identifier("inception_3a.b3.1")).toBe("inception_3a_b3_1");
    expect(identifier("Mixed_5b.branch1x1")).toBe("mixed_5b_branch1x1");
  });

  it("are never keywords, macros, empty, reserved or led by a digit", () => {
    expect(identifier("int")).toBe("int_");
    expect(identifier("linux")).toBe("linux_");
    expect(identifier("NULL")).toBe("null");
    expect(identifier("3a")).toBe("n3a");
    expect(identifier("__x__y")).toBe("x_y");
    expect(identifier("…")).toBe("unnamed");
  });

  it("hold nothing but small letters, digits and single underscores, whatever the text", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "grapheme", maxLength: 80 })), (text) => {
        expect(identifier(text)).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*_?$/);
        expect(identifier(text).length).toBeLessThanOrEqual(42);
      }),
    );
  });

  it("differ for different things of one scope, and stay the same for one", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom("a", "A", ".", "_", "2") })),
        (all) => {
          const names = new Identifiers<string>((text) => text);
          const given = all.map((text) => names.of(text));
          expect(new Set(given).size).toBe(all.length);
          expect(all.map((text) => names.of(text))).toEqual(given);
        },
      ),
    );
  });
});
