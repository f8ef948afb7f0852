import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { InceptError } from "../../src/diagnostics/incept-error.js";

describe("InceptError", () => {
  const error = new InceptError("weights/missing", "w.safetensors lacks a.bias", { help: "do x" });

  it("shows its code, and its help on a row of its own", () => {
    expect(String(error)).toBe(
      "InceptError [weights/missing]: w.safetensors lacks a.bias\n  help: do x",
    );
    expect(String(new InceptError("spec/name", "c"))).toBe("InceptError [spec/name]: c");
  });

  it("opens with name and code where it is not caught", () => {
    expect(inspect(error)).toMatch(
      /^InceptError \[weights\/missing\]: w\.safetensors lacks a\.bias\n/,
    );
    expect(inspect(error)).toContain("help: 'do x'");
  });
});
