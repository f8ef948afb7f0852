/** Networks as exporters write them, of all that rules look for in any order, and never the same. */
import { describe, expect, test } from "vitest";
import type { Graph } from "../../../src/graph/graph.js";
import { printGraph } from "../../../src/graph/print.js";
import type { Value } from "../../../src/graph/value.js";
import { applied, normalise } from "../../../src/import/normal/normalise.js";
import { rules } from "../../../src/import/normal/rules.js";
import { walk } from "../../../src/import/normal/walk.js";
import { activationNames, activationPrimitives } from "../../../src/ops/activations.js";
import { dropout } from "../../../src/ops/dropout.js";
import { flatten } from "../../../src/ops/flatten.js";
import { groupnorm } from "../../../src/ops/groupnorm.js";
import { identity } from "../../../src/ops/identity.js";
import { slice } from "../../../src/ops/joins/concat.js";
import { max } from "../../../src/ops/joins/max.js";
import { mul } from "../../../src/ops/joins/mul.js";
import { linear } from "../../../src/ops/linear.js";
import { avgPool, maxPool } from "../../../src/ops/pool2d.js";
import { scale } from "../../../src/ops/scale.js";
import { channels, plane } from "../../../src/ops/shape.js";
import { zeroPad } from "../../../src/ops/zeropad.js";
import { buildGraph } from "../../../src/graph/build.js";
import { GraphWriter } from "../../support/graphs.js";
import { networkOf } from "../../support/network.js";
import { randomNetwork } from "../../support/networks.js";
import { Random } from "../../support/random.js";
import { held, importedOf } from "./hold.js";

const seeds = Array.from({ length: 60 }, (_, seed) => seed);

/** Values of one size, from which the next node takes some. */
class Exported extends GraphWriter {
  private readonly random: Random;
  private readonly values: Value[];
  private count = 0;

  constructor(seed: number) {
    const random = new Random(seed);
    super([random.pick([1, 3, 4, 6]), random.integer(1, 6), random.integer(1, 6)]);
    this.random = random;
    this.values = [this.input];
  }

  whole(): this {
    for (let i = this.random.integer(4, 25); i > 0; i--) this.values.push(this.step());
    const last = this.values.at(-1)!;
    this.output(this.random.chance(0.5) ? this.head(last) : last, "y");
    if (this.random.chance(0.3)) this.output(this.random.pick(this.values), "inner");
    return this;
  }

  private step(): Value {
    const { random } = this;
    const x = random.chance(0.6) ? this.values.at(-1)! : random.pick(this.values);
    const [count, [height, width]] = [channels(x.shape), plane(x.shape)];
    const list = (low: number, high: number): readonly number[] =>
      Array.from(random.floats(random.pick([1, count]), low, high));
    const like = this.values.filter(({ shape }) => shape.join() === x.shape.join());
    const beside = this.values.filter(({ shape }) => plane(shape).join() === plane(x.shape).join());
    const window = {
      stride: [1, 1],
      ceil: random.chance(0.3),
      countPad: random.chance(0.5),
    } as const;
    const kernel = [Math.min(2, height), Math.min(2, width)] as const;
    const side = () => random.integer(0, 1);
    const pads = { top: side(), left: side(), bottom: side(), right: side() };
    const small = count <= 12;
    return random.pick<() => Value>([
      () => this.node(this.next(), scale, [x], { scale: list(0.5, 2), shift: [0] }),
      () => this.node(this.next(), scale, [x], { scale: [1], shift: list(-1, 1) }),
      () => this.node(this.next(), activationPrimitives[random.pick(activationNames)], [x], {}),
      () => this.gated(x),
      () => this.leaning(x),
      () => this.twice(x),
      () => this.reduced(x),
      () => this.split(x),
      () => this.three(x),
      () => (small ? this.dense(x) : x),
      () => this.node(this.next(), activationPrimitives.relu, [x], {}),
      () => this.conv(this.next(), x, random.pick([1, 3, count]), { bias: random.chance(0.5) }),
      () => this.batchNorm(this.next(), x, random.chance(0.5), random.chance(0.5)),
      () => this.norm(x),
      () => this.node(this.next(), slice, [x], this.part(count)),
      () => (small ? this.cutApart(x) : x),
      () => this.concat(this.next(), ...(small ? [x, random.pick(beside)] : [x])),
      () => this.add(this.next(), random.pick(like), x),
      () => this.node(this.next(), mul, [random.pick(like), x], {}),
      () => this.node(this.next(), max, [x, random.pick(like)], {}),
      () => this.node(this.next(), identity, [x], {}),
      () => this.node(this.next(), dropout, [x], { p: random.pick([0, 0.5]) }),
      () =>
        this.node(this.next(), zeroPad, [x], {
          pads: height > 8 || width > 8 ? { ...pads, top: 0, left: 0, bottom: 0, right: 0 } : pads,
        }),
      () =>
        this.node(this.next(), random.pick([maxPool, avgPool]), [x], {
          kernel,
          pads: { ...pads, top: 0, left: 0 },
          ...window,
        }),
      () =>
        this.node(this.next(), random.pick([maxPool, avgPool]), [x], {
          ...window,
          kernel: [height, width],
          stride: [height, width],
          pads: { top: 0, left: 0, bottom: 0, right: 0 },
        }),
    ])();
  }

  /** With a factor, an offset, both or neither; of few values, which an eps keeps tame. */
  private norm(x: Value): Value {
    const [scale, shift] = [this.random.chance(0.5), this.random.chance(0.5)];
    return this.node(this.next(), groupnorm, [x], { groups: 1, eps: 0.1, scale, shift });
  }

  private part(count: number): { readonly from: number; readonly count: number } {
    const from = this.random.integer(0, count - 1);
    return { from, count: this.random.integer(1, count - from) };
  }

  /** Each channel for itself, some of them scaled, and all together again. */
  private cutApart(x: Value): Value {
    const parts = Array.from({ length: channels(x.shape) }, (_, from) => {
      const part = this.node(this.next(), slice, [x], { from, count: 1 });
      const attrs = { scale: [from + 1], shift: [0.5] };
      return this.random.chance(0.6) ? this.node(this.next(), scale, [part], attrs) : part;
    });
    return this.concat(this.next(), ...parts);
  }

  private gated(x: Value): Value {
    const gate = this.random.pick(["sigmoid", "hardsigmoid"] as const);
    const open = this.node(this.next(), activationPrimitives[gate], [x], {});
    return this.node(this.next(), mul, [open, x], {});
  }

  private leaning(x: Value): Value {
    const least = this.node(this.next(), scale, [x], { scale: [0.25], shift: [0] });
    return this.node(this.next(), max, [x, least], {});
  }

  private twice(x: Value): Value {
    const both = [1, 2].map(() => this.node(this.next(), activationPrimitives.tanh, [x], {}));
    return this.add(this.next(), ...both);
  }

  /** As Inception-ResNet adds a branch. */
  private reduced(x: Value): Value {
    const branch = this.node(this.next(), activationPrimitives.tanh, [x], {});
    const part = this.node(this.next(), scale, [branch], { scale: [0.25], shift: [0] });
    return this.add(this.next(), x, part);
  }

  /** A sum of two at a time. */
  private three(x: Value): Value {
    const terms = [1, 2, 3].map(() => this.conv(this.next(), x, 2)) as [Value, Value, Value];
    return this.add(this.next(), this.add(this.next(), terms[0], terms[1]), terms[2]);
  }

  /** A branch that splits in two, written flat. */
  private split(x: Value): Value {
    const [a, b] = [this.conv(this.next(), x, 2), this.conv(this.next(), x, 2)];
    const ends = [1, 3].map((size) => this.conv(this.next(), b, 1, { size }));
    return this.concat(this.next(), a, ...ends);
  }

  /** Layers that each read all before them. */
  private dense(x: Value): Value {
    const joined = this.concat(this.next(), x, this.conv(this.next(), x, 1));
    return this.concat(
      this.next(),
      ...joinedBy(this.graph(), joined),
      this.conv(this.next(), joined, 1),
    );
  }

  private head(x: Value): Value {
    let y = this.node(this.next(), flatten, [x], {});
    if (this.random.chance(0.4)) y = this.node(this.next(), activationPrimitives.relu, [y], {});
    if (this.random.chance(0.4)) y = this.node(this.next(), dropout, [y], { p: 0.5 });
    if (this.random.chance(0.3)) y = this.batchNorm(this.next(), y);
    y = this.node(this.next(), linear, [y], { features: 3, bias: false });
    return this.node(this.next(), scale, [y], { scale: [1], shift: [1, 2, 3] });
  }

  private next(): string {
    return `v${this.count++}`;
  }
}

const joinedBy = ({ nodes }: Graph, value: Value): readonly Value[] =>
  nodes.find((node) => node.outputs[0] === value)!.inputs;

describe.each(seeds)("network %i", (seed) => {
  test("computes what it did, and is normal then", async () => {
    const graph = new Exported(seed).whole().graph();
    // Weights are rounded once; sums of small and large numbers make more of that.
    const after = await held(graph, rules, 1e-5);
    expect(printGraph(normalise(after).graph)).toBe(printGraph(after.graph));
    expect(walk(after, rules).fired.size).toBe(0);
  });
});

test.each(seeds.slice(0, 10))("a network that a spec could say too: %i", async (seed) => {
  await held(buildGraph(networkOf(randomNetwork(seed))), rules, 1e-5);
});

test("between them every rule fires", () => {
  const fired = new Set(
    seeds.flatMap((seed) => {
      const network = importedOf(new Exported(seed).whole().graph());
      return [...walk(applied(network, []), rules).fired.keys()];
    }),
  );
  expect(rules.map(({ name }) => name).filter((name) => !fired.has(name))).toEqual([]);
});
