import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inceptErrorCodes } from "../../src/diagnostics/error-codes.js";

const sources = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name) && !name.endsWith("error-codes.ts"))
    .map((name) => readFileSync(join(folder, name), "utf8"));

const native = sources("native", /\.(cpp|hpp|cu)$/);

/** What stands between quotes as a code does. */
const quoted = (texts: readonly string[]): Set<string> =>
  new Set(texts.flatMap((text) => [...text.matchAll(/"([a-z]+\/[a-z-]+)"/g)].map((m) => m[1]!)));

/** Codes whose second part is a value of its own: `build/${name}`, `toolchain/no-${what}`. */
const composed = /^(build\/target|toolchain\/no-(cmake|make|python))$/;

const page = readFileSync("docs/errors.md", "utf8");
/** Of the table's first column. */
const explained = [...page.matchAll(/^\| (`[^|]*)\|/gm)].flatMap(([, cell = ""]) =>
  cell.split(", ").map((code) => code.trim().replaceAll("`", "")),
);

test("docs/errors.md explains every code once, and no other", () => {
  expect(inceptErrorCodes.length).toBeGreaterThan(90);
  expect(explained.toSorted()).toEqual([...inceptErrorCodes].sort());
});

// TypeScript holds our own; what crosses from C++ is text.
test("the native side fails with codes that the list has", () => {
  const codes = quoted(native);
  expect(codes.size).toBeGreaterThan(30);
  expect([...codes].filter((code) => !inceptErrorCodes.some((known) => known === code))).toEqual(
    [],
  );
});

test("the list has no code that nothing fails with", () => {
  const used = quoted([...sources("src", /\.ts$/), ...native]);
  expect(inceptErrorCodes.filter((code) => !used.has(code) && !composed.test(code))).toEqual([]);
});
