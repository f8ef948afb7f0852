/**
 * Whether two graphs are the same network, but for its numbers: the one of a file, and the one that
 * a spec is lowered to.
 */
import { counted } from "../diagnostics/counted.js";
import type { Graph, Node } from "../graph/graph.js";
import { isParameter, type Parameter, type Value } from "../graph/value.js";
import { formatShape, sameShape } from "../ops/shape.js";
import { given } from "./raise/names.js";
import { canonical } from "./same/canonical.js";
import { differenceBehind } from "./same/difference.js";
import { type Match, operandsMatched } from "./same/match.js";
import { Numbering, type Structure, structureOf } from "./same/structure.js";

/**
 * Which parameter of the file each parameter of the spec is; or the first difference, as a sentence
 * that names the places in both. What passes everything on at inference does not count, nor does the
 * order of what is added or multiplied, the names of inputs, nor what of an output's a spec cannot hold.
 */
export function pair(file: Graph, spec: Graph): ReadonlyMap<Parameter, Parameter> | string {
  const apart = differenceOutside(file, spec);
  if (apart !== undefined) return apart;
  const numbering = new Numbering();
  const structures = [file, spec].map((graph) => structureOf(canonical(graph), numbering)) as [
    Structure,
    Structure,
  ];
  const [ours, theirs] = structures;
  const returned = ours.graph.outputs.map(({ value }, i): Match => [
    value,
    theirs.graph.outputs[i]!.value,
  ]);
  const differing = returned.find(([a, b]) => ours.up.get(a) !== theirs.up.get(b));
  if (differing !== undefined) return differenceBehind(differing, structures);
  return parametersPaired(returned, structures);
}

/** What a run is given, by place and shape, and what it returns, by place and name. */
function differenceOutside(file: Graph, spec: Graph): string | undefined {
  return (
    countsApart("input", file.inputs, spec.inputs) ??
    countsApart("output", file.outputs, spec.outputs) ??
    shapesApart(file.inputs, spec.inputs) ??
    namesApart(file, spec)
  );
}

function countsApart(
  what: "input" | "output",
  ours: readonly unknown[],
  theirs: readonly unknown[],
): string | undefined {
  if (ours.length === theirs.length) return undefined;
  return `The file has ${counted(ours.length, what)}, and the spec ${theirs.length}.`;
}

function shapesApart(ours: readonly Value[], theirs: readonly Value[]): string | undefined {
  const at = ours.findIndex(({ shape }, i) => !sameShape(shape, theirs[i]!.shape));
  if (at < 0) return undefined;
  const [is, has] = [formatShape(ours[at]!.shape), formatShape(theirs[at]!.shape)];
  return `Input ${at + 1}, ${ours[at]!.name}, is ${is} in the file, and ${has} in the spec.`;
}

function namesApart({ outputs }: Graph, spec: Graph): string | undefined {
  const at = outputs.findIndex(({ name }, i) => !isCalled(spec.outputs[i]!.name, name));
  if (at < 0) return undefined;
  const [is, has] = [outputs[at]!.name, spec.outputs[at]!.name];
  return `Output ${at + 1} is called ${is} in the file, and ${has} in the spec.`;
}

/** As far as a spec can hold a name: what is a word of the language has another, and some get a number. */
function isCalled(spec: string, file: string): boolean {
  const own = given(file);
  if (own === "") return true;
  return spec.startsWith(own) && /^(_\d+)?$/.test(spec.slice(own.length));
}

/** From what is returned back; what is one value in the one graph is one in the other. */
function parametersPaired(
  returned: readonly Match[],
  structures: readonly [Structure, Structure],
): ReadonlyMap<Parameter, Parameter> | string {
  const [ours, theirs] = structures;
  const [known, back] = [new Map<Value, Value>(), new Map<Value, Value>()];
  const parameters = new Map<Parameter, Parameter>();
  const open = [...returned].reverse();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, other] = next;
    const [partner, origin] = [known.get(value), back.get(other)];
    if (partner === other) continue;
    if (partner !== undefined) {
      return `${value.name} is one value in the file, and two in the spec: ${partner.name} and ${other.name}.`;
    }
    if (origin !== undefined) {
      return `${other.name} is one value in the spec, and two in the file: ${origin.name} and ${value.name}.`;
    }
    known.set(value, other);
    back.set(other, value);
    const nodes = [ours.producers.get(value), theirs.producers.get(other)] as const;
    if (nodes[0] === undefined || nodes[1] === undefined) continue;
    const both: readonly [Node, Node] = [nodes[0], nodes[1]];
    for (const [role, parameter] of Object.entries(both[1].weights)) {
      const held = both[0].weights[role];
      if (isParameter(parameter) && held && isParameter(held)) parameters.set(parameter, held);
    }
    for (const match of [...operandsMatched(both, structures, known)].reverse()) open.push(match);
  }
  return parameters;
}
