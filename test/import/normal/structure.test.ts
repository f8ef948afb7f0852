import { describe, expect, test } from "vitest";
import type { Value } from "../../../src/graph/value.js";
import { dropPassing } from "../../../src/import/normal/drop-passing.js";
import { flattenJoins } from "../../../src/import/normal/flatten-joins.js";
import { linearFlattens } from "../../../src/import/normal/linear-flattens.js";
import { mergeEqual } from "../../../src/import/normal/merge-equal.js";
import { Dominators } from "../../../src/import/normal/dominators.js";
import { nestBranches } from "../../../src/import/normal/nest-branches.js";
import { nestConcats } from "../../../src/import/normal/nest-concats.js";
import { activationPrimitives } from "../../../src/ops/activations.js";
import { dropout } from "../../../src/ops/dropout.js";
import { flatten } from "../../../src/ops/flatten.js";
import { identity } from "../../../src/ops/identity.js";
import { slice } from "../../../src/ops/joins/concat.js";
import { add } from "../../../src/ops/joins/add.js";
import { max } from "../../../src/ops/joins/max.js";
import { linear } from "../../../src/ops/linear.js";
import { scale } from "../../../src/ops/scale.js";
import { shuffle } from "../../../src/ops/shuffle.js";
import { upsample } from "../../../src/ops/upsample.js";
import { softmax } from "../../../src/ops/softmax.js";
import { Random } from "../../support/random.js";
import { GraphWriter } from "../../support/graphs.js";
import { expectUntouched, held, importedOf, rowsOf } from "./hold.js";
import { applied } from "../../../src/import/normal/normalise.js";

const { relu, sigmoid } = activationPrimitives;

const flat = (w: GraphWriter, name: string, x: Value): Value => w.node(name, flatten, [x], {});
const full = (w: GraphWriter, name: string, x: Value, features = 3): Value =>
  w.node(name, linear, [x], { features, bias: true });
const rectified = (w: GraphWriter, name: string, x: Value): Value => w.node(name, relu, [x], {});

describe("what passes on", () => {
  test("is left out, and its reader and output take what it passed", async () => {
    const w = new GraphWriter([4, 3, 3]);
    const a = w.node("a", identity, [rectified(w, "r", w.input)], {});
    const b = w.node("b", dropout, [w.concat("c", a)], { p: 0 });
    const d = w.node("d", slice, [w.node("s", scale, [b], { scale: [1], shift: [0] })], {
      from: 0,
      count: 4,
    });
    const e = w.node("e", shuffle, [d], { groups: 1 });
    const f = flat(w, "f", full(w, "v", e));
    const after = await held(w.output(e).output(f).graph(), [dropPassing]);
    expect(rowsOf(after)).toEqual([
      "r : 4 x 3x3 = relu (image)",
      "v : 3 = linear 3 (r) weight v.weight bias v.bias",
    ]);
    expect(after.graph.outputs.map(({ name, value }) => [name, value.name])).toEqual([
      ["e", "r"],
      ["f", "v"],
    ]);
  });

  test("stays where it says something: a share to drop, some channels, a flatten", async () => {
    const w = new GraphWriter([4, 1, 1]);
    const a = w.node("a", dropout, [w.input], { p: 0.5 });
    const b = w.node("b", slice, [a], { from: 0, count: 3 });
    await expectUntouched(w.output(flat(w, "f", b)).graph(), [dropPassing]);
  });

  test("leaves its name to a value that has none", () => {
    const w = new GraphWriter([4, 3, 3]);
    const r = rectified(w, "r", w.input);
    const { graph, weights } = importedOf(w.output(w.node("a", identity, [r], {})).graph());
    const [, a] = graph.nodes;
    const names = new Map([[a!.outputs[0]!, ["head"]]]);
    expect([...applied({ graph, weights, names }, [dropPassing]).names]).toEqual([[r, ["head"]]]);
  });
});

describe("a flatten before a linear map", () => {
  test("is left out, through what looks at each number alone", async () => {
    const w = new GraphWriter([4, 3, 2]);
    const f = flat(w, "f", w.input);
    const r = rectified(w, "r", f);
    const s = w.node("s", scale, [r], { scale: [2], shift: [1] });
    const d = w.node("d", dropout, [s], { p: 0.5 });
    const after = await held(w.output(full(w, "y", d)).graph(), [linearFlattens]);
    expect(rowsOf(after)).toEqual([
      "r : 4 x 3x2 = relu (image)",
      "s : 4 x 3x2 = scale 2 shift 1 (r)",
      "d : 4 x 3x2 = dropout 0.5 (s)",
      "y : 3 = linear 3 (d) weight y.weight bias y.bias",
    ]);
    expect([...after.names].every(([{ name }, hint]) => hint.join() === name)).toBe(true);
    expect(after.names.size).toBe(4);
  });

  test("of one pixel is left out through a norm too", async () => {
    const w = new GraphWriter([4, 1, 1]);
    const n = w.batchNorm("n", flat(w, "f", w.input));
    const after = await held(w.output(full(w, "y", n)).graph(), [linearFlattens]);
    expect(rowsOf(after)[0]).toMatch(/^n : 4 x 1x1 = batchnorm .* \(image\)/);
    expect(rowsOf(after)).toHaveLength(2);
  });

  test("stays for others", async () => {
    const w = new GraphWriter([4, 3, 2]);
    const f = flat(w, "f", w.input);
    const after = await held(
      w
        .output(full(w, "y", f))
        .output(f)
        .graph(),
      [linearFlattens],
    );
    expect(rowsOf(after)).toEqual([
      "f : 24 = flatten (image)",
      "y : 3 = linear 3 (image) weight y.weight bias y.bias",
    ]);
  });

  test.each<[string, (w: GraphWriter, f: Value) => Value]>([
    ["a norm of many pixels", (w, f) => w.batchNorm("n", f)],
    [
      "numbers for each of many pixels",
      (w, f) =>
        w.node("n", scale, [f], {
          scale: f.shape[0] === 24 ? Array.from({ length: 24 }, (_, i) => i) : [1],
          shift: [0],
        }),
    ],
    ["a softmax", (w, f) => w.node("n", softmax, [f], {})],
    [
      "what is needed elsewhere",
      (w, f) => {
        const r = rectified(w, "r", f);
        w.output(r);
        return r;
      },
    ],
    ["another linear map", (w, f) => w.concat("n", f, full(w, "l", w.input))],
  ])("stays before %s", async (_, between) => {
    const w = new GraphWriter([4, 3, 2]);
    const y = full(w, "y", between(w, flat(w, "f", w.input)));
    await expectUntouched(w.output(y).graph(), [linearFlattens]);
  });
});

describe("equal nodes", () => {
  test("are one, and what reads them is then", async () => {
    const w = new GraphWriter([4, 3, 3]);
    const [a, b] = ["a", "b"].map((name) => rectified(w, name, w.input)) as [Value, Value];
    const [c, d] = [flat(w, "c", a), flat(w, "d", b)];
    expect(rowsOf(await held(w.output(w.add("y", c, d)).graph(), [mergeEqual]))).toEqual([
      "a : 4 x 3x3 = relu (image)",
      "c : 36 = flatten (a)",
      "y : 36 = add (c, c)",
    ]);
  });

  test("stay two with weights, with other attributes, in another order, or drawn", async () => {
    const w = new GraphWriter([4, 3, 3]);
    const [a, b] = [w.conv("a", w.input, 4), w.conv("b", w.input, 4)];
    const [c, d] = [w.concat("c", a, b), w.concat("d", b, a)];
    const [e, f] = [0, 1].map((from) => w.node(`s${from}`, slice, [c], { from, count: 4 })) as [
      Value,
      Value,
    ];
    const [g, h] = ["g", "h"].map((name) => w.node(name, dropout, [e], { p: 0.5 })) as [
      Value,
      Value,
    ];
    await expectUntouched(w.output(w.concat("y", d, f, g, h)).graph(), [mergeEqual]);
  });
});

describe("concats", () => {
  test("that begin with what earlier ones join take that", async () => {
    const w = new GraphWriter([2, 3, 3]);
    let all: readonly Value[] = [w.input];
    for (const k of [1, 2, 3, 4]) {
      const joined = all.length === 1 ? w.input : w.concat(`c${k}`, ...all);
      all = [...all, w.conv(`f${k}`, joined, 2)];
    }
    const after = await held(w.output(w.concat("y", ...all)).graph(), [nestConcats]);
    expect(rowsOf(after).filter((row) => row.includes("= concat"))).toEqual([
      "c2 : 4 x 3x3 = concat (image, f1)",
      "c3 : 6 x 3x3 = concat (c2, f2)",
      "c4 : 8 x 3x3 = concat (c3, f3)",
      "y : 10 x 3x3 = concat (c4, f4)",
    ]);
  });

  test("nested and flat are the same", async () => {
    const w = new GraphWriter([2, 3, 3]);
    const [a, b] = [rectified(w, "a", w.input), w.node("b", sigmoid, [w.input], {})];
    const inner = w.concat("inner", a, b);
    const nested = w.concat("nested", inner, w.input);
    const same = w.concat("same", a, b, w.input);
    const more = w.concat("more", a, b, w.input, a);
    const graph = w.output(inner).output(nested).output(same).output(more).graph();
    const after = await held(graph, [nestConcats]);
    expect(rowsOf(after).slice(2)).toEqual([
      "inner : 4 x 3x3 = concat (a, b)",
      "nested : 6 x 3x3 = concat (inner, image)",
      "more : 8 x 3x3 = concat (nested, a)",
    ]);
  });

  test("stay nested where the inner one is a branch, and flat where they begin otherwise", async () => {
    const w = new GraphWriter([2, 3, 3]);
    const [a, b] = [rectified(w, "a", w.input), w.node("b", sigmoid, [w.input], {})];
    const inner = w.concat("inner", a, b);
    const outer = w.concat("outer", w.input, inner);
    const other = w.concat("other", b, a, w.input);
    await expectUntouched(w.output(outer).output(other).graph(), [nestConcats]);
  });
});

describe("sums of sums", () => {
  const three = (w: GraphWriter, x: Value) =>
    ["a", "b", "c"].map((name) => w.conv(name, x, 2)) as unknown as readonly [Value, Value, Value];

  test("are one, at whichever place, and so are largest values", async () => {
    const w = new GraphWriter([2, 4, 4]);
    const [a, b, c] = three(w, w.input);
    const y = w.add("y", w.add("s", a, b), c, w.add("t", w.add("u", b, c), a));
    const z = w.node("z", max, [a, w.node("m", max, [b, c], {})], {});
    const after = await held(w.output(y).output(z).graph(), [flattenJoins]);
    expect(rowsOf(after).slice(3)).toEqual([
      "y : 2 x 4x4 = add (a, b, c, b, c, a)",
      "z : 2 x 4x4 = max (a, b, c)",
    ]);
  });

  test.each<[string, (w: GraphWriter, x: Value) => Value]>([
    [
      "others need one",
      (w, x) => {
        const [a, b, c] = three(w, x);
        const s = w.add("s", a, b);
        w.output(s);
        return w.add("y", s, c);
      },
    ],
    [
      "one has factors",
      (w, x) => {
        const [a, b, c] = three(w, x);
        return w.add("y", w.node("s", add, [a, b], { scales: [1, 0.5] }), c);
      },
    ],
    [
      "the outer one has",
      (w, x) => {
        const [a, b, c] = three(w, x);
        return w.node("y", add, [c, w.add("s", a, b)], { scales: [1, 0.5] });
      },
    ],
    [
      "the inner one is a residual",
      (w, x) => {
        const r = rectified(w, "r", x);
        return w.add("y", w.add("s", r, w.conv("a", r, 2)), w.conv("b", x, 2));
      },
    ],
    ["the outer one is", (w, x) => w.add("y", x, w.add("s", w.conv("a", x, 2), w.conv("b", x, 2)))],
    [
      "the sum of a largest value",
      (w, x) => {
        const [a, b, c] = three(w, x);
        return w.add("y", w.node("s", max, [a, b], {}), c);
      },
    ],
    [
      "it would be long",
      (w, x) => {
        const terms = Array.from({ length: 7 }, (_, i) => w.conv(`t${i}`, x, 2));
        return w.add("y", w.add("s", ...terms), w.conv("a", x, 2), w.conv("b", x, 2));
      },
    ],
  ])("stay where %s", async (_, sum) => {
    const w = new GraphWriter([2, 4, 4]);
    await expectUntouched(w.output(sum(w, rectified(w, "x", w.input))).graph(), [flattenJoins]);
  });
});

describe("operands of a concat that split from one branch", () => {
  test("are a concat of their own", async () => {
    const w = new GraphWriter([2, 4, 4]);
    const x = rectified(w, "x", w.input);
    const [a, b] = [w.conv("a", x, 1), rectified(w, "b", w.conv("b.0", x, 2))];
    const [l, r] = [w.conv("l", b, 1, { size: 3 }), rectified(w, "r", w.conv("r.0", b, 1))];
    const [c, d] = [w.conv("c", a, 1), w.node("d", sigmoid, [a], {})];
    const after = await held(w.output(w.concat("y", c, d, l, r, x)).graph(), [nestBranches]);
    expect(rowsOf(after).filter((row) => row.includes("= concat"))).toEqual([
      "y:concat : 2 x 4x4 = concat (c, d)",
      "y:concat:2 : 2 x 4x4 = concat (l, r)",
      "y : 6 x 4x4 = concat (y:concat, y:concat:2, x)",
    ]);
  });

  test.each<[string, (w: GraphWriter, x: Value) => readonly Value[]]>([
    [
      "one is needed elsewhere",
      (w, x) => {
        const b = w.conv("b", x, 2);
        const l = w.conv("l", b, 1);
        w.output(l);
        return [w.conv("a", x, 1), l, w.conv("r", b, 1)];
      },
    ],
    [
      "the branch is needed elsewhere",
      (w, x) => {
        const b = w.conv("b", x, 2);
        w.output(b);
        return [w.conv("a", x, 1), w.conv("l", b, 1), w.conv("r", b, 1)];
      },
    ],
    [
      "one comes from the other",
      (w, x) => {
        const b = w.conv("b", x, 2);
        return [w.conv("a", x, 1), b, w.conv("l", b, 1)];
      },
    ],
    [
      "they do not lie side by side",
      (w, x) => {
        const b = w.conv("b", x, 2);
        return [w.conv("l", b, 1), w.conv("a", x, 1), w.conv("r", b, 1)];
      },
    ],
    [
      "they share more than the branch's end",
      (w, x) => {
        const b = w.conv("b", x, 2);
        const c = w.conv("c", b, 2);
        return [w.conv("a", x, 1), w.conv("l", b, 1), w.conv("m", c, 1), w.conv("r", c, 1)];
      },
    ],
    [
      "two of them come together on their way",
      (w, x) => {
        const b = w.conv("b", x, 2);
        const c = w.add("c", w.conv("c.0", b, 2), w.node("c.1", sigmoid, [b], {}));
        return [w.conv("a", x, 1), w.conv("l", b, 1), w.conv("m", c, 1), w.conv("r", c, 1)];
      },
    ],
    [
      "they are of another stage",
      (w, x) => {
        const b = w.conv("b", x, 2, { size: 3, stride: [2, 2] });
        const up = (name: string, y: Value) => w.node(name, upsample, [y], { factor: [2, 2] });
        return [w.conv("a", x, 1), up("l", w.conv("m", b, 1)), up("r", w.conv("s", b, 1))];
      },
    ],
    [
      "they are all",
      (w, x) => {
        const b = w.conv("b", x, 2);
        return [w.conv("a", b, 1), w.conv("l", b, 1), w.conv("r", b, 1)];
      },
    ],
  ])("stay flat where %s", async (_, branches) => {
    const w = new GraphWriter([2, 4, 4]);
    const y = w.concat("y", ...branches(w, rectified(w, "x", w.input)));
    await expectUntouched(w.output(y).graph(), [nestBranches]);
  });
});

test("dominators are those of the definition, in networks of any form", () => {
  for (let seed = 0; seed < 60; seed++) {
    const random = new Random(seed);
    const w = new GraphWriter([1, 1, 1]);
    const values = [w.input];
    for (let i = 0; i < 40; i++) {
      const recent = () => values.at(-random.integer(1, Math.min(values.length, 6)))!;
      const inputs = Array.from({ length: random.integer(1, 3) }, recent);
      values.push(w.add(`v${i}`, ...inputs));
    }
    const { nodes } = w.graph();
    const dominators = new Dominators();
    // All ways lead through a value, and through what all ways to its operands lead through.
    const all = new Map<Value, ReadonlySet<Value>>([[w.input, new Set([w.input])]]);
    for (const node of nodes) {
      const sets = node.inputs.map((value) => all.get(value)!);
      const common = [...sets[0]!].filter((value) => sets.every((set) => set.has(value)));
      const [own] = node.outputs;
      all.set(own!, new Set([...common, own!]));
      dominators.add(node);
      expect(dominators.common(node.inputs).value).toBe(common.at(-1));
      const root = dominators.common([w.input]);
      expect(dominators.firstBelow(root, own!).value).toBe([...all.get(own!)!][1]);
    }
  }
});
