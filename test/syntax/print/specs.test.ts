/** Every spec of the repository: examples as they stand, fixtures as far as they parse. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "../../../src/syntax/parse.js";
import { formatSource } from "../../../src/syntax/print/format.js";
import { printed } from "../../support/printing.js";
import { specFiles } from "../../support/spec-files.js";

const textOf = (path: string): string => readFileSync(path, "utf8");

test.each(specFiles("examples", "codegen-templates"))("%s is formatted", (path) => {
  expect(printed(textOf(path))).toBe(textOf(path));
});

test.each(specFiles("examples", "test/fixes"))("%s, in narrow rows", (path) => {
  for (const width of [40, 80]) printed(textOf(path), width);
});

test("fixtures", () => {
  let whole = 0;
  for (const path of specFiles("test/fixtures")) {
    const source = { path, text: textOf(path) };
    const { diagnostics } = parse(source);
    if (diagnostics.length > 0) expect(formatSource(source)).toEqual({ diagnostics });
    else {
      printed(source.text);
      whole++;
    }
  }
  expect(whole).toBeGreaterThan(150);
});
