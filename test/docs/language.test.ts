/** What docs/language.md says that small pieces of a spec mean, asked of the compiler. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parametersOf } from "../../src/graph/graph.js";
import { joins } from "../../src/ops/joins/joins.js";
import { check } from "../support/check.js";
import { documented } from "../support/documented.js";
import { graphOf } from "../support/network.js";

const page = readFileSync("docs/language.md", "utf8");

/** The rows of the table whose head begins with these cells. */
function rows(...head: readonly string[]): readonly (readonly string[])[] {
  const cells = (row: string): string[] =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim());
  const lines = page.split("\n");
  const from = lines.findIndex((line) => cells(line).join() === head.join());
  const until = lines.findIndex((line, i) => i > from && !line.startsWith("|"));
  return lines.slice(from + 2, until).map(cells);
}

const code = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text]) => text!);

/** The names and shapes of the parameters of a model with this member, into which 64 channels go. */
function parameters(member: string, module = ""): ReadonlyMap<string, readonly number[]> {
  const output = member.startsWith("output") ? "" : "output y: identity";
  const graph = graphOf(`${module} model Net { input x: f32[64, 8, 8] ${member} ${output} }`);
  return new Map(parametersOf(graph).map(({ name, shape }) => [name, shape]));
}

const scopes = rows("written", "channels of the last conv");
const names = rows("written", "parameter");

test("there are rows", () => {
  expect(scopes.length).toBe(3);
  expect(names.length).toBe(6);
});

test.each(scopes)("in: %s gives %s", (written, says) => {
  const weights = [...parameters(code(written)[0]!)].filter(([name]) => name.endsWith("weight"));
  expect(weights.at(-1)?.[1][0]).toBe(Number.parseInt(says));
});

test.each(names)("names: %s has %s", (written, says) => {
  const pieces = code(written);
  const known = parameters(pieces.at(-1)!, pieces.length > 1 ? pieces[0] : "");
  const expected = code(says);
  expect(expected.length).toBeGreaterThan(0);
  for (const name of expected) expect([...known.keys()]).toContain(name);
});

test("the page has whole networks", () => {
  expect([...documented.keys()]).toEqual(expect.arrayContaining(["Tiny", "Gated", "Deep"]));
});

test.each([...documented])("%s compiles without a remark", (_, text) => {
  expect(check(text).diagnostics).toEqual([]);
});

test.each([...joins.keys()])("%s stands in the table of joins", (name) => {
  expect(page).toMatch(new RegExp(`^\\|.*\\| .*\`${name} \\{`, "m"));
});

test.each([...joins.values()])("$name is described", ({ name, doc, primitive }) => {
  expect(doc).toMatch(/^[A-Z].*\.$/);
  expect(primitive.name).toBe(name);
});
