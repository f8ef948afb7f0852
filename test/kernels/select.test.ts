import { describe, expect, test } from "vitest";
import { type Graph, runNodes } from "../../src/graph/graph.js";
import { printGraph } from "../../src/graph/print.js";
import { verifyGraph } from "../../src/graph/verify.js";
import { anyKernel, type AnyKernel, type Lowering, type Way } from "../../src/kernels/kernel.js";
import { type Layout, planar } from "../../src/kernels/layout.js";
import { type Measurement, nodeKey, recordsOf } from "../../src/kernels/records.js";
import type { KernelList } from "../../src/kernels/list.js";
import type { Selection } from "../../src/kernels/selection.js";
import { select } from "../../src/kernels/select.js";
import { activationPrimitives } from "../../src/ops/activations.js";
import { conv2d } from "../../src/ops/conv2d.js";
import { maxPool } from "../../src/ops/pool2d.js";
import type { Primitive } from "../../src/ops/primitive.js";
import { GraphWriter } from "../support/graphs.js";
import { interpret } from "../support/interpreter.js";
import { Random } from "../support/random.js";
import { weightsFor } from "../support/weights.js";

/** Lowers to nothing but names: who was chosen, and what prepares its weights. */
interface Named extends Lowering {
  readonly run: undefined;
  readonly instruction: string;
  readonly prepare: undefined;
  readonly call: string;
}

const blocked: Layout = { kind: "blocked", block: 4 };
const { relu } = activationPrimitives;

interface Facts {
  readonly cost?: number;
  readonly input?: Layout;
  readonly output?: Layout;
  readonly refused?: string;
  readonly reference?: boolean;
  readonly tunings?: readonly (readonly [tuning: string, cost: number])[];
}

/** A kernel on blocks that costs 10, unless said otherwise. */
function kernel<A>(name: string, primitive: Primitive<A>, facts: Facts = {}): AnyKernel<Named> {
  const { cost = 10, input = blocked, output = blocked, refused, tunings = [["", cost]] } = facts;
  return anyKernel<A, string, Named>({
    name,
    primitive,
    ...(facts.reference === undefined ? {} : { reference: facts.reference }),
    ...(refused === undefined ? {} : { refuses: () => refused }),
    ways: (node) =>
      tunings.map(([tuning, nanoseconds]): Way<string, Named> => ({
        tuning,
        inputs: node.inputs.map(() => input),
        outputs: node.outputs.map(() => output),
        weights: Object.fromEntries(
          Object.entries(node.weights).map(([role, of]) => [
            role,
            {
              of,
              layout: { kind: "packed", name: `${name} ${tuning}`, bytes: 64 },
              lower: () => `pack ${role}`,
            },
          ]),
        ),
        cost: nanoseconds,
      })),
    lower: (_, __, tuning) => [`${name} ${tuning}`],
  });
}

const list = (
  kernels: readonly AnyKernel<Named>[],
  more: Partial<KernelList<Named>> = {},
): KernelList<Named> => ({
  machine: { level: "test" },
  kernels,
  conversions: [
    { from: "planar", to: "blocked", cost: () => 5, lower: () => ["to blocks"] },
    { from: "blocked", to: "planar", cost: () => 100, lower: () => ["to planar"] },
  ],
  input: () => planar,
  preparations: new Map(),
  references: false,
  ...more,
});

const chosen = ({ graph, choices }: Selection<Named>): readonly string[] =>
  runNodes(graph).map((node) => choices.get(node.outputs[0]!)!.lower(undefined, node).join());

/** image -> relu a */
function activation(): Graph {
  const w = new GraphWriter([3, 4, 4]);
  return w.output(w.node("a", relu, [w.input], {})).graph();
}

describe("the cheapest way is taken", () => {
  test("of all tunings of all kernels, and of equal ones the first", () => {
    const slow = kernel("slow", relu, { cost: 20 });
    const tuned = kernel("tuned", relu, {
      tunings: [
        ["a", 12],
        ["b", 9],
        ["c", 9],
      ],
    });
    const selection = select(activation(), list([slow, tuned]));
    expect(chosen(selection)).toEqual(["to blocks", "tuned b"]);
    const other = kernel("other", relu, { cost: 20 });
    expect(chosen(select(activation(), list([slow, other]))).at(-1)).toBe("slow ");
  });

  test("together with the conversions that it asks for", () => {
    const onBlocks = kernel("blocks", relu, { cost: 10 });
    const dear = kernel("planar", relu, { cost: 16, input: planar });
    const cheap = kernel("planar", relu, { cost: 14, input: planar });
    expect(chosen(select(activation(), list([onBlocks, dear])))).toEqual(["to blocks", "blocks "]);
    expect(chosen(select(activation(), list([onBlocks, cheap])))).toEqual(["planar "]);
  });

  test("a conversion that another reader asked for costs nothing", () => {
    const w = new GraphWriter([3, 4, 4]);
    const a = w.node("a", relu, [w.input], {});
    const b = w.node("b", activationPrimitives.tanh, [w.input], {});
    const graph = w.output(a).output(b).graph();
    const kernels = [
      kernel("relu", relu),
      kernel("tanh", activationPrimitives.tanh),
      kernel("tanh planar", activationPrimitives.tanh, { cost: 14, input: planar }),
    ];
    expect(chosen(select(graph, list(kernels)))).toEqual(["to blocks", "relu ", "tanh "]);
    expect(
      chosen(select(graph, list(kernels.slice(1).concat(kernel("r", relu, { input: planar }))))),
    ).toEqual(["r ", "tanh planar "]);
  });
});

describe("who refuses", () => {
  test("is passed over, and says why", () => {
    const graph = activation();
    const { choices } = select(
      graph,
      list([kernel("first", relu, { cost: 1, refused: "it is too small" }), kernel("last", relu)]),
    );
    const choice = choices.get(graph.nodes[0]!.outputs[0]!)!;
    expect(choice.kernel).toBe("last");
    expect(choice.refused).toEqual([{ kernel: "first", why: "it is too small" }]);
  });

  test("a reference is taken where all others do, whatever it costs, or where it is asked for", () => {
    const reference = kernel("reference", relu, { cost: 1, input: planar, reference: true });
    const fast = kernel("fast", relu, { cost: 1000 });
    expect(chosen(select(activation(), list([fast, reference]))).at(-1)).toBe("fast ");
    const refusing = kernel("fast", relu, { refused: "no" });
    expect(chosen(select(activation(), list([refusing, reference])))).toEqual(["reference "]);
    const forced = list([fast, reference], { references: true });
    expect(chosen(select(activation(), forced))).toEqual(["reference "]);
    // A target without references computes by what it has.
    expect(chosen(select(activation(), list([fast], { references: true }))).at(-1)).toBe("fast ");
  });

  test("where all do, what each said is a bug to report", () => {
    const refusing = kernel("fast", relu, { refused: "it is odd" });
    expect(() => select(activation(), list([refusing]))).toThrow(
      "bug: no kernel computes relu a (fast: it is odd)",
    );
  });
});

describe("who is asked for by name", () => {
  const dear = kernel("dear", relu, {
    tunings: [
      ["x", 30],
      ["x planar", 40],
      ["y", 20],
    ],
  });
  const reference = kernel("reference", relu, { cost: 1, input: planar, reference: true });
  const cheap = kernel("cheap", relu);
  const forced = (...names: readonly string[]): Selection<Named> =>
    select(activation(), list([cheap, dear, reference], { forced: names }));

  test.each([
    ["dear", "dear y"],
    ["dear:x", "dear x"],
    ["dear:x planar", "dear x planar"],
    ["reference", "reference "],
  ])("is taken whatever it costs: %s", (name, way) => {
    expect(chosen(forced(name)).at(-1)).toBe(way);
    expect(forced(name).idle).toEqual([]);
  });

  test("of several is the cheapest", () => {
    expect(chosen(forced("dear:x", "dear:y")).at(-1)).toBe("dear y");
    expect(forced("dear:x", "dear:y").idle).toEqual([]);
  });

  test("and can compute nothing is told of, and the usual one taken", () => {
    for (const name of ["dear:z", "dear:", "dear:x plan", "de", "other"]) {
      expect(chosen(forced(name)).at(-1)).toBe("cheap ");
      expect(forced(name).idle).toEqual([name]);
    }
    const refusing = kernel("dear", relu, { refused: "no" });
    const selection = select(activation(), list([cheap, refusing], { forced: ["dear"] }));
    expect(chosen(selection).at(-1)).toBe("cheap ");
    expect(selection.idle).toEqual(["dear"]);
  });
});

test("every way that there was is told, with the conversions that it asks for", () => {
  const graph = activation();
  const kernels = [kernel("a", relu), kernel("b", relu, { cost: 14, input: planar })];
  const { choices } = select(graph, list(kernels));
  expect(choices.get(graph.nodes[0]!.outputs[0]!)!.ways).toEqual([
    { kernel: "a", tuning: "", reference: false, inputs: [blocked], cost: 10, total: 15 },
    { kernel: "b", tuning: "", reference: false, inputs: [planar], cost: 14, total: 14 },
  ]);
});

test("of a layer with measured ways the fastest of those is taken, and no other", () => {
  const graph = activation();
  const fast = kernel("fast", relu, {
    tunings: [
      ["x", 10],
      ["y", 11],
    ],
  });
  const other = kernel("other", relu, { cost: 12 });
  const measured = (measurements: readonly Omit<Measurement, "key">[], key?: string): string =>
    chosen(
      select(
        graph,
        list([fast, other], {
          records: recordsOf(
            measurements.map((each) => ({ ...each, key: key ?? nodeKey(graph.nodes[0]!) })),
          ),
        }),
      ),
    ).at(-1)!;
  expect(measured([])).toBe("fast x");
  const slow = { kernel: "fast", tuning: "y", nanoseconds: 500 };
  const slower = { kernel: "other", tuning: "", nanoseconds: 501 };
  expect(measured([slow])).toBe("fast y");
  expect(measured([slower])).toBe("other ");
  expect(measured([slow, slower])).toBe("fast y");
  expect(measured([slower, { ...slow, nanoseconds: 502 }])).toBe("other ");
  expect(measured([slow], "relu (8 x 4x4)")).toBe("fast x");
  expect(measured([{ ...slow, tuning: "z" }])).toBe("fast x");
});

test("conversions and packing stand in the graph, which computes the same", () => {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.conv("a", w.input, 4, { size: 3 });
  const pools = ["p", "q"].map((name) =>
    w.node(name, maxPool, [w.input], {
      kernel: [3, 3],
      stride: [1, 1],
      pads: { top: 1, left: 1, bottom: 1, right: 1 },
      ceil: false,
      countPad: true,
    }),
  );
  const graph = w.output(a).output(pools[0]!).output(pools[1]!).graph();
  const kernels = [kernel("direct", conv2d, { input: planar }), kernel("pool", maxPool)];
  const selection = select(graph, list(kernels));
  expect(printGraph(selection.graph)).toBe(`Test (image : 3 x 4x4) -> a, p, q
prepare a.weight:packed : 4 x 3 x 3 x 3 = convert to direct  (a.weight)
prepare a.bias:packed : 4 = convert to direct  (a.bias)
a : 4 x 4x4 = conv 3x3 4 pad 1 (image) weight a.weight:packed bias a.bias:packed
image:blocked4 : 3 x 4x4 = convert to blocked4 (image)
p : 3 x 4x4 = maxpool 3x3 pad 1 (image:blocked4)
q : 3 x 4x4 = maxpool 3x3 pad 1 (image:blocked4)
`);
  expect(verifyGraph(selection.graph)).toEqual([]);
  const weights = weightsFor(graph, 1);
  const image = new Random(1).floats(48);
  expect(interpret(selection.graph, image, weights)).toEqual(interpret(graph, image, weights));
  const [convolution] = selection.graph.nodes.filter(({ primitive }) => primitive === conv2d);
  const layouts = [convolution!.weights["weight"]!, a, graph.inputs[0]!].map(
    (value) => selection.layout(value).kind,
  );
  expect(layouts).toEqual(["packed", "blocked", "planar"]);
});

test("of what is computed late the conversion is late, too", () => {
  const w = new GraphWriter([3, 4, 4]);
  const a = w.node("a", relu, [w.input], {});
  const graph = w.output(w.node("b", activationPrimitives.tanh, [a], {})).graph();
  const late = graph.nodes.map((node) =>
    node.primitive === relu ? { ...node, late: true } : node,
  );
  const kernels = [
    kernel("relu", relu),
    kernel("tanh", activationPrimitives.tanh, { input: planar }),
  ];
  const { graph: made } = select({ ...graph, nodes: late }, list(kernels));
  expect(made.nodes.map(({ outputs, late: is = false }) => [outputs[0]!.name, is])).toEqual([
    ["image:blocked4", false],
    ["a", true],
    ["a:planar", true],
    ["b", false],
  ]);
});

test("what a layout cannot become is a bug", () => {
  const last: Layout = { kind: "channels-last" };
  expect(() => select(activation(), list([kernel("odd", relu, { input: last })]))).toThrow(
    "bug: image cannot become channels-last",
  );
});

test("a kernel is asked for its own primitive alone", () => {
  const w = new GraphWriter([3, 4, 4]);
  const graph = w.output(w.conv("a", w.input, 4)).graph();
  expect(() => kernel("relu", relu).offer(graph.nodes[0]!, { level: "test" })).toThrow(
    "bug: relu is asked for conv",
  );
});
