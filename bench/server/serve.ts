/**
 * A process that serves one network as a server would: so many clients, each of which asks again as
 * soon as it is answered. Prints what they and the event loop saw, as JSON.
 *
 *     tsx serve.ts ENGINE FILE THREADS INSTANCES CLIENTS SECONDS
 */
import { monitorEventLoopDelay } from "node:perf_hooks";
import { Random } from "../../test/support/random.js";
import { summarise, type Timing } from "../../src/bench/timing.js";

export interface Served {
  readonly perSecond: number;
  /** Of one answer, from the question on. */
  readonly latency: Timing;
  /** How long the event loop was held up at a time: nothing else is answered meanwhile. */
  readonly blocked: { readonly median: number; readonly longest: number };
}

type Answer = () => Promise<unknown>;

async function inceptc(folder: string, threads: number, instances: number): Promise<Answer> {
  const { loadArtefact } = await import("../../src/runtime/load-artefact.js");
  const net = await loadArtefact(folder);
  const model = await net.load({ weights: "random:1", threads, instances });
  const [name, shape] = Object.entries(model.info.inputs)[0]!;
  const input = new Random(1).floats(shape.reduce((product, d) => product * d, 1));
  return () => model.run({ [name]: input });
}

/** Its sessions share nothing, so `instances` of them hold the weights as often. */
async function onnxruntime(file: string, threads: number, instances: number): Promise<Answer> {
  const ort = await import("onnxruntime-node");
  const make = () =>
    ort.InferenceSession.create(file, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
    });
  const sessions = await Promise.all(Array.from({ length: instances }, make));
  const port = sessions[0]!.inputMetadata[0]!;
  if (!port.isTensor) throw new Error(`${port.name} is no tensor`);
  const shape = port.shape.map((d) => (typeof d === "number" ? d : 1));
  const input = new Random(1).floats(shape.reduce((product, d) => product * d, 1));
  let turn = 0;
  return () => {
    const session = sessions[turn++ % sessions.length]!;
    return session.run({ [port.name]: new ort.Tensor("float32", input, shape) });
  };
}

async function serve(answer: Answer, clients: number, seconds: number): Promise<Served> {
  for (let i = 0; i < 5; i++) await answer();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  const times: number[] = [];
  delay.enable();
  const start = performance.now();
  const end = start + seconds * 1000;
  const client = async (): Promise<void> => {
    for (let asked = performance.now(); asked < end; asked = performance.now()) {
      await answer();
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const perSecond = (times.length * 1000) / (performance.now() - start);
  delay.disable();
  const blocked = { median: delay.percentile(50) / 1e6, longest: delay.max / 1e6 };
  return { perSecond, latency: summarise(times), blocked };
}

const [engine, file, ...numbers] = process.argv.slice(2) as [string, string, ...string[]];
const [threads, instances, clients, seconds] = numbers.map(Number) as [
  number,
  number,
  number,
  number,
];
const open = engine === "inceptc" ? inceptc : onnxruntime;
const served = await serve(await open(file, threads, instances), clients, seconds);
process.stdout.write(JSON.stringify(served));
process.exit(0);
