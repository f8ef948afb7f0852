import { expect, test } from "vitest";
import type { Diagnostic, Fix, Source } from "../../src/diagnostics/diagnostic.js";
import { applyFixes } from "../../src/diagnostics/fixes.js";

const source: Source = { path: "x.incept", text: "one two three" };

const fix = (...edits: [start: number, end: number, text: string][]): Fix => ({
  title: "",
  because: "other-mark",
  edits: edits.map(([start, end, text]) => ({ span: { source, start, end }, text })),
});

const finding = (...fixes: Fix[]): Diagnostic => ({
  code: "",
  severity: "error",
  message: "",
  span: { source, start: 0, end: 1 },
  rows: [],
  frames: [],
  fixes,
  suggestions: [],
});

test("the first fix of each finding is applied, wherever the findings stand", () => {
  const later = finding(fix([8, 13, "3"]), fix([8, 13, "never"]));
  const earlier = finding(fix([0, 3, "1"], [3, 3, ","]));
  expect(applyFixes(source, [later, finding(), earlier])).toEqual({ text: "1, two 3", applied: 2 });
});

test("a fix of what another changed waits for the next round", () => {
  const both = [finding(fix([0, 7, "x"])), finding(fix([4, 7, "y"]))];
  expect(applyFixes(source, both)).toEqual({ text: "x three", applied: 1 });
});

test("a fix in another file is not this file's", () => {
  const other = { ...source, path: "y.incept" };
  expect(applyFixes(other, [finding(fix([0, 3, "1"]))])).toEqual({ text: source.text, applied: 0 });
});
