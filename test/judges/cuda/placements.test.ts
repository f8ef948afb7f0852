/** Networks whose values lie in ways that random ones seldom have, on the simulator, against the CPU. */
import { afterAll, expect, test } from "vitest";
import { elements } from "../../../src/ops/shape.js";
import { relativeL2 } from "../../support/compare.js";
import { graphOf, networkOf, randomWeights } from "../../support/network.js";
import { QuickBuilder } from "../../support/quick-build.js";
import { Random } from "../../support/random.js";

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const specs: Readonly<Record<string, string>> = {
  "two linears that read one slice, each by a dense copy of its own": `model D {
    input x: f32[8, 8, 8]
    s: conv(3x3, 16, act: relu)
    a: from s -> conv(3x3, 8, act: relu)
    m: concat { l: from a -> identity  r: from s -> conv(3x3, 8, act: relu) }
    output p: from a -> linear(10)
    output q: from a -> linear(64) -> relu -> linear(512) -> relu -> linear(512)
    output z: from m -> conv(3x3, 4)
  }`,
  "two groups of siblings under one path": `module M {
    concat { a: conv(1x1, 8, act: relu)  b: conv(1x1, 8, act: relu)  c: conv(1x1, 8)  d: conv(1x1, 8) }
  }
  model S {
    input x: f32[8, 6, 6]
    m: M
    n: M
    output y: globalavgpool -> linear(5)
  }`,
  "siblings of which some are operands of a concat in a concat": `model N {
    input x: f32[16, 7, 5]
    m: concat {
      a: conv(1x1, 8, act: relu)
      b: conv(1x1, 16, act: relu) -> concat { c: conv(1x3, 8)  d: conv(3x1, 8) }
      e: conv(1x1, 24, act: relu) -> conv(3x3, 8)
    }
    n: residual { concat { f: conv(1x1, 8)  g: conv(1x1, 8) } -> conv(1x1, in) }
    output y: maxpool(3x3/2, ceil: true) -> flatten -> linear(3) -> softmax
  }`,
};

test.each(Object.entries(specs))("%s", { timeout: 600_000 }, async (_, spec) => {
  const graph = graphOf(spec);
  const weights = randomWeights(graph, 1);
  const x = new Random(1).floats(3 * elements(graph.inputs[0]!.shape), -2, 2);
  const cpu = await (await builder.build(networkOf(spec), { passes: true })).run(x, weights);
  const gpu = await builder.build(networkOf(spec), { passes: true, target: "cuda-sim" });
  // Each run takes the tasks in another order.
  for (let run = 0; run < 4; run++) {
    for (const [name, values] of await gpu.run(x, weights)) {
      expect(relativeL2(values, cpu.get(name)!), name).toBeLessThanOrEqual(1e-5);
    }
  }
});
