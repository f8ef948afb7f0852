/**
 * Writes expected.json: what ONNX Runtime says SimpleInception makes of a ramp from -1 to 1 with
 * the weights of random:1. `npm run demo:review` holds our build against it.
 *
 *   npx tsx examples/simple-inception/make-expected.ts
 */
import { writeFileSync } from "node:fs";
import * as ort from "onnxruntime-node";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import { checkFile } from "../../src/model/check-file.js";
import { exportOnnx } from "../../src/onnx/export.js";
import { randomParameter } from "../../src/runtime/weights/random.js";
import { ramp } from "../review/vectors.js";

export async function expectedLogits(): Promise<number[]> {
  const { network } = checkFile("examples/simple-inception/simple-inception.incept");
  if (network === undefined) throw new Error("The spec has errors.");
  const graph = buildGraph(network);
  const weights = new Map(parametersOf(graph).map((p) => [p.name, randomParameter(1, p)]));
  const session = await ort.InferenceSession.create(exportOnnx(graph, weights));
  const image = new ort.Tensor("float32", ramp(3 * 32 * 32), [1, 3, 32, 32]);
  const { logits } = await session.run({ image });
  await session.release();
  if (logits === undefined) throw new Error("The model has no output logits.");
  return Array.from(logits.data as Float32Array, (x) => Number(x.toPrecision(7)));
}

if (import.meta.url === `file://${process.argv[1]}`) {
  writeFileSync(
    "examples/simple-inception/expected.json",
    `${JSON.stringify(await expectedLogits())}\n`,
  );
}
