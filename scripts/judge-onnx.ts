/**
 * Imports ONNX files and holds the specs that come of them against ONNX Runtime: the graph of each is
 * written as ONNX anew, and both files get the same pictures. So is the graph as it was read.
 *
 *     npm run judge:onnx -- FILE.onnx ...
 *
 * `python test/import/onnx/make/networks.py FOLDER` makes such files. What does not agree, or is
 * refused, is printed, and the exit code is 1.
 */
import * as ort from "onnxruntime-node";
import { InceptError } from "../src/diagnostics/incept-error.js";
import { buildGraph } from "../src/graph/build.js";
import type { Graph } from "../src/graph/graph.js";
import type { Parameter } from "../src/graph/value.js";
import type { StoredWeight } from "../src/import/imported.js";
import { readOnnx } from "../src/import/onnx/read-onnx.js";
import { type WrittenSpec, writtenSpec } from "../src/import/written.js";
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
    const spec = writtenSpec(imported, { name: "Judged", comment: [] });
    const wrote = performance.now() - start - took;
    const difference = Math.max(
      await compare(file, imported.graph, imported.weights),
      await compare(file, buildGraph(spec.network), weightsOf(spec)),
    );
    const good = difference <= 1e-5 && problems.length === 0;
    console.log(
      `${good ? "ok  " : "FAIL"} ${name.padEnd(44)} read ${took.toFixed(0).padStart(4)} ms, written ${wrote.toFixed(0).padStart(4)} ms ${difference.toExponential(1)} ${problems.slice(0, 3).join(" ")}`,
    );
    if (!good) process.exitCode = 1;
    await imported.close();
  } catch (error) {
    process.exitCode = 1;
    const what = error instanceof InceptError ? error.message : (error as Error).stack;
    console.log(`FAIL ${name}: ${what ?? ""}`);
  }
}

function weightsOf({ weights }: WrittenSpec): ReadonlyMap<Parameter, StoredWeight> {
  return new Map(weights.map(({ parameter, from }) => [parameter, from]));
}

/** The largest relative difference of an output; inputs and outputs are those of the same place. */
async function compare(
  file: string,
  graph: Graph,
  weights: ReadonlyMap<Parameter, StoredWeight>,
): Promise<number> {
  const numbers = new Map<string, Float32Array>();
  for (const [parameter, stored] of weights) numbers.set(parameter.name, await stored.read());
  const options = { logSeverityLevel: 3 } as const;
  const theirs = await ort.InferenceSession.create(file, options);
  const first = theirs.inputMetadata[0]!;
  const batch = first.isTensor && typeof first.shape[0] === "number" ? first.shape[0] : 2;
  const random = new Random(5);
  const ours = await ort.InferenceSession.create(exportOnnx(graph, numbers), options);
  const given = graph.inputs.map(({ shape }) => {
    const dims = [batch, ...shape];
    return new ort.Tensor("float32", random.floats(elements(dims), -1, 1), dims);
  });
  const feeds = ({ inputNames }: ort.InferenceSession): ort.InferenceSession.FeedsType =>
    Object.fromEntries(given.map((tensor, i) => [inputNames[i]!, tensor]));
  const expected = await theirs.run(feeds(theirs));
  const results = await ours.run(feeds(ours));
  const apart = theirs.outputNames.map((name, i) =>
    relativeL2(
      expected[name]!.data as Float32Array,
      Float64Array.from(results[ours.outputNames[i]!]!.data as Float32Array),
    ),
  );
  await theirs.release();
  await ours.release();
  return Math.max(...apart);
}
