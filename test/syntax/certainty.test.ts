/** Which changes of a slip are written by `check --fix`, and which are only suggested. */
import { describe, expect, test } from "vitest";
import { applyFixes } from "../../src/diagnostics/fixes.js";
import { parse } from "../../src/syntax/parse.js";

const inModel = (members: string): string =>
  `model M {\n  input image: f32[3, 32, 32]\n${members}\n  output o: linear(10)\n}\n`;

function fixes(text: string) {
  const source = { path: "a.incept", text };
  const { diagnostics } = parse(source);
  const suggested = diagnostics.flatMap(({ suggestions }) => suggestions).length;
  return { ...applyFixes(source, diagnostics), suggested };
}

describe("certain, since nothing else can be meant", () => {
  test.each([
    ["  a: relu => tanh", "  a: relu -> tanh"],
    ["  a: relu |> conv(1x1, 8)", "  a: relu -> conv(1x1, 8)"],
    ["  a = relu", "  a : relu"],
    ["  a: conv(3x3, 8, pad=1)", "  a: conv(3x3, 8, pad:1)"],
    ["  labels 'a.txt'", '  labels "a.txt"'],
    ["  a: relu # why", "  a: relu // why"],
    ["  a: conv(3X3, 8)", "  a: conv(3x3, 8)"],
    ["  a: conv(3×3, 8)", "  a: conv(3x3, 8)"],
    ["  a: conv(3 x 3, 8)", "  a: conv(3x3, 8)"],
    ["  a: dropout(.5)", "  a: dropout(0.5)"],
    ["  a relu", "  a: relu"],
    ["  train: { batch: 3 }", "  train { batch: 3 }"],
    ["  train { batch 3 }", "  train { batch: 3 }"],
    ["  a: conv(3x3 8)", "  a: conv(3x3, 8)"],
    ["  a: conv(3x3, 8 pad: 1)", "  a: conv(3x3, 8, pad: 1)"],
    ["  a: conv(3x3,, 8)", "  a: conv(3x3, 8)"],
    ["  a: conv(3x3, 8,)", "  a: conv(3x3, 8)"],
    ["  a: conv(\n    3x3,\n    8,\n  )", "  a: conv(\n    3x3,\n    8\n  )"],
    ["  a: relu,\n  b: relu", "  a: relu\n  b: relu"],
    ["  a: conv 3x3, 8 // k", "  a: conv(3x3, 8) // k"],
    ["  a: conv /* k */ 3x3, 8", "  a: conv /* k */ (3x3, 8)"],
    ["  a: conv[3x3, 8]", "  a: conv(3x3, 8)"],
    ["  a: conv(3x3, 8]", "  a: conv(3x3, 8)"],
    ["  a: conv(3x3, 8", "  a: conv(3x3, 8)"],
    ["  a: conv(3x3, 8))", "  a: conv(3x3, 8)"],
    ["  a: repeat 3 { relu }", "  a: repeat(3) { relu }"],
    ["  a: conv(1x1, 8) relu", "  a: conv(1x1, 8) -> relu"],
    ["  a: relu conv(1x1, 8)", "  a: relu -> conv(1x1, 8)"],
    ["  a: from image relu", "  a: from image -> relu"],
    ["  a: Concat { x: relu }", "  a: concat { x: relu }"],
    ["  Output p: relu", "  output p: relu"],
    ["  a: concat\n    x: relu\n  }", "  a: concat {\n    x: relu\n  }"],
    ["  a: concat { x: relu } }", "  a: concat { x: relu } "],
  ])("%s", (slip, mended) => {
    expect(fixes(inModel(slip))).toEqual({ text: inModel(mended), applied: 1, suggested: 0 });
  });

  test.each([
    ["const a: 3\n", "const a= 3\n"],
    ["module A(n: 3) { relu }\n", "module A(n= 3) { relu }\n"],
    ["module A { conv(1x1, 8) relu }\n", "module A { conv(1x1, 8) -> relu }\n"],
    ["module A {\n  conv(1x1, 8)\n  relu\n}\n", "module A {\n  conv(1x1, 8)\n  -> relu\n}\n"],
    ["module A\n  relu\n}\n", "module A {\n  relu\n}\n"],
    ["module A {\n  relu // last\n", "module A {\n  relu // last\n}\n"],
    ["module A { relu\n", "module A { relu }\n"],
    ["Module A { relu }\n", "module A { relu }\n"],
    ["defaults { conv: { act: relu } }\n", "defaults { conv { act: relu } }\n"],
    [
      "defaults { conv { bias: true }, lrn { k: 2 } }\n",
      "defaults { conv { bias: true } lrn { k: 2 } }\n",
    ],
    ['import A from "./a.incept"\n', 'import { A } from "./a.incept"\n'],
  ])("%s", (slip, mended) => {
    expect(fixes(slip)).toEqual({ text: mended, applied: 1, suggested: 0 });
  });

  test("a } goes to a row of its own, with the row's line end", () => {
    const text = "module A {\r\n  residual {\r\n    relu // last\r\n  }\r\n";
    expect(fixes(text).text).toBe(`${text.trimEnd()}\r\n}\r\n`);
  });
});

describe("a guess, since something else may be meant", () => {
  test.each([
    ["a step may be lost at an arrow", "  a: relu ->"],
    ["between two arrows", "  a: relu -> -> tanh"],
    ["at the front", "  a: -> relu"],
    ["a stage may lack its name", "  a: relu\n  conv(1x1, 8)"],
    ["a branch may lack its name", "  a: concat { x: conv(1x1, 8) conv(3x3, 8) }"],
    ["a word may stand twice", "  a: relu relu"],
    ["a name may lack its as", "  a: conv(1x1, 8) fc"],
    ["a label may be a step", "  a: relu\n  tanh conv(1x1, 8)"],
    ["an argument may be lost at a comma", "  a: conv(, 8)"],
    ["at the end", "  a: Block(8, )"],
    ["between two commas", "  a: Block(8, , 5)"],
    ["a value may be lost before a comma", "  a: conv(3x3, 8, pad: , bias: true)"],
    ["a sign may be lost between values", "  a: Block(8 2)"],
    ["a colon may be lost", "  a: Block(n 2)"],
    ["a stride may be meant", "  a: maxpool(3x3 2)"],
    ["a comparison may be meant", "  a: conv(1x1, 3 > 2)"],
    ["a parenthesis may close earlier", "  a: dropout((1 + 2 / 8)"],
    ["or be opened", "  a: conv(1x1, 2 * 3 + 1))"],
    ["a bracket may be opened", "  a: Block(1, 2])"],
    ["a brace may close earlier", "  a: residual { relu -> tanh\n  b: relu"],
    ["or stand in a comment", "  a: residual { relu // }"],
    ["a name is no keyword", "  ouput p: relu"],
    ["nor a join", "  a: concta { x: relu }"],
    ["a string may end earlier", "  labels 'a.txt"],
    ["a name may run into a number", "  a: conv3x3, 64)"],
    ["a number may begin earlier", "  a: dropout(x.5)"],
    ["a number may go on", "  a: dropout(0.)"],
  ])("%s: %s", (_, slip) => {
    const text = inModel(slip);
    expect(fixes(text)).toMatchObject({ text, applied: 0 });
  });

  test.each([
    ["module A(n: number) { relu }\n", 1],
    ["A(n) { relu }\n", 1],
    // It is as near to module as to model.
    ["modul A { relu }\n", 2],
  ])("%s", (text, suggested) => {
    expect(fixes(text)).toEqual({ text, applied: 0, suggested });
  });

  test("another type of tensor", () => {
    const text = "model M {\n  input x: f16[3, 8, 8]\n  output y: relu\n}\n";
    expect(fixes(text)).toEqual({ text, applied: 0, suggested: 1 });
  });
});

test("comparing readings takes bounded time, and then nothing is certain", () => {
  const long = `module A { ${"residual { relu } -> ".repeat(3000)} relu\n`;
  expect(fixes(long)).toEqual({ text: long, applied: 0, suggested: 1 });
});
