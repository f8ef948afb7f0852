import { describe, expect, it } from "vitest";
import { InceptError } from "../../src/diagnostics/incept-error.js";
import { visible, visibleJson, visibleName, visibleRows } from "../../src/diagnostics/visible.js";

/** One of each kind: C0, DEL, C1, bidirectional, zero width, line separator, lone surrogate, tag. */
const hostile = "\x1b[2J\x07\x7f\x9b31m\u202ea\u2066b\u200bc\ufeffd\u2028e\ud800f\u{e0041}";
const commands = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

describe("text of a file on a terminal", () => {
  it("shows each unprintable character as its escape", () => {
    expect(visible(hostile)).toBe(
      "\\x1b[2J\\x07\\x7f\\x9b31m\\u202ea\\u2066b\\u200bc\\ufeffd\\u2028e\\ud800f\\u{e0041}",
    );
    expect(visible("a\n\r\tb")).toBe("a\\n\\r\\tb");
    expect(visible('naïve "日本" 🙂 \\ e\u0301')).toBe('naïve "日本" 🙂 \\ e\u0301');
  });

  it("keeps line ends and tabs where rows are meant", () => {
    expect(visibleRows("a\r\n\tb\n\x1bc\rd")).toBe("a\n\tb\n\\x1bc\\rd");
  });

  it("cuts a long name in the middle", () => {
    const name = `begin${"x".repeat(1_000_000)}\nend`;
    expect(visibleName(name)).toMatch(/^beginx+…x+\\nend$/);
    expect(visibleName(name)).toHaveLength(120);
    expect(visibleName("features.0.weight")).toBe("features.0.weight");
  });

  it("is the same value in JSON", () => {
    const value = { [hostile]: [hostile, "🙂\n"] };
    const json = visibleJson(value, 2);
    expect(json).not.toMatch(commands);
    expect(json).toContain("🙂");
    expect(JSON.parse(json)).toEqual(value);
  });

  it("is what an InceptError says", () => {
    const error = new InceptError("spec/name", `${hostile}\nrow`, { help: `${hostile}\nrow` });
    for (const text of [error.message, error.help, String(error), error.stack?.split("\n")[0]]) {
      expect(text).not.toMatch(commands);
    }
    expect(error.message).toMatch(/\nrow$/);
  });
});
