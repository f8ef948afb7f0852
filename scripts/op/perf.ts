import { buildGraph } from "../../src/graph/build.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { elements } from "../../src/ops/shape.js";
import { families } from "../../test/judges/operators/cases.js";
import { networkOf, randomWeights } from "../../test/support/network.js";
import { OnnxModel } from "../../test/support/onnxruntime.js";
import { QuickBuilder } from "../../test/support/quick-build.js";
import { Random } from "../../test/support/random.js";

/** What GoogLeNet has early, in the middle and late. */
const sizes = [
  { channels: 64, plane: [56, 56] },
  { channels: 192, plane: [28, 28] },
  { channels: 832, plane: [7, 7] },
] as const;

/** Runs that are timed after as many that are not. */
const runs = 30;

/** A row a size, on one thread: the median of a run with all that surrounds it, beside the peer. */
export async function perfOf(name: string, seed: number): Promise<readonly string[]> {
  const random = new Random(seed);
  using builder = new QuickBuilder();
  const rows: string[] = [];
  for (const size of sizes) {
    const call = drawn(name, random, size);
    const shape = [size.channels, ...size.plane];
    const network = networkOf(
      `model Timed { input x: f32[${shape.join(", ")}] output y: ${call} }`,
    );
    const graph = buildGraph(network);
    const weights = randomWeights(graph, seed);
    const x = random.floats(elements(shape), -2, 2);
    const compiled = await builder.build(network, { passes: true, maxBatch: 1 });
    const onnx = await OnnxModel.open(graph, exportOnnx(graph, weights));
    const ours = await compiled.open(weights, 1, async (run) => median(() => run(x)));
    const theirs = await median(() => onnx.run(x));
    await onnx.close();
    const times = `${ours.toFixed(3)} ms, ONNX Runtime ${theirs.toFixed(3)} ms`;
    rows.push(
      `${(theirs / ours).toFixed(2).padStart(6)}x  ${times}  ${call} of ${shape.join(" x ")}`,
    );
  }
  return rows;
}

/** Draws until a call fits the size. */
function drawn(name: string, random: Random, size: (typeof sizes)[number]): string {
  for (;;) {
    const call = families[name]!.draw(random, { ...size, step: [1, 1] });
    if (call !== undefined) return call;
  }
}

async function median(run: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 2 * runs; i++) {
    const start = performance.now();
    await run();
    if (i >= runs) times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[runs / 2]!;
}
