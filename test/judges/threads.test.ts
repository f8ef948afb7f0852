/**
 * What an image's outputs are hangs neither on the batch that it is in nor on the threads of its
 * instance, to the bit: members of a team take whole images, and share those that are left over; what reads
 * many weights takes several images together.
 */
import { afterAll, expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { elements } from "../../src/ops/shape.js";
import { networkOf, randomWeights } from "../support/network.js";
import { randomNetwork } from "../support/networks.js";
import { type QuickNetwork, QuickBuilder } from "../support/quick-build.js";
import { Random } from "../support/random.js";

const builder = new QuickBuilder();
afterAll(() => builder[Symbol.dispose]());

const maxBatch = 5;

/** Two heads; the linear's rows are long and few, so that its members share a row. */
const heads = `model Heads {
  input image: f32[3, 20, 20]
  stem: conv(3x3, 24, act: relu)
  left: from stem -> conv(1x1, 40) -> lrn(5)
  aux side: from stem -> flatten -> linear(3)
  output prob: from left -> flatten -> linear(7) -> softmax
  output map: from left -> maxpool(3x3/2)
}`;

/** Groups of images: at the input, behind a convolution and beside one, with rows that are cut and whole. */
const wide = `model Wide {
  input image: f32[3, 6, 6]
  aux plain: flatten -> linear(300)
  stem: conv(3x3, 20, act: relu)
  hidden: flatten -> linear(260) -> relu
  aux side: from stem -> flatten -> linear(9)
  output prob: from hidden -> linear(70) -> softmax
  output map: from stem -> conv(1x1, 4)
}`;

const specs = [heads, wide, ...[3, 8].map((seed) => randomNetwork(seed))];

test.each(specs.flatMap((spec) => [true, false].map((passes) => ({ spec, passes }))))(
  "an image's bits are its own, network %#",
  { timeout: 300_000 },
  async ({ spec, passes }) => {
    const graph = buildGraph(networkOf(spec), { aux: true });
    const network = await builder.build(networkOf(spec), { passes, maxBatch }, graph);
    const weights = randomWeights(graph, 1);
    const size = elements(graph.inputs[0]!.shape);
    const images = new Random(2).floats(maxBatch * size, -2, 2);
    const alone = await network.open(weights, 1, async (run) => {
      const each = [];
      for (let i = 0; i < maxBatch; i++) {
        each.push(await run(images.subarray(i * size, (i + 1) * size)));
      }
      return each;
    });
    for (const threads of [1, 2, 3, 7]) {
      await network.open(weights, threads, async (run) => {
        for (let batch = maxBatch; batch > 0; batch--) {
          const together = await run(images.subarray(0, batch * size));
          for (const [name, values] of together) {
            const expected = alone.slice(0, batch).flatMap((one) => [...one.get(name)!]);
            expect([...values], `${name}, ${batch} images, ${threads} threads`).toEqual(expected);
          }
        }
      });
    }
  },
);

async function arenaBytes({ addon }: QuickNetwork, threads: number): Promise<number> {
  const weights = addon.describe().parameters.map(({ shape }) => new Float32Array(elements(shape)));
  const [model, session] = [new addon.Model(), new addon.Session()];
  await model.load(weights);
  expect(session.arenaBytes).toBe(0);
  await session.open(model, { threads, device: 0 });
  const bytes = session.arenaBytes;
  session.dispose();
  model.dispose();
  return bytes;
}

test("a session holds an arena for each image that it computes at once", async () => {
  const convolution = "model C { input image: f32[3, 8, 8] output y: conv(3x3, 8) -> relu }";
  const network = await builder.build(networkOf(convolution), { passes: true, maxBatch });
  const ofOne = network.addon.describe().arenaBytes;
  expect(await arenaBytes(network, 1)).toBe(ofOne);
  expect(await arenaBytes(network, 5)).toBe(5 * ofOne);
  // No batch has an image for each.
  expect(await arenaBytes(network, 6)).toBe(ofOne);
});

test("a session holds an arena for each image of a group, as many for each thread", async () => {
  const network = await builder.build(networkOf(wide), { passes: true, maxBatch });
  const ofOne = network.addon.describe().arenaBytes;
  const group = 5;
  expect(await arenaBytes(network, 1)).toBe(group * ofOne);
  expect(await arenaBytes(network, 2)).toBe(4 * ofOne);
  expect(await arenaBytes(network, 6)).toBe(group * ofOne);
});

test("a network tells how much work an image is", async () => {
  const of = async (channels: number): Promise<number> => {
    const spec = `model C { input image: f32[3, 32, 32] output y: conv(3x3, ${channels}) -> relu }`;
    return (await builder.build(networkOf(spec), { passes: true })).addon.describe().work;
  };
  const little = await of(16);
  expect(little).toBeGreaterThan(0);
  expect(await of(256)).toBeGreaterThan(4 * little);
});
