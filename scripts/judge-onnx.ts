/**
 * Reads ONNX files and holds what they are read as against ONNX Runtime: each graph is written as ONNX
 * anew, and both files get the same pictures.
 *
 *     npm run judge:onnx -- FILE.onnx ...
 *
 * `python test/import/onnx/make/networks.py FOLDER` makes such files. What does not agree, or is
 * refused, is printed, and the exit code is 1.
 */
import * as ort from "onnxruntime-node";
import { InceptError } from "../src/diagnostics/incept-error.js";
import { type ImportedOnnx, readOnnx } from "../src/import/onnx/read-onnx.js";
import { exportOnnx } from "../src/onnx/export.js";
import { elements } from "../src/ops/shape.js";
import { verifyGraph } from "../src/graph/verify.js";
import { relativeL2 } from "../test/support/compare.js";
import { Random } from "../test/support/random.js";

const files = process.argv.slice(2);
for (const file of files) {
  const name = file.split("/").at(-1)!;
  const start = performance.now();
  try {
    const imported = await readOnnx(file);
    const took = performance.now() - start;
    const problems = verifyGraph(imported.graph);
    const difference = await compare(file, imported);
    const good = difference <= 1e-5 && problems.length === 0;
    console.log(
      `${good ? "ok  " : "FAIL"} ${name.padEnd(44)} ${took.toFixed(0).padStart(5)} ms ${difference.toExponential(1)} ${problems.slice(0, 3).join(" ")}`,
    );
    if (!good) process.exitCode = 1;
    await imported.close();
  } catch (error) {
    process.exitCode = 1;
    const what = error instanceof InceptError ? error.message : (error as Error).stack;
    console.log(`FAIL ${name}: ${what ?? ""}`);
  }
}

/** The largest relative difference of an output. */
async function compare(file: string, { graph, weights }: ImportedOnnx): Promise<number> {
  const numbers = new Map<string, Float32Array>();
  for (const [parameter, stored] of weights) numbers.set(parameter.name, await stored.read());
  const options = { logSeverityLevel: 3 } as const;
  const theirs = await ort.InferenceSession.create(file, options);
  const first = theirs.inputMetadata[0]!;
  const batch = first.isTensor && typeof first.shape[0] === "number" ? first.shape[0] : 2;
  const random = new Random(5);
  const feeds = Object.fromEntries(
    graph.inputs.map(({ name, shape }) => {
      const dims = [batch, ...shape];
      return [name, new ort.Tensor("float32", random.floats(elements(dims), -1, 1), dims)];
    }),
  );
  const expected = await theirs.run(feeds);
  await theirs.release();
  const ours = await ort.InferenceSession.create(exportOnnx(graph, numbers), options);
  const results = await ours.run(feeds);
  await ours.release();
  return Math.max(
    ...Object.entries(expected).map(([name, tensor]) =>
      relativeL2(
        tensor.data as Float32Array,
        Float64Array.from(results[name]!.data as Float32Array),
      ),
    ),
  );
}
