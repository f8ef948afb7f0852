import { describe, expect, test } from "vitest";
import type { Expr, Model, Module, SpecFile } from "../../src/syntax/ast.js";
import { parse } from "../../src/syntax/parse.js";

function parsed(text: string): SpecFile {
  const { file, diagnostics } = parse({ path: "a.incept", text });
  expect(diagnostics).toEqual([]);
  if (file === undefined) throw new Error("no tree");
  return file;
}

const moduleOf = (text: string): Module => {
  const [found] = parsed(text).modules;
  if (found === undefined) throw new Error("no module");
  return found;
};

const modelOf = (members: string): Model => {
  const [found] = parsed(`model M(n = 3, k = 3x3) {\n${members}\n}`).models;
  if (found === undefined) throw new Error("no model");
  return found;
};

/** An expression as fully bracketed text. */
function shown(e: Expr): string {
  switch (e.kind) {
    case "int":
    case "float":
    case "bool":
      return String(e.value);
    case "size":
      return `${e.height}x${e.width}`;
    case "string":
      return JSON.stringify(e.value);
    case "name":
      return e.name;
    case "call":
      return `${e.name.text}(${e.args.map((a) => (a.name ? `${a.name.text}: ` : "") + shown(a.value)).join(", ")})`;
    case "list":
      return `[${e.items.map(shown).join(", ")}]`;
    case "record":
      return `{ ${e.fields.map(({ name, value }) => `${name.text}: ${shown(value)}`).join(", ")} }`;
    case "unary":
      return `(-${shown(e.operand)})`;
    case "binary":
      return `(${shown(e.left)} ${e.op} ${shown(e.right)})`;
  }
}

describe("expressions", () => {
  const value = (text: string): string => {
    const [first] = parsed(`const a = ${text}`).consts;
    if (first === undefined) throw new Error("no const");
    return shown(first.value);
  };

  test.each([
    ["1 - 2 - 3", "((1 - 2) - 3)"],
    ["1 + 2 * 3 - 4 / 5", "((1 + (2 * 3)) - (4 / 5))"],
    ["8 / 4 * 2", "((8 / 4) * 2)"],
    ["(1 + 2) * 3", "((1 + 2) * 3)"],
    ["--n * 2", "((-(-n)) * 2)"],
    ["7x7/2", "(7x7 / 2)"],
    ["3x3/2x1", "(3x3 / 2x1)"],
    ["k/2", "(k / 2)"],
    ["1_000 + 1e-4 + 0.5 + 2.5e3", "(((1000 + 0.0001) + 0.5) + 2500)"],
    ["0x3", "0x3"],
    ['[1, [2, x], "s", true, false, []]', '[1, [2, x], "s", true, false, []]'],
    ["sgd(0.1, momentum: 0.9, nesterov: f())", "sgd(0.1, momentum: 0.9, nesterov: f())"],
    ["f32", "f32"],
    ["64*4*32*32", "(((64 * 4) * 32) * 32)"],
  ])("%s is %s", (text, tree) => {
    expect(value(text)).toBe(tree);
  });
});

describe("declarations", () => {
  test("imports, constants and defaults", () => {
    const file = parsed(`
      import { A, B } from "./lib/ab.incept"
      const width = 3
      defaults { conv { norm: batchnorm, act: relu eps: 1e-3, } maxpool { } }
    `);
    expect(
      file.imports.map(({ names, path }) => [names.map(({ text }) => text), path.value]),
    ).toEqual([[["A", "B"], "./lib/ab.incept"]]);
    expect(file.consts.map(({ name }) => name.text)).toEqual(["width"]);
    expect(
      file.defaults[0]?.entries.map(({ operator, fields }) => [
        operator.text,
        fields.map(({ name, value }) => `${name.text}=${shown(value)}`),
      ]),
    ).toEqual([
      ["conv", ["norm=batchnorm", "act=relu", "eps=0.001"]],
      ["maxpool", []],
    ]);
  });

  test("a model with every kind of member", () => {
    const model = modelOf(`
      input image: f32[3, 2 * n, 32] from image(resize: 256)
      labels "labels.txt"
      train { loss: cross_entropy, epochs: 3 }
      a: conv(k, 8) -> relu
      aux side(weight: 0.3): from a -> linear(n)
      output o: from image -> globalavgpool`);
    expect(model.params.map(({ name, value }) => [name.text, value && shown(value)])).toEqual([
      ["n", "3"],
      ["k", "3x3"],
    ]);
    expect(model.inputs[0].dims.map(shown)).toEqual(["3", "(2 * n)", "32"]);
    expect(model.inputs[0].from && shown(model.inputs[0].from)).toBe("image(resize: 256)");
    expect(model.members.map(({ kind }) => kind)).toEqual([
      "labels",
      "train",
      "stage",
      "aux",
      "output",
    ]);
    const [, , stage, aux, output] = model.members;
    expect(stage).toMatchObject({ name: { text: "a" }, flow: { chain: { steps: [{}, {}] } } });
    expect(aux).toMatchObject({
      name: { text: "side" },
      args: [{ name: { text: "weight" } }],
      flow: { from: { text: "a" } },
    });
    expect(output).toMatchObject({ name: { text: "o" }, flow: { from: { text: "image" } } });
  });

  test("joins", () => {
    const [concat, add, residual, plain, repeat, call] = moduleOf(`module A {
      concat { a: relu -> relu b: tanh } -> add { a: relu b: tanh } -> residual(scale: 0.17) { relu }
      -> residual { relu } -> repeat(n + 1) { relu -> tanh } -> relu
    }`).body.steps.map(({ body }) => body);
    expect(concat).toMatchObject({
      kind: "join",
      name: { text: "concat" },
      branches: [{ name: { text: "a" } }, {}],
    });
    expect(add).toMatchObject({
      kind: "join",
      name: { text: "add" },
      branches: [{}, { name: { text: "b" } }],
    });
    expect(residual).toMatchObject({ kind: "residual", args: [{ name: { text: "scale" } }] });
    expect(plain).toMatchObject({ kind: "residual", args: [] });
    expect(repeat).toMatchObject({ kind: "repeat", count: { kind: "binary" } });
    expect(call).toMatchObject({ kind: "call", name: { text: "relu" }, args: [] });
  });

  test("`as` takes a name or a string, on any kind of step", () => {
    const { steps } = moduleOf(
      `module A { relu as a -> relu as "b.c" -> residual { relu } as "" -> relu as "repeat" }`,
    ).body;
    expect(steps.map((step) => step.as?.text)).toEqual(["a", "b.c", "", "repeat"]);
  });

  test("names that look like sizes, keywords or types are names", () => {
    const { steps } = moduleOf(
      `module A(x3, f32) { inputs -> as_is as f32 -> repeat_ -> _ -> x }`,
    ).body;
    expect(steps.map(({ body }) => body.kind === "call" && body.name.text)).toEqual([
      "inputs",
      "as_is",
      "repeat_",
      "_",
      "x",
    ]);
  });
});

describe("comments", () => {
  test("/// belongs to the declaration, stage or branch after it", () => {
    const file = parsed(`
      /// Of a constant.
      const a = 1
      /// Of the module,
      // not this,
      /// in two rows.
      module A { concat {
        /// Of a branch.
        a: relu
        b: relu
      } }
      /// Of the model.
      model M {
        /// Of the input.
        input image: f32[3] // and no more
        /// Of a stage.
        a: relu
        /// Of an aux.
        aux b: relu
        /// Of an output.
        output c: relu
        //// An ornament.
        d: relu
        /// Of nothing.
      }
    `);
    expect(file.consts[0]?.doc).toBe("Of a constant.");
    expect(file.modules[0]?.doc).toBe("Of the module,\nin two rows.");
    expect(file.modules[0]?.body.steps[0]?.body).toMatchObject({
      branches: [{ doc: "Of a branch." }, {}],
    });
    const [model] = file.models;
    expect(model?.doc).toBe("Of the model.");
    expect(model?.inputs[0].doc).toBe("Of the input.");
    expect(model?.members.map((member) => ("doc" in member ? member.doc : undefined))).toEqual([
      "Of a stage.",
      "Of an aux.",
      "Of an output.",
      undefined,
    ]);
  });

  test("all are kept, without their marks", () => {
    const text = "// allow style/x: why\n/* block\n comment */ module A { relu /// doc\n }";
    const { comments } = parsed(text);
    expect(comments.map(({ kind, text: words }) => [kind, words])).toEqual([
      ["line", "allow style/x: why"],
      ["block", "block\n comment"],
      ["doc", "doc"],
    ]);
    expect(comments.map(({ span }) => text.slice(span.start, span.end))).toEqual([
      "// allow style/x: why",
      "/* block\n comment */",
      "/// doc",
    ]);
  });
});

describe("places", () => {
  test("a node's span is its text", () => {
    const text = `module A { conv(3x3, 64, pad: 1 + n) as "p.q" -> concat { b: relu } }`;
    const { body } = moduleOf(text);
    const [first, second] = body.steps;
    const cut = ({ start, end }: { start: number; end: number }): string => text.slice(start, end);
    expect(first && cut(first.span)).toBe('conv(3x3, 64, pad: 1 + n) as "p.q"');
    expect(first && cut(first.body.span)).toBe("conv(3x3, 64, pad: 1 + n)");
    expect(first?.as && cut(first.as.span)).toBe('"p.q"');
    expect(second && cut(second.body.span)).toBe("concat { b: relu }");
    const args = first?.body.kind === "call" ? first.body.args : [];
    expect(args.map(({ span }) => cut(span))).toEqual(["3x3", "64", "pad: 1 + n"]);
    expect(args.map(({ value }) => cut(value.span))).toEqual(["3x3", "64", "1 + n"]);
    if (second?.body.kind === "join") expect(cut(second.body.name.span)).toBe("concat");
  });

  test("a leading BOM and CRLF change nothing but offsets", () => {
    const text = "\uFEFFmodule A {\r\n  relu\r\n}\r\n";
    const { name } = moduleOf(text);
    expect(text.slice(name.span.start, name.span.end)).toBe("A");
  });

  test("what could be understood beside an error is in the tree", () => {
    const { file } = parse({
      path: "a.incept",
      text: "module A { relu relu }\nmodel M { input i: f32[1] a: conv 1x1, 8 output o: relu }",
    });
    expect(file?.modules.map(({ name }) => name.text)).toEqual(["A"]);
    expect(file?.models[0]?.members).toMatchObject([
      {
        kind: "stage",
        name: { text: "a" },
        flow: { chain: { steps: [{ body: { args: [{}, {}] } }] } },
      },
      { kind: "output", name: { text: "o" } },
    ]);
  });
});
