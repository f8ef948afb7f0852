/** Printing takes time in proportion to the text, whatever is in it. */
import { expect, test } from "vitest";
import { format, formatSource } from "../../../src/syntax/print/format.js";
import { maxLength } from "../../../src/syntax/text.js";

const long = maxLength / 8;
const times = (piece: string): string => piece.repeat(Math.floor(long / piece.length));
const model = (members: string): string => `model M { input x: f32[1] ${members} output y: a }`;
const deep = `f(`.repeat(98) + ")".repeat(98);

// Where brackets are deep, what is printed is long: a hundred spaces before each.
// Anything quadratic in the room would not end within the runner's limit.
test.each([
  ["one table", `module A(n) { relu } ${model(times("a: A(1, 2) "))}`],
  ["a table and rows of other modules", tables()],
  ["a row with many columns", `module A { relu } ${model(`a: A(${times("1, ")}1) b: A(2)`)}`],
  ["a header without end", `module A { relu } ${model(`\n//    ${times("a  ")}\na: A(1, 2)`)}`],
  ["one list", `const a = [${times("1, ")}1]`],
  ["lists in a list", `const a = [${times("[[[1, 2], 3], 4],\n")}1]`],
  ["calls within calls", `const a = [${`${deep}, `.repeat(50)}1]`],
  ["one chain", `module A { ${times("relu -> ")}relu }`],
  ["a chain with names", model(`a: ${times('relu as "a" -> ')} relu`)],
  ["branches", `module A { concat { ${times("a: relu ")} } }`],
  [
    "joins within joins",
    `module A { ${`${"residual { ".repeat(99)}relu${"}".repeat(99)}->`.repeat(30)} relu }`,
  ],
  ["modules", times("module A { relu }\n")],
  ["fields", `model M { input x: f32[1] train { ${times("a: 1 ")} } }`],
  ["records", `model M { input x: f32[1] train { ${times("a: { b: { c: 1 } } ")} } }`],
  ["imports", `import { ${times("A, ")} B } from "a.incept"`],
  ["comments on one row", `module A { ${times("/**/ ")} relu }`],
  ["comments at the end of rows", `const a = [${times("1, // a\n")}1]`],
  ["comments on rows of their own", `${times("// a\n")}module A { relu }`],
  ["a comment of many rows", `/*${times("* a\n")}*/ module A { relu }`],
  ["blank rows", `module A {${times("\n")} relu }`],
  ["one long name", `module A { ${times("a")} }`],
])("128 KiB: %s", (_, text) => {
  expect(words(format(text))).toBe(words(text));
});

const words = (text: string): string => text.replace(/\s/g, "");

test("what would be longer than a spec may be is not printed", () => {
  const text = `const a = [${`${deep}, `.repeat(600)}1]`;
  const formatted = formatSource({ path: "a.incept", text });
  expect(formatted).toMatchObject({ diagnostics: [{ code: "syntax/too-large" }] });
});

/** One large table, and for every row of it a module of its own, which may stand in its columns. */
function tables(): string {
  const count = Math.floor(long / 60);
  const names = Array.from({ length: count }, (_, i) => `B${i}`);
  const rows = names.map((name) => `a: A(1, 2)\na: ${name}(2)\na: ${name}(2)\n`);
  return `import { A, ${names.join(", ")} } from "a.incept"\n${model(`\n${rows.join("")}`)}`;
}
