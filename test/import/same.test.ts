import { existsSync, readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { packageFile } from "../../src/emit/package.js";
import { type Graph, type Node, parametersOf } from "../../src/graph/graph.js";
import type { Parameter, Value } from "../../src/graph/value.js";
import { pair } from "../../src/import/same.js";
import { readSource } from "../../src/model/sources/files.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { dropout } from "../../src/ops/dropout.js";
import { flatten } from "../../src/ops/flatten.js";
import { identity } from "../../src/ops/identity.js";
import { add } from "../../src/ops/joins/add.js";
import { mul } from "../../src/ops/joins/mul.js";
import { linear } from "../../src/ops/linear.js";
import type { PoolAttrs } from "../../src/ops/pool-attrs.js";
import { maxPool } from "../../src/ops/pool2d.js";
import { scale } from "../../src/ops/scale.js";
import { exampleSpec } from "../support/examples.js";
import { GraphWriter } from "../support/graphs.js";
import { graphOf } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { Random } from "../support/random.js";

const examples = readdirSync(packageFile("examples")).filter((name) =>
  existsSync(exampleSpec(name)),
);

const { relu } = activationPrimitives;

/** Name by name, in the order of the spec's parameters; or the difference. */
const names = (pairing: ReturnType<typeof pair>): string | ReadonlyMap<string, string> =>
  typeof pairing === "string"
    ? pairing
    : new Map([...pairing].map(([spec, file]) => [spec.name, file.name]));

/** Every parameter, each with that of its own name. */
const itself = (graph: Graph): ReadonlyMap<string, string> =>
  new Map(parametersOf(graph).map(({ name }) => [name, name]));

/** The same graph of other objects, its nodes changed by `f`. */
function copied(graph: Graph, f: (node: Node) => Node = (node) => node): Graph {
  const copies = new Map<Value, Value>();
  const copy = (value: Value): Value => {
    const known = copies.get(value) ?? { ...value };
    copies.set(value, known);
    return known;
  };
  const nodes = graph.nodes.map((node) => {
    const { inputs, outputs, weights, ...changed } = f(node);
    const roles = Object.entries(weights).map(([role, value]) => [role, copy(value)] as const);
    return {
      ...changed,
      ...{ inputs: inputs.map(copy), outputs: outputs.map(copy) },
      weights: Object.fromEntries(roles),
    };
  });
  const outputs = graph.outputs.map((output) => ({ ...output, value: copy(output.value) }));
  return { ...graph, inputs: graph.inputs.map(copy), nodes, outputs };
}

function shuffled<T>(list: readonly T[], random: Random): readonly T[] {
  return list
    .map((each) => [random.next(), each] as const)
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);
}

/** Terms and factors in another order. */
function turned(node: Node, random: Random): Node {
  const order = shuffled([...node.inputs.keys()], random);
  const inputs = order.map((i) => node.inputs[i]!);
  if (node.primitive.name === mul.name || node.primitive.name === "max") return { ...node, inputs };
  if (node.primitive.name !== add.name) return node;
  const { scales } = node.attrs as { readonly scales: readonly number[] };
  return { ...node, inputs, attrs: { scales: order.map((i) => scales[i]!) } };
}

describe.each(examples)("%s", (name) => {
  const graph = graphOf(readSource(exampleSpec(name)));
  const random = new Random(1);

  test("is itself, in whichever order its terms and factors stand", () => {
    expect(names(pair(graph, copied(graph)))).toEqual(itself(graph));
    const other = copied(graph, (node) => turned(node, random));
    expect(names(pair(graph, other))).toEqual(itself(graph));
  });

  test("is no other one: any node left out, or with another attribute", () => {
    for (const node of shuffled(graph.nodes, random).slice(0, 2)) {
      const [own] = node.outputs;
      const lacking = copied(graph, (each) => ({
        ...each,
        inputs: each.inputs.map((value) => (value === own ? node.inputs[0]! : value)),
      }));
      const passes = node.primitive.passesOn?.(node.attrs, 1) === true;
      const flattens = node.primitive.name === flatten.name;
      if (!passes && !flattens && own !== graph.outputs[0]!.value) {
        expect(pair(graph, lacking)).toBeTypeOf("string");
      }
      if (passes || flattens) continue;
      const changed = copied(graph, (each) =>
        each === node ? { ...each, attrs: { ...(each.attrs as object), other: 1 } } : each,
      );
      expect(pair(graph, changed)).toBeTypeOf("string");
    }
  });
});

test.each(Array.from({ length: 15 }, (_, seed) => seed))("random network %i is itself", (seed) => {
  const graph = graphOf(randomNetwork(seed));
  const random = new Random(seed);
  const other = copied(graph, (node) => turned(node, random));
  const pairing = pair(graph, other);
  expect(pairing).toBeInstanceOf(Map);
  // Two branches that are made alike may change places: a sum is the same then.
  const shapes = [...(pairing as ReadonlyMap<Parameter, Parameter>)];
  expect(shapes.length).toBe(parametersOf(graph).length);
  expect(new Set(shapes.map(([, file]) => file)).size).toBe(shapes.length);
  expect(shapes.every(([a, b]) => a.shape.join() === b.shape.join())).toBe(true);
});

const pool: PoolAttrs = {
  ...{ kernel: [2, 2], stride: [2, 2], ceil: false, countPad: true },
  pads: { top: 0, left: 0, bottom: 0, right: 0 },
};

/** Two graphs of the same beginning. */
const written = (build: (w: GraphWriter, x: Value) => void): Graph => {
  const w = new GraphWriter([4, 6, 6]);
  build(w, w.conv("stem", w.input, 4));
  return w.graph();
};

describe("what a text says in other words is the same:", () => {
  test.each<[string, (w: GraphWriter, x: Value) => void, (w: GraphWriter, x: Value) => void]>([
    [
      "what passes on, and a flatten before a linear map",
      (w, x) => w.output(w.node("y", linear, [x], { features: 2, bias: true })),
      (w, x) => {
        const f = w.node("f", flatten, [w.node("i", identity, [x], {})], {});
        const d = w.node("d", dropout, [f], { p: 0.5 });
        w.output(w.node("y", linear, [d], { features: 2, bias: true }));
      },
    ],
    [
      "a factor of a sum",
      (w, x) => w.output(w.node("y", add, [w.input, x], { scales: [1, 0.5] })),
      (w, x) => {
        const s = w.node("s", scale, [x], { scale: [0.5], shift: [0] });
        w.output(w.add("y", s, w.input));
      },
    ],
    [
      "rounding up where nothing is left over",
      (w, x) => w.output(w.node("y", maxPool, [x], pool)),
      (w, x) => w.output(w.node("y", maxPool, [x], { ...pool, ceil: true })),
    ],
    [
      "one node at two places",
      (w, x) => {
        const r = w.node("r", relu, [x], {});
        w.output(w.concat("y", r, r));
      },
      (w, x) => w.output(w.concat("y", w.node("r", relu, [x], {}), w.node("s", relu, [x], {}))),
    ],
  ])("%s", (_, file, spec) => {
    const [ours, theirs] = [written(file), written(spec)];
    expect(names(pair(ours, theirs))).toEqual(itself(ours));
    expect(names(pair(theirs, ours))).toEqual(itself(ours));
  });
});

test("outputs in another order are no longer the same", () => {
  const two = (names: readonly [string, string]) =>
    written((w, x) => w.output(x, names[0]).output(w.node("r", relu, [x], {}), names[1]));
  expect(pair(two(["first", "second"]), two(["second", "first"]))).toBe(
    "Output 1 is called first in the file, and second in the spec.",
  );
});

describe("it says where they differ:", () => {
  const branches = (order: readonly number[], stride = 1, twin = false) =>
    written((w, x) => {
      const parts = [
        w.conv("a", x, 3, { size: 3 }),
        w.node("b", relu, [w.conv("c", x, 3)], {}),
        twin ? x : w.conv("d", x, 5, { stride: [stride, stride], dilation: [1, 1] }),
      ];
      w.output(w.concat("y", ...order.map((i) => parts[i]!)), "prob");
    });
  const file = branches([0, 1, 2]);

  test.each<[string, Graph, string]>([
    [
      "operands of a concat in another order",
      branches([1, 0, 2]),
      "a is conv 3x3 3 pad 1 of stem (3 x 6x6) in the file, and b is relu of c (3 x 6x6) in the spec.",
    ],
    [
      "a node missing",
      branches([0, 1, 2], 1, true),
      "d is conv 1x1 5 of stem (5 x 6x6) in the file, and stem is conv 1x1 4 of image (4 x 6x6) in the spec.",
    ],
    [
      "an operand missing",
      branches([0, 1]),
      "y is concat of 3 values (11 x 6x6) in the file, and y is concat of 2 values (6 x 6x6) in the spec.",
    ],
    [
      "an attribute",
      copied(file, (node) =>
        node.outputs[0]!.name === "a"
          ? { ...node, attrs: { ...(node.attrs as object), dilation: [2, 2] } }
          : node,
      ),
      "a is conv 3x3 3 pad 1 of stem (3 x 6x6) in the file, and a is conv 3x3 3 pad 1 dilation 2 of stem (3 x 6x6) in the spec.",
    ],
    [
      "an attribute that is not printed",
      copied(file, (node) =>
        node.outputs[0]!.name === "a"
          ? { ...node, attrs: { ...(node.attrs as object), momentum: 0.2 } }
          : node,
      ),
      "a is conv with momentum left out in the file, and a is conv with momentum 0.2 in the spec.",
    ],
    [
      "an output's name",
      { ...file, outputs: [{ ...file.outputs[0]!, name: "classes" }] },
      "Output 1 is called prob in the file, and classes in the spec.",
    ],
    [
      "an output more",
      { ...file, outputs: [...file.outputs, { ...file.outputs[0]!, name: "more" }] },
      "The file has 1 output, and the spec 2.",
    ],
    [
      "an input's shape",
      { ...file, inputs: [{ ...file.inputs[0]!, shape: [4, 6, 7] }] },
      "Input 1, image, is 4 x 6x6 in the file, and 4 x 6x7 in the spec.",
    ],
  ])("%s", (_, spec, sentence) => {
    expect(pair(file, spec)).toBe(sentence);
  });

  test("rounding up that makes a window more", () => {
    const pooled = (ceil: boolean) =>
      written((w, x) => w.output(w.node("y", maxPool, [x], { ...pool, stride: [3, 5], ceil })));
    expect(pair(pooled(false), pooled(true))).toBe(
      "y is maxpool 2x2/3x5 of stem (4 x 2x1) in the file, and y is maxpool 2x2/3x5 ceil of stem (4 x 2x2) in the spec.",
    );
  });

  test("one value of the file that the spec computes twice, and the other way round", () => {
    const once = written((w, x) => {
      const a = w.conv("a", x, 3);
      w.output(w.concat("y", w.node("r", relu, [a], {}), a));
    });
    const twice = written((w, x) => {
      const a = w.conv("a", x, 3);
      w.output(w.concat("y", w.node("r", relu, [a], {}), w.conv("b", x, 3)));
    });
    expect(pair(once, twice)).toBe("a is one value in the file, and two in the spec: a and b.");
    expect(pair(twice, once)).toBe("a is one value in the spec, and two in the file: a and b.");
  });

  test("one of the terms of a sum", () => {
    const sum = (second: boolean) =>
      written((w, x) => {
        const [a, b] = [w.conv("a", x, 4, { size: 3 }), w.conv("b", x, 4, { bias: second })];
        w.output(second ? w.add("y", b, a, x) : w.add("y", x, a, b));
      });
    expect(pair(sum(false), sum(true))).toBe(
      "b is conv 1x1 4 no bias of stem (4 x 6x6) in the file, and b is conv 1x1 4 of stem (4 x 6x6) in the spec.",
    );
  });
});

describe("terms that are made alike", () => {
  /** Two convolutions of one shape; of each becomes something else too. */
  const twins = (swapped: boolean) =>
    written((w, x) => {
      const [a, b] = [w.conv("a", x, 3), w.conv("b", x, 3)];
      const sum = swapped ? w.add("s", b, a) : w.add("s", a, b);
      w.output(w.concat("y", sum, w.node("r", relu, [a], {}), w.batchNorm("n", b)));
    });

  test("are told apart by what becomes of them", () => {
    expect(names(pair(twins(false), twins(true)))).toEqual(itself(twins(false)));
  });

  test("go together all the way, where nothing tells them apart", () => {
    const chains = (swapped: boolean) =>
      written((w, x) => {
        const [a, b] = [w.conv("a", x, 3), w.conv("b", x, 3)];
        const [c, d] = [w.conv("c", a, 3), w.conv("d", b, 3)];
        const sums = swapped
          ? [w.add("s", d, c), w.add("t", b, a)]
          : [w.add("s", c, d), w.add("t", a, b)];
        w.output(w.concat("y", ...sums));
      });
    const pairing = names(pair(chains(false), chains(true))) as ReadonlyMap<string, string>;
    const follows = { a: "c", b: "d" } as Readonly<Record<string, string>>;
    for (const first of ["a", "b"]) {
      const held = pairing.get(`${first}.weight`)!.slice(0, 1);
      expect(pairing.get(`${follows[first]!}.weight`)).toBe(`${follows[held]!}.weight`);
    }
  });
});

test.each([
  ["prob", "prob", true],
  ["prob", "prob_1", true],
  ["data:0", "data_0", true],
  ["495", "logits", true],
  ["output", "features", true],
  ["y", "prob", false],
  ["prob", "classes", false],
  ["prob", "prob_", false],
  ["prob_1", "prob_2", false],
])("a file's %s may be a spec's %s: %s", (name, other, may) => {
  const called = (to: string): Graph => {
    const graph = written((w, x) => w.output(x));
    return { ...graph, outputs: [{ ...graph.outputs[0]!, name: to }] };
  };
  expect(typeof pair(called(name), called(other)) !== "string").toBe(may);
});

test("an input's name is the spec's own", () => {
  const graph = written((w, x) => w.output(x));
  const [image] = graph.inputs;
  const renamed = (node: Node): Node => ({
    ...node,
    inputs: node.inputs.map((value) => (value === image ? { ...value, name: "data_0" } : value)),
  });
  const nodes = graph.nodes.map(renamed);
  const file = { ...graph, inputs: nodes[0]!.inputs, nodes };
  expect(names(pair(file, graph))).toEqual(itself(graph));
});

test("long networks are compared in as many steps", () => {
  const chain = (twice: boolean): Graph => {
    const w = new GraphWriter([1, 1, 1]);
    let x: Value = w.input;
    for (let i = 0; i < 5000; i++) {
      const y = w.node(`r${i}`, relu, [x], {});
      x = twice ? w.add(`a${i}`, x, y) : w.add(`a${i}`, y, x);
    }
    return w.output(x, "y").graph();
  };
  expect(pair(chain(false), chain(true))).toBeInstanceOf(Map);
});
