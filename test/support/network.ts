import { renderDiagnostics } from "../../src/diagnostics/render.js";
import { type Graph, parametersOf } from "../../src/graph/graph.js";
import { buildGraph } from "../../src/graph/build.js";
import { checkSource } from "../../src/model/check-file.js";
import type { Network } from "../../src/model/network.js";
import type { Source } from "../../src/diagnostics/diagnostic.js";
import { randomParameter } from "../../src/runtime/weights/random.js";

/** Checks a spec that must be free of errors. */
export function networkOf(
  source: Source | string,
  set: Readonly<Record<string, string>> = {},
): Network {
  const spec = typeof source === "string" ? { path: "test.incept", text: source } : source;
  const { network, diagnostics } = checkSource(spec, { set });
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  if (network === undefined || errors.length > 0) throw new Error(renderDiagnostics(errors, {}));
  return network;
}

/** The graph as written, of a spec's text or source. */
export const graphOf = (source: Source | string, taps: readonly string[] = []): Graph =>
  buildGraph(networkOf(source), { taps });

/** What `random:SEED` fills a network with. */
export function randomWeights(graph: Graph, seed: number): Map<string, Float32Array> {
  return new Map(
    parametersOf(graph).map((parameter) => [parameter.name, randomParameter(seed, parameter)]),
  );
}
