/**
 * A process that loads one network in one engine, runs it on one image, and prints how much memory
 * that took: `tsx resident.ts inceptc FOLDER THREADS` or `tsx resident.ts onnxruntime FILE THREADS`.
 */
import { Random } from "../test/support/random.js";

const [engine, file, threads] = process.argv.slice(2) as [string, string, string];
const runs = 5;

async function inceptc(): Promise<void> {
  const { loadArtefact } = await import("../src/runtime/load-artefact.js");
  const net = await loadArtefact(file);
  const model = await net.load({ weights: "random:1", threads: Number(threads) });
  for (const [name, shape] of Object.entries(model.info.inputs)) {
    const input = new Random(1).floats(shape.reduce((product, d) => product * d, 1));
    for (let i = 0; i < runs; i++) await model.run({ [name]: input });
  }
}

async function onnxruntime(): Promise<void> {
  const ort = await import("onnxruntime-node");
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: Number(threads),
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
  });
  for (const input of session.inputMetadata) {
    if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
    const shape = input.shape.map((d) => (typeof d === "number" ? d : 1));
    const size = shape.reduce((product, d) => product * d, 1);
    const tensor = new ort.Tensor("float32", new Random(1).floats(size), shape);
    for (let i = 0; i < runs; i++) await session.run({ [input.name]: tensor });
  }
}

/** Bytes; the peak is the process's, so it says something only where loading raised it. */
const peak = (): number => process.resourceUsage().maxRSS * 1024;

const before = { resident: process.memoryUsage.rss(), peak: peak() };
await (engine === "inceptc" ? inceptc() : onnxruntime());
const most = peak() > before.peak ? peak() : process.memoryUsage.rss();
process.stdout.write(JSON.stringify({ added: most - before.resident, total: most }));
process.exit(0);
