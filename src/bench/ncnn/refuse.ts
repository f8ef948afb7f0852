import { InceptError } from "../../diagnostics/incept-error.js";
import type { Node } from "../../graph/graph.js";

/** @throws InceptError `bench/failed`: what the step computes cannot be written for ncnn */
export function refuse({ origin }: Pick<Node, "origin">, what: string): never {
  const where = origin.paths[0] ?? "the network";
  throw new InceptError("bench/failed", `${where}: ${what} cannot be written for ncnn.`, {
    help: "time the network beside another engine: --vs onnxruntime",
  });
}
