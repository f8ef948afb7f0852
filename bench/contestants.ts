import { buildArtefact } from "../src/build/build.js";
import { readSource } from "../src/model/sources/files.js";
import { exportOnnx } from "../src/onnx/export.js";
import { elements } from "../src/ops/shape.js";
import { buildGraph } from "../src/graph/build.js";
import { loadArtefact } from "../src/runtime/load-artefact.js";
import { networkOf, randomWeights } from "../test/support/network.js";
import { OnnxModel } from "../test/support/onnxruntime.js";

/** One engine with one network loaded. Tensors are dense f32, N,C,H,W. */
export interface Contestant {
  readonly name: string;
  run(input: Float32Array, batch: number): Promise<ReadonlyMap<string, Float32Array>>;
  close(): Promise<void>;
}

export interface Match {
  readonly ours: Contestant;
  readonly theirs: Contestant;
  /** Values of one image. */
  readonly inputSize: number;
  /** The compiled network's folder, and the ONNX model's bytes. */
  readonly artefact: string;
  readonly onnx: Uint8Array;
}

/** Both engines with the same network, the same random weights and as many threads. */
export async function prepare(spec: string, threads: number, maxBatch: number): Promise<Match> {
  const network = networkOf(readSource(spec));
  const graph = buildGraph(network);
  const weights = randomWeights(graph, 1);
  const { directory } = await buildArtefact({ spec, network, maxBatch });
  const net = await loadArtefact(directory);
  const model = await net.load({ weights: Object.fromEntries(weights), threads });
  const onnx = exportOnnx(graph, weights);
  const session = await OnnxModel.open(graph, onnx, threads);
  return {
    ours: {
      name: "inceptc",
      run: async (input) =>
        new Map(Object.entries(await model.run({ [graph.inputs[0]!.name]: input }))),
      close: () => model.dispose(),
    },
    theirs: {
      name: "onnxruntime",
      run: (input, batch) => session.run(input, batch),
      close: () => session.close(),
    },
    artefact: directory,
    onnx,
    inputSize: graph.inputs.reduce((sum, { shape }) => sum + elements(shape), 0),
  };
}
