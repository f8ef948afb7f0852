import * as ort from "onnxruntime-node";
import type { Graph } from "../../src/graph/graph.js";

export type Tensors = ReadonlyMap<string, Float32Array>;

/** A model in ONNX Runtime, the engine that judges ours. */
export class OnnxModel {
  private constructor(
    private readonly session: ort.InferenceSession,
    private readonly graph: Graph,
  ) {}

  /** `graph` says the input's shape; `bytes` come from `exportOnnx(graph, …)`. */
  static async open(graph: Graph, bytes: Uint8Array, threads = 1): Promise<OnnxModel> {
    const session = await ort.InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: "sequential",
      graphOptimizationLevel: "all",
      logSeverityLevel: 3,
    });
    return new OnnxModel(session, graph);
  }

  /** Runs a batch of dense C-ordered images; outputs by name, as a session returns them. */
  async run(
    input: Float32Array | readonly Float32Array[],
    batch = 1,
  ): Promise<Map<string, Float32Array>> {
    const given = input instanceof Float32Array ? [input] : input;
    const feeds = this.graph.inputs.map(
      ({ name, shape }, i) =>
        [name, new ort.Tensor("float32", given[i]!, [batch, ...shape])] as const,
    );
    const results = await this.session.run(Object.fromEntries(feeds));
    return new Map(
      Object.entries(results).map(([key, tensor]) => [key, tensor.data as Float32Array]),
    );
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}
