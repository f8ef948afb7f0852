/**
 * Times our training on a batch, in a process of its own, and prints JSON as torch_batch.py does:
 * `tsx ours.ts NETWORK --batch N --threads N --runs N --warm-up N`.
 */
import { parseArgs } from "node:util";
import { peakMemory } from "../../src/bench/peak-memory.js";
import { loadModel } from "../../src/index.js";
import { Random } from "../../test/support/random.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    batch: { type: "string", default: "16" },
    threads: { type: "string", default: "2" },
    runs: { type: "string", default: "10" },
    "warm-up": { type: "string", default: "2" },
  },
});
const network = positionals[0] ?? "";
const [batch, threads] = [Number(values.batch), Number(values.threads)];

const net = await loadModel(`examples/${network}/${network}.incept`, { target: "cpu" });
const before = peakMemory();
await using trainer = await net.trainer({
  batch,
  threads,
  seed: 1,
  optimizer: { kind: "sgd", lr: 1e-3, momentum: 0.9, weightDecay: 1e-4 },
});
const random = new Random(1);
const { inputs, outputs, classes } = await shapesOf();
const given = {
  ...Object.fromEntries(inputs.map(([name, count]) => [name, random.floats(batch * count)])),
  ...Object.fromEntries(
    outputs.map((name) => [
      name,
      Int32Array.from({ length: batch }, () => random.integer(0, classes - 1)),
    ]),
  ),
};

const run = async (): Promise<number> => {
  const start = performance.now();
  await trainer.step(given);
  return performance.now() - start;
};
for (let i = 0; i < Number(values["warm-up"]); i++) await run();
const milliseconds: number[] = [];
for (let i = 0; i < Number(values.runs); i++) milliseconds.push(await run());
const result = {
  engine: "inceptc",
  network,
  batch,
  threads,
  milliseconds,
  peak: peakMemory(),
  before,
};
process.stdout.write(`${JSON.stringify(result)}\n`);

/** How many numbers an image has, what is trained, and on how many classes. */
async function shapesOf() {
  const model = await net.load({ weights: "random:1" });
  const size = (shape: readonly number[]): number =>
    shape.reduce((product, side) => product * side);
  const all = Object.entries(model.info.inputs).map(
    ([name, shape]) => [name, size(shape)] as const,
  );
  const names = Object.keys(model.info.outputs);
  const [first] = Object.values(model.info.outputs);
  await model.dispose();
  return { inputs: all, outputs: names, classes: first![0]! };
}
