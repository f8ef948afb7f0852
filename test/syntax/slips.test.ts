import { expect, test } from "vitest";
import type { Fix } from "../../src/diagnostics/diagnostic.js";
import { parse } from "../../src/syntax/parse.js";

/** Within a model that is right before and after it. */
const inModel = (members: string): string =>
  `model M {\n  input image: f32[3, 32, 32]\n${members}\n  output o: linear(10)\n}\nmodule Z { relu }\n`;

const beforeModel = (declaration: string): string => declaration + inModel("  b: relu");

const applied = (text: string, edits: Fix["edits"]): string =>
  edits
    .toSorted((a, b) => b.span.start - a.span.start)
    .reduce((t, { span, text: put }) => t.slice(0, span.start) + put + t.slice(span.end), text);

/** The mark stands where the one finding of the slip begins. */
const mark = "‸";

test.each([
  [
    "syntax/unknown-join",
    inModel("  a: ‸concta {\n    x: conv(1x1, 8)\n    y: conv(3x3, 8)\n  }\n  b: relu"),
  ],
  ["syntax/missing-parenthesis", inModel("  a: conv ‸1x1, 64\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  a: conv ‸1x1, n1, pad: same -> relu\n  b: relu")],
  ["syntax/missing-arrow", inModel("  a: conv(1x1, 64) ‸relu\n  b: relu")],
  ["syntax/missing-arrow", inModel("  a: conv(1x1, 64)\n  ‸relu\n  b: relu")],
  ["syntax/missing-arrow", inModel("  a: conv(1x1, 64)\n  ‸conv(3x3, 64) -> relu\n  b: relu")],
  ["syntax/missing-arrow", "module A {\n  conv(1x1, 64)\n  ‸relu\n}\nmodule Z { relu }"],
  ["syntax/missing-comma", inModel("  a: conv(1x1 ‸64)\n  b: relu")],
  ["syntax/missing-comma", inModel("  a: conv(3x3, 64 ‸pad: same)\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  a: conv(3x3, 64‸\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  a: conv(3x3, 64‸ -> relu\n  b: relu")],
  ["syntax/missing-brace", inModel("  a: concat {\n    x: relu\n    y: relu‸\n  b: relu")],
  [
    "syntax/missing-brace",
    beforeModel("module A {\n  concat {\n    x: relu\n    y: conv(1x1, 8)‸\n}\n\n"),
  ],
  ["syntax/missing-brace", "model M {\n  input image: f32[3, 32, 32]\n  output o: relu‸\n"],
  ["syntax/missing-brace", beforeModel("module A‸\n  relu\n}\n")],
  ["syntax/missing-brace", inModel("  a: concat‸\n    x: relu\n    y: relu\n  }\n  b: relu")],
  ["syntax/extra-bracket", inModel("  a: concat {\n    x: relu\n    y: relu\n  } ‸}\n  b: relu")],
  ["syntax/extra-bracket", beforeModel("module A {\n  relu\n}\n‸}\n")],
  ["syntax/extra-bracket", inModel("  a: conv(1x1, 64)‸)\n  b: relu")],
  ["name/keyword", inModel("  ‸train: conv(1x1, 64)\n  b: relu")],
  ["name/keyword", inModel("  ‸repeat: conv(1x1, 64)\n  b: relu")],
  ["name/keyword", inModel("  ‸from: conv(1x1, 64)\n  b: relu")],
  ["name/keyword", beforeModel("module ‸repeat(n) {\n  relu\n}\n")],
  ["name/keyword", inModel("  a: conv(1x1, 64) as ‸repeat\n  b: relu")],
  ["name/keyword", inModel("  a: from ‸input -> conv(1x1, 64)\n  b: relu")],
  ["name/keyword", beforeModel("const ‸model = 3\n")],
  ["name/keyword", inModel("  a: concat {\n    ‸residual: relu\n    y: relu\n  }\n  b: relu")],
  ["syntax/missing-brace", inModel("  a: add‸(relu, tanh)\n  b: relu")],
  ["syntax/missing-brace", inModel("  a: relu -> concat‸(1) -> tanh\n  b: relu")],
  ["syntax/missing-brace", inModel("  a: mul‸(x: relu  y: tanh)\n  b: relu")],
  ["syntax/missing-brace", inModel("  a: max‸(x: relu, y: conv(3x3, 3)) -> relu\n  b: relu")],
  ["syntax/missing-brace", inModel("  a: concat‸[x: relu  y: tanh]\n  b: relu")],
  ["syntax/missing-arrow", inModel("  a: relu ‸mul { x: relu  y: tanh }\n  b: relu")],
  ["syntax/missing-arrow", inModel("  a: relu\n  ‸max { x: relu  y: tanh }\n  b: relu")],
  ["syntax/missing-arrow", "module A {\n  relu\n  ‸add { x: relu  y: tanh }\n}\nmodule Z { relu }"],
  ["syntax/missing-label", inModel("  ‸concat { x: relu  y: tanh }\n  b: relu")],
  ["name/keyword", inModel("  a: conv(1x1, ‸labels)\n  b: relu")],
  ["name/keyword", inModel("  ‸model: conv(1x1, 64)\n  b: relu")],
  ["syntax/unterminated-string", beforeModel('import { A } from ‸"./a.incept\n')],
  [
    "syntax/unterminated-comment",
    "model M {\n  input image: f32[3, 32, 32]\n  b: relu\n  output o: linear(10)\n}\nmodule Z { relu }\n‸/* never",
  ],
  ["syntax/character", inModel("  a: conv(1x1, 64) ‸@ relu\n  b: relu")],
  ["syntax/wrong-arrow", inModel("  a: conv(1x1, 64) ‸| relu\n  b: relu")],
  ["syntax/wrong-arrow", inModel("  a: conv(1x1, 64) ‸=> relu\n  b: relu")],
  ["syntax/equals-for-colon", inModel("  a ‸= conv(1x1, 64)\n  b: relu")],
  ["syntax/equals-for-colon", inModel("  a: conv(3x3, 64, pad‸=1)\n  b: relu")],
  ["syntax/colon-for-equals", beforeModel("const a‸: 3\n")],
  ["syntax/colon-for-equals", beforeModel("module A(n‸: 3) { relu }\n")],
  ["syntax/hash-comment", inModel("  ‸# a comment, with {\n  b: relu")],
  [
    "syntax/missing-label",
    "model M {\n  input image: f32[3, 32, 32]\n  ‸conv(3x3, 8)\n  output o: relu\n}",
  ],
  ["syntax/missing-colon", inModel("  a ‸conv(1x1, 64)\n  b: relu")],
  ["syntax/missing-colon", "model M {\n  input image: f32[3, 32, 32]\n  output o ‸relu\n}"],
  ["syntax/missing-name", "model M {\n  input image: f32[3, 32, 32]\n  ‸output: relu\n}"],
  ["syntax/missing-name", "model M {\n  ‸input: f32[3, 32, 32]\n  output a: relu\n}"],
  ["syntax/missing-input", "model M {\n  ‸a: relu\n  output o: relu\n}"],
  [
    "syntax/missing-input",
    "model M {\n  ‸a: relu\n  input image: f32[3, 32, 32]\n  output o: relu\n}",
  ],
  ["syntax/late-input", inModel("  a: relu\n  ‸input mask: f32[1, 32, 32]\n  b: relu")],
  ["syntax/unknown-word", inModel("  ‸ouput p: relu\n  b: relu")],
  ["syntax/unknown-word", beforeModel("‸modul A {\n  relu\n}\n")],
  ["syntax/unknown-word", "model M {\n  ‸inptu image: f32[3, 32, 32]\n  output o: relu\n}"],
  ["syntax/unknown-word", inModel("  ‸trian { batch: 3 }\n  b: relu")],
  ["syntax/extra-comma", inModel("  a: conv(1x1, 64‸,)\n  b: relu")],
  ["syntax/extra-comma", inModel("  a: conv(‸, 64)\n  b: relu")],
  ["syntax/extra-comma", inModel("  a: conv(1x1, 64)‸,\n  b: relu")],
  ["syntax/dangling-arrow", inModel("  a: conv(1x1, 64) ‸->\n  b: relu")],
  [
    "syntax/dangling-arrow",
    "model M {\n  input image: f32[3, 32, 32]\n  a: relu ‸->\n  output o: relu\n}",
  ],
  ["syntax/dangling-arrow", inModel("  a: ‸-> relu\n  b: relu")],
  ["syntax/dangling-arrow", inModel("  a: relu -> ‸-> relu\n  b: relu")],
  ["syntax/named-step", beforeModel("module A {\n  ‸a: conv(1x1, 8)\n  b: relu\n}\n")],
  ["syntax/number", inModel("  a: conv(‸3x3x3, 64)\n  b: relu")],
  ["syntax/number", inModel("  a: conv(‸3X3, 64)\n  b: relu")],
  ["syntax/number", inModel("  a: dropout(‸.5)\n  b: relu")],
  ["syntax/number", inModel("  a: conv(‸3×3, 64)\n  b: relu")],
  ["syntax/number", inModel("  a: conv(‸3 x 3, 64)\n  b: relu")],
  ["syntax/unexpected", "model M {\n  input image: ‸f16[3, 32, 32]\n  output o: relu\n}"],
  ["syntax/unexpected", "model M {\n  input image: ‸[3, 32, 32]\n  output o: relu\n}"],
  ["syntax/missing-comma", "model M {\n  input image: f32[3, 32 ‸32]\n  output o: relu\n}"],
  [
    "syntax/missing-bracket",
    "model M {\n  input image: f32[3, 32, 32‸\n  a: relu\n  output o: relu\n}",
  ],
  [
    "syntax/missing-bracket",
    "model M {\n  input image: f32[3, 32, 32] from image(mean: [1, 2, 3‸)\n  output o: relu\n}",
  ],
  ["syntax/missing-parenthesis", inModel("  a: conv‸[1x1, 64]\n  b: relu")],
  ["syntax/unexpected", beforeModel("module A {\n‸}\n")],
  ["syntax/unexpected", inModel("  a: concat { ‸}\n  b: relu")],
  ["syntax/missing-step", inModel("  a‸:\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  a: repeat ‸3 { relu }\n  b: relu")],
  ["syntax/unknown-join", inModel("  a: ‸repaet(3) { relu }\n  b: relu")],
  ["syntax/missing-arrow", inModel("  a: from image ‸conv(1x1, 8)\n  b: relu")],
  ["syntax/unexpected", inModel("  train‸: { batch: 3 }\n  b: relu")],
  ["syntax/unexpected", beforeModel("defaults { conv‸: { act: relu } }\n")],
  ["syntax/missing-colon", inModel("  train { loss ‸{ a: mean } }\n  b: relu")],
  ["syntax/missing-colon", inModel("  train { loss: { a ‸mean } }\n  b: relu")],
  ["syntax/missing-colon", inModel("  train { loss: { a: mean, c ‸mean(n: 1) } }\n  b: relu")],
  ["syntax/equals-for-colon", inModel("  train { loss ‸= { a: mean } }\n  b: relu")],
  ["syntax/equals-for-colon", inModel("  train { loss: { a ‸= mean } }\n  b: relu")],
  ["syntax/missing-brace", inModel("  train { loss: ‸[a: mean, c: mean(n: 1)] }\n  b: relu")],
  ["syntax/missing-brace", inModel("  train { loss: ‸(a: mean, c: mean) batch: 3 }\n  b: relu")],
  [
    "syntax/missing-brace",
    inModel("  train {\n    loss: { a: mean‸\n    batch: 3\n  }\n  b: relu"),
  ],
  [
    "syntax/missing-brace",
    inModel("  train {\n    loss: {\n      a: mean‸\n    batch: 3\n  }\n  b: relu"),
  ],
  ["syntax/missing-parenthesis", inModel("  train { optimizer: sgd ‸{ lr: 0.1 } }\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  train { loss: { a: mean ‸{ n: 1 } } }\n  b: relu")],
  ["syntax/missing-parenthesis", beforeModel("defaults { conv { norm: bn ‸{ eps: 1 } } }\n")],
  ["syntax/unexpected", inModel('  train { loss: { ‸"a": mean } batch: 3 }\n  b: relu')],
  ["syntax/unexpected", inModel('  train { ‸"batch": 3 }\n  b: relu')],
  ["syntax/missing-name", inModel("  train { loss: { ‸: mean } }\n  b: relu")],
  ["syntax/extra-comma", inModel("  train { loss: { a: mean,‸, c: mean } }\n  b: relu")],
  ["syntax/extra-bracket", inModel("  train { loss: { a: mean ‸) batch: 3 } }\n  b: relu")],
  ["name/keyword", inModel("  train { loss: { ‸aux: mean } }\n  b: relu")],
  ["syntax/unexpected", inModel("  train { loss: { a: ‸} }\n  b: relu")],
  ["syntax/unexpected", inModel("  a: conv(‸{ b: 1 }, 3)\n  b: relu")],
  ["syntax/unexpected", beforeModel("const a = ‸{ b: 1 }\n")],
  ["syntax/equals-for-colon", beforeModel("defaults { conv { act ‸= relu } }\n")],
  ["syntax/missing-colon", beforeModel("defaults { conv { act ‸relu } }\n")],
  ["syntax/quotes", inModel("  labels ‸'a.txt'\n  b: relu")],
  ["syntax/character", inModel("  a: relu‸;\n  b: relu")],
  ["syntax/unexpected", beforeModel("‸hello world\n")],
  ["syntax/missing-brace", beforeModel('import ‸A from "./a.incept"\n')],
  ["syntax/unexpected", beforeModel('import ‸"./a.incept"\n')],
  ["syntax/missing-step", inModel("  a: relu ‸as\n  b: relu")],
  ["syntax/unexpected", inModel("  a: conv(1x1, 3 + ‸)\n  b: relu")],
  ["syntax/unexpected", inModel("  a: ‸[relu, relu]\n  b: relu")],
  ["syntax/unexpected", "model ‸{\n  input image: f32[3, 32, 32]\n  output o: relu\n}"],
  ["syntax/unknown-word", "‸Model M {\n  input image: f32[3, 32, 32]\n  output o: relu\n}"],
  ["syntax/character", inModel("  gr‸öße: relu\n  b: relu")],
  ["syntax/missing-name", inModel("  ‸aux(weight: 0.3): relu\n  b: relu")],
  [
    "syntax/unexpected",
    "model M {\n  input image: f32[3, 32, 32]\n  ‸-> conv(1x1, 3)\n  output o: relu\n}",
  ],
  ["syntax/missing-parenthesis", inModel("  a: conv‸3x3, 64)\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  a: linear‸10)\n  b: relu")],
  ["syntax/missing-label", inModel("  ‸: conv(3x3, 64)\n  b: relu")],
  ["syntax/missing-label", inModel("  a: concat { ‸: relu\n y: relu }\n  b: relu")],
  ["syntax/missing-name", inModel("  a: conv(3x3, 64, ‸: same)\n  b: relu")],
  ["syntax/missing-name", inModel("  train { ‸: 3 }\n  b: relu")],
  ["syntax/missing-name", beforeModel("module A(‸= 3) { relu }\n")],
  ["syntax/number-range", inModel("  a: conv(1x1, ‸99999999999999999)\n  b: relu")],
  ["syntax/unexpected", inModel("  a: maxpool(‸/2)\n  b: relu")],
  ["syntax/unexpected", beforeModel("‸A(n) { conv(1x1, n) }\n")],
  ["syntax/wrong-arrow", inModel("  a: from image ‸=> conv(1x1, 64)\n  b: relu")],
  ["syntax/extra-bracket", inModel("  a: conv(1x1, 64)‸] -> relu\n  b: relu")],
  ["syntax/missing-parenthesis", inModel("  a: conv(1x1, 64‸] -> relu\n  b: relu")],
] as const)("%s: %s", (code, marked) => {
  const start = marked.indexOf(mark);
  const text = marked.replace(mark, "");
  const { diagnostics } = parse({ path: "a.incept", text });
  expect(diagnostics.map((found) => [found.code, found.span.start])).toEqual([[code, start]]);
  // A change, where there is one, leaves nothing to say; of several the likeliest.
  for (const { edits } of diagnostics.flatMap(({ fixes, suggestions }) =>
    [...fixes, ...suggestions].slice(0, 1),
  )) {
    expect(parse({ path: "a.incept", text: applied(text, edits) }).diagnostics).toEqual([]);
  }
});

test.each([
  ["two unlabelled branches", inModel("  a: concat {\n    ‸conv(1x1, 8)\n    ‸conv(3x3, 8)\n  }")],
  [
    "slips in stages of one model",
    inModel("  a: conv ‸1x1, 64\n  b: relu ‸relu\n  c: lrn(5‸\n  d: relu"),
  ],
  [
    "slips in several declarations",
    beforeModel("const a‸: 3\nmodule A { relu ‸relu }\nmodule ‸train { relu }\n"),
  ],
  ["two slips in one row are one finding", inModel("  a: conv ‸1x1, 64 relu relu")],
])("several: %s", (_, marked) => {
  const text = marked.replaceAll(mark, "");
  const starts = marked
    .split(mark)
    .slice(0, -1)
    .reduce<number[]>((found, part) => [...found, (found.at(-1) ?? 0) + part.length], []);
  const { diagnostics } = parse({ path: "a.incept", text });
  expect(diagnostics.map(({ span }) => span.start)).toEqual(starts);
});
