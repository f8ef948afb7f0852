import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const sources = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => ending.test(name))
    .map((name) => readFileSync(join(folder, name), "utf8"));

/** Codes that are literals: those made of parts stand in the page by hand. */
function thrownCodes(): Set<string> {
  const inTypeScript = sources("src", /\.ts$/).flatMap((text) => [
    ...text.matchAll(/new InceptError\(\s*"([a-z-]+\/[a-z-]+)"/g),
  ]);
  const inNative = sources("native", /\.(cpp|hpp|cu)$/).flatMap((text) => [
    ...text.matchAll(/"([a-z]+\/[a-z-]+)"/g),
  ]);
  return new Set([...inTypeScript, ...inNative].map((match) => match[1] ?? ""));
}

const page = readFileSync("docs/errors.md", "utf8");

test("docs/errors.md explains every code that is thrown", () => {
  const codes = thrownCodes();
  expect(codes.size).toBeGreaterThan(30);
  expect([...codes].filter((code) => !page.includes(`\`${code}\``))).toEqual([]);
});
