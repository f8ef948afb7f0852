import { expect, test } from "vitest";
import { diagnostic } from "../../src/diagnostics/catalogue.js";
import type { Source, Span } from "../../src/diagnostics/diagnostic.js";
import { renderDiagnostics, renderJson } from "../../src/diagnostics/render.js";

const rows = [
  "defaults { conv { act: relu } }",
  "",
  "module Inception(n1, r3, n3, r5, n5, pp) {",
  "  concat {",
  "    b1:   conv(1x1, n1)",
  "    b3:   conv(1x1, r3) -> conv(3x3, n3)",
  "    b5:   conv(1x1, r5) -> conv(5x5, n5)",
  "    pool: maxpool(3x3/1) -> conv(1x1, pp)",
  "  }",
  "}",
];
const source: Source = { path: "models/googlenet.incept", text: rows.join("\n") };

const spanOf = (text: string, within: Source = source): Span => {
  const start = within.text.indexOf(text);
  return { source: within, start, end: start + text.length };
};

const mismatch = diagnostic(
  "shape/branch-mismatch",
  { join: "concat", differ: "height and width" },
  {
    span: spanOf("maxpool(3x3/1)"),
    label: "a 3x3 window without padding shrinks 28x28 to 26x26",
    rows: [
      { span: spanOf("b1:"), text: "64 x 28x28" },
      { span: spanOf("b3:"), text: "128 x 28x28" },
      { span: spanOf("b5:"), text: "32 x 28x28" },
      { span: spanOf("pool:"), text: "32 x 26x26" },
    ],
    frames: [{ span: spanOf("Inception"), message: "while expanding Inception" }],
    help: "write maxpool(3x3/1, pad: same)",
  },
);

test("a finding looks as the language's contract shows it", () => {
  expect(renderDiagnostics([mismatch])).toBe(
    `
models/googlenet.incept:8:11 - error shape/branch-mismatch: The branches of this concat differ in height and width.
   5 |     b1:   conv(1x1, n1)                       64 x 28x28
   6 |     b3:   conv(1x1, r3) -> conv(3x3, n3)     128 x 28x28
   7 |     b5:   conv(1x1, r5) -> conv(5x5, n5)      32 x 28x28
>  8 |     pool: maxpool(3x3/1) -> conv(1x1, pp)     32 x 26x26
     |           ^^^^^^^^^^^^^^ a 3x3 window without padding shrinks 28x28 to 26x26
  models/googlenet.incept:3:8 - while expanding Inception
  help: write maxpool(3x3/1, pad: same)`.trimStart(),
  );
});

const frameOf = (text: string, word: string, columns = 80): string => {
  const within = { path: "a.incept", text };
  const found = diagnostic("syntax/character", { character: "?" }, { span: spanOf(word, within) });
  return renderDiagnostics([found], { columns }).split("\n").slice(1).join("\n");
};

test("tabs, wide and combining characters keep the carets under their text", () => {
  expect(frameOf("\t\tHERE", "HERE")).toBe(">  1 |     HERE\n     |     ^^^^");
  expect(frameOf('"日本" HERE', "HERE")).toBe('>  1 | "日本" HERE\n     |        ^^^^');
  expect(frameOf('"e\u0301" HERE', "HERE")).toBe('>  1 | "e\u0301" HERE\n     |     ^^^^');
});

test("CRLF and lone CR end rows", () => {
  expect(frameOf("one\r\ntwo\rHERE\r\nfour", "HERE")).toBe(">  3 | HERE\n     | ^^^^");
});

test("no character of the source reaches the terminal as a command", () => {
  const shown = frameOf("\u001b[31m\u0007\u202e\u2028 HERE \u009b", "HERE");
  expect(shown).toBe(">  1 | \ufffd[31m\ufffd\ufffd\ufffd HERE \ufffd\n     |          ^^^^");
});

test("a long row is cut around the hit", () => {
  const [row = "", carets = ""] = frameOf(
    `${"a ".repeat(500)}HERE${" b".repeat(500)}`,
    "HERE",
  ).split("\n");
  expect(row.length).toBeLessThanOrEqual(80);
  expect(row).toMatch(/^> {2}1 \| ….*HERE.*…$/);
  expect(carets.indexOf("^")).toBe(row.indexOf("HERE"));
  expect(carets.lastIndexOf("^")).toBe(row.indexOf("HERE") + 3);
});

test("a span over several rows is underlined on its first, one past the end has a caret", () => {
  expect(frameOf("ab {\n  cd\n}", "{\n  cd\n}")).toBe(">  1 | ab {\n     |    ^");
  const end = { source, start: source.text.length, end: source.text.length };
  const found = diagnostic("syntax/character", { character: "?" }, { span: end });
  expect(renderDiagnostics([found]).split("\n").slice(1)).toEqual(["> 10 | }", "     |  ^"]);
});

test("colours are only there when asked for", () => {
  expect(renderDiagnostics([mismatch])).not.toContain("\u001b");
  expect(renderDiagnostics([mismatch], { color: true })).toContain("\u001b[31m");
});

test("the JSON form names places by row, column and offset", () => {
  const [found] = renderJson([mismatch]);
  expect(found).toMatchObject({
    code: "shape/branch-mismatch",
    severity: "error",
    file: "models/googlenet.incept",
    line: 8,
    column: 11,
    endLine: 8,
    endColumn: 25,
    help: "write maxpool(3x3/1, pad: same)",
  });
  expect(found?.rows).toHaveLength(4);
  expect(found?.frames[0]).toMatchObject({ line: 3, column: 8 });
});
