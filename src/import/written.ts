/**
 * The spec of an imported network, and the weights by the spec's own names. It checks itself: what
 * was written is read again as any spec is, and its graph has to be the file's, node by node.
 */
import { bug } from "../diagnostics/bug.js";
import { renderDiagnostics } from "../diagnostics/render.js";
import { buildGraph } from "../graph/build.js";
import { type Graph, parametersOf } from "../graph/graph.js";
import type { Parameter } from "../graph/value.js";
import { checkSource } from "../model/check-file.js";
import type { Network } from "../model/network.js";
import type { Imported, StoredWeight } from "./imported.js";
import { normalise } from "./normal/normalise.js";
import { type About, raise } from "./raise/raise.js";
import { pair } from "./same.js";

export interface WrittenSpec {
  readonly text: string;
  readonly network: Network;
  readonly weights: readonly WrittenWeight[];
}

export interface WrittenWeight {
  readonly parameter: Parameter;
  readonly from: StoredWeight;
}

/** Throws a bug where the spec is not the network. */
export function writtenSpec(imported: Imported, about: About): WrittenSpec {
  const normal = normalise(imported);
  const text = raise(normal, about);
  const network = networkOf(text);
  return { text, network, weights: pairedWeights(normal, buildGraph(network)) };
}

function networkOf(text: string): Network {
  const { network, diagnostics } = checkSource({ path: "imported.incept", text });
  if (network !== undefined) return network;
  return bug(`the spec of an import has errors\n\n${renderDiagnostics(diagnostics, {})}`);
}

function pairedWeights({ graph, weights }: Imported, spec: Graph): readonly WrittenWeight[] {
  const found = pair(graph, spec);
  if (typeof found === "string") bug(`the spec of an import is another network: ${found}`);
  return parametersOf(spec).map((parameter) => {
    const from = weights.get(found.get(parameter) ?? bug(`${parameter.name} has no pair`));
    return { parameter, from: from ?? bug(`${parameter.name} has no weights`) };
  });
}
