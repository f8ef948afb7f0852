/** ONNX Runtime, with the settings that make it fastest. */
import { createRequire } from "node:module";
import type * as OnnxRuntime from "onnxruntime-node";
import type { Setup } from "../protocol.js";
import type { Engine } from "./engine.js";

type Own = Extract<Setup, { readonly engine: "onnxruntime" }>;

export async function openOnnxRuntime({ module, model, threads }: Own): Promise<Engine> {
  const ort = createRequire(module)(module) as typeof OnnxRuntime;
  const session = await ort.InferenceSession.create(model, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: "sequential",
    graphOptimizationLevel: "all",
    logSeverityLevel: 3,
  });
  const shapes = new Map(
    session.inputMetadata.flatMap((input) =>
      input.isTensor ? [[input.name, input.shape.slice(1).map(Number)] as const] : [],
    ),
  );
  let feeds: Record<string, OnnxRuntime.Tensor> = {};
  return {
    version: ort.env.versions.node ?? ort.env.versions.common,
    give: (inputs, batch) => {
      feeds = Object.fromEntries(
        Object.entries(inputs).map(([name, values]) => {
          return [name, new ort.Tensor("float32", values, [batch, ...shapes.get(name)!])];
        }),
      );
    },
    run: async () =>
      Object.fromEntries(
        Object.entries(await session.run(feeds)).map(([name, { data }]) => [
          name,
          data as Float32Array,
        ]),
      ),
  };
}
