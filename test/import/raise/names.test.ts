/** What parts of a network are called, and where its stages end. */
import { expect, test } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { check } from "../../support/check.js";
import { raise } from "../../../src/import/raise/raise.js";
import { faults, importedOf, raised } from "./support.js";

/** The text of a network whose weights are called as this one's are. */
function again(text: string): string {
  const { network, diagnostics } = check(text);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const graph = buildGraph(network!);
  const written = raised(graph, "steps");
  expect(faults(graph, written)).toEqual([]);
  return written;
}

test("a gate is called so where its layers are called after what they are", () => {
  const { network } = check(`model M {
    input image: f32[8, 6, 6]
    a: conv(3x3, 8)
    b: mul { x: identity  gate: globalavgpool -> conv(1x1, 4) -> conv(1x1, 8, act: sigmoid) }
    output y: conv(1x1, 4)
  }`);
  const graph = buildGraph(network!);
  const layers = graph.nodes.filter(({ primitive }) => primitive.name.startsWith("conv"));
  const hints = [["a"], ["se", "conv_reduce"], ["se", "conv_expand"], ["y"]];
  expect(layers).toHaveLength(hints.length);
  const names = new Map(layers.map(({ outputs }, i) => [outputs[0]!, hints[i]!]));
  const text = raise({ graph, weights: new Map(), names }, { name: "M", comment: [] });
  expect(text).toMatch(/gate: +globalavgpool/);
});

test("labels that as many joins have as others are none of them", () => {
  const two = (branch: string): string =>
    `concat { ${branch}_1a: conv(1x3, 16) ${branch}_1b: conv(3x1, 16) }`;
  const text = again(`model M {
    input image: f32[8, 6, 6]
    a: conv(1x1, 24) -> ${two("left")} -> relu
    b: conv(3x3, 24) -> ${two("right")} -> relu
    output y: conv(1x1, 4)
  }`);
  expect(text.match(/b1x3: conv\(1x3/g)?.length).toBeGreaterThan(0);
  expect(text).not.toMatch(/(left|right)_1a/);
});

test("a module that is called as the model has another name", () => {
  const block = "concat { b1: conv(1x1, 16) b3: conv(1x1, 8) -> conv(3x3, 16) b5: conv(5x5, 16) }";
  const text = again(`model Inception {
    input image: f32[48, 6, 6]
    a: ${block} -> relu -> ${block}
    b: conv(3x3, 48) -> ${block}
    output y: globalavgpool
  }`);
  expect(text).toContain("module InceptionModule {");
  expect(text).toContain("model Inception {");
});

test("a shuffle ends the stage that it stands in, though it is called as what reads it", () => {
  const stage = "conv(1x1, 8, act: relu) -> conv(3x3, 8, act: relu) -> shuffle(2)";
  const { network } = check(`model M {
    input image: f32[8, 6, 6]
    stage2: ${stage}
    stage3: ${stage}
    stage4: ${stage}
    output y: globalavgpool
  }`);
  const imported = importedOf(buildGraph(network!), "steps");
  const names = new Map(imported.names);
  const values = imported.graph.nodes.map(({ outputs }) => outputs[0]!);
  imported.graph.nodes.forEach(({ primitive }, i) => {
    const next = values[i + 1];
    if (primitive.name === "shuffle") names.set(values[i]!, names.get(next!) ?? []);
  });
  const text = raise({ ...imported, names }, { name: "M", comment: [] });
  expect(text.match(/stage\d: .*shuffle\(2\)\n/g)).toHaveLength(3);
});

test.each([
  ["linear", "logits"],
  ["softmax_3", "logits"],
  ["scores", "scores"],
])("an output %s is called %s", (name, expected) => {
  const { network } = check(`model M {
    input image: f32[8, 6, 6]
    conv1: conv(3x3, 8, act: relu)
    output y: globalavgpool -> linear(10)
  }`);
  const graph = buildGraph(network!);
  const outputs = graph.outputs.map((output) => ({ ...output, name }));
  expect(raised({ ...graph, outputs }, "weights")).toContain(`output ${expected}: `);
});

test("a gate does not hide that a branch leaves its plane for many steps", () => {
  const text = again(`model M {
    input image: f32[3, 32, 32]
    stem: conv(3x3/2, 8, pad: same, act: relu)
    both: add {
      low:  conv(1x1, 4)
      high: conv(3x3/2, 16, pad: same, act: relu) -> conv(3x3, 16, act: relu) -> conv(3x3, 16, act: relu)
            -> conv(3x3, 16, act: relu) -> mul { x: conv(1x1, 16, act: relu)
                                                gate: globalavgpool -> conv(1x1, 16, act: sigmoid) }
            -> conv(1x1, 4) -> upsample(2)
    }
    output out: relu
  }`);
  expect(text).toContain("low: from stem");
});
