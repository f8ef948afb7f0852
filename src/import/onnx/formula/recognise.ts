/**
 * Finds the primitive that a formula is, by computing: what gives the same numbers for many inputs is
 * the same function, in whichever order and with whichever operators an exporter wrote it.
 */
import { activationOf } from "../../../ops/activations.js";
import { add } from "../../../ops/joins/add.js";
import { max } from "../../../ops/joins/max.js";
import { mul } from "../../../ops/joins/mul.js";
import { scale, type ScaleAttrs } from "../../../ops/scale.js";
import { sameShape } from "../../../ops/shape.js";
import type { Node } from "../../../graph/graph.js";
import type { Value } from "../../../graph/value.js";
import { sameElement } from "../constants/element.js";
import { Flow } from "../flow/flow.js";
import type { GraphBuilder } from "../graph-builder.js";
import { candidatesFor, type Candidate } from "./candidates.js";
import { evaluated, lying, type Numbers } from "./evaluate.js";
import { type Formula } from "../meaning.js";
import { dimsOf, flowsOf } from "./formula.js";
import type { Sample } from "./sample.js";
import { samplesOf, type Trial } from "./inputs.js";

export interface Recognised {
  readonly candidate: Candidate;
  /** What it is a function of, which lies as the result does. */
  readonly of: Flow;
}

/** How many values are looked behind: a formula's longest way through primitives. */
const mostSteps = 12;

export function recognised(formula: Formula, builder: GraphBuilder): Recognised | undefined {
  const flows = flowsOf(formula);
  const lead = flows.find(({ dims }) => fits(dims, dimsOf(formula)));
  if (lead === undefined) return undefined;
  // The values that the formula is thought to be of: those behind others take their place.
  const sources = new Set(flows.map(({ value }) => value));
  const made = new Set<Node>();
  for (let step = 0; step <= mostSteps; step++) {
    const [only] = sources;
    if (sources.size === 1 && sameShape(only!.shape, lead.value.shape)) {
      const of = new Flow(only!, lead.arrangement);
      const candidate = candidateOf(formula, of, [...made]);
      if (candidate !== undefined) return { candidate, of };
    }
    const last = latest(sources, builder);
    if (last === undefined) return undefined;
    sources.delete(last.outputs[0]!);
    last.inputs.forEach((value) => sources.add(value));
    made.add(last);
  }
  return undefined;
}

const fits = (a: Flow["dims"], b: Flow["dims"]): boolean =>
  a.length === b.length && a.every((side, i) => sameElement(side, b[i]!));

/** Of the values that can be looked behind, the one that was made last. */
function latest(sources: ReadonlySet<Value>, builder: GraphBuilder): Node | undefined {
  const makers = [...sources]
    .map((value) => builder.makerOf(value))
    .filter((node) => node !== undefined);
  const places = makers.map((node) => builder.placeOf(node));
  const last = makers[places.indexOf(Math.max(...places))];
  return last && isElementwise(last) ? last : undefined;
}

const joins = [add, mul, max].map(({ name }) => name);

/** Of each element alone, and with the same numbers for all of them. */
function isElementwise({ primitive, attrs, inputs }: Node): boolean {
  if (activationOf(primitive) !== undefined) return true;
  if (primitive.name === scale.name) {
    const { scale: factors, shift } = attrs as ScaleAttrs;
    return factors.length === 1 && shift.length === 1;
  }
  return (
    joins.includes(primitive.name) &&
    inputs.every(({ shape }) => sameShape(shape, inputs[0]!.shape))
  );
}

function candidateOf(formula: Formula, of: Flow, made: readonly Node[]): Candidate | undefined {
  const samples = samplesOf(formula, of);
  const given = samples.map((sample) => evaluated(formula, behind(of.value, sample, made)));
  if (given.length === 0 || given.some((each) => each === undefined)) return undefined;
  let best: { readonly candidate: Candidate; readonly error: number } | undefined;
  for (const candidate of candidatesFor(formula, of, samples, given as readonly Sample[])) {
    const error = errorOf(candidate, of, samples, given as readonly Sample[]);
    if (error < (best?.error ?? Infinity)) best = { candidate, error };
  }
  return best?.candidate;
}

/** The largest relative difference of what a primitive gives, of each sample for itself. */
function errorOf(
  { primitive, attrs }: Candidate,
  of: Flow,
  samples: readonly Trial[],
  given: readonly Sample[],
): number {
  let most = 0;
  for (const [i, { shape, data, tolerance }] of samples.entries()) {
    const [n = 1, ...own] = shape;
    const operands = { inputs: [{ shape: own, data }], weights: {} };
    const [result] = primitive.evaluate(operands, attrs, n);
    const error = apart(lying({ shape, data: result! }, of), given[i]!);
    if (!(error <= tolerance)) return Infinity;
    most = Math.max(most, error);
  }
  return most;
}

/** The numbers of the source, and of what primitives made of it. */
function behind(source: Value, sample: Sample, made: readonly Node[]): Numbers {
  const known = new Map<Value, Sample | undefined>([[source, sample]]);
  const of = (value: Value): Sample | undefined => {
    if (known.has(value)) return known.get(value);
    const maker = made.find(({ outputs }) => outputs[0] === value);
    const inputs = maker?.inputs.map(of).filter((input) => input !== undefined);
    if (maker === undefined || inputs?.length !== maker.inputs.length) return undefined;
    const [n = 1, ...shape] = sample.shape;
    const operands = { inputs: inputs.map(({ data }) => ({ shape, data })), weights: {} };
    const [data] = maker.primitive.evaluate(operands, maker.attrs, n);
    const result = { shape: sample.shape, data: data! };
    known.set(value, result);
    return result;
  };
  return of;
}

function apart(a: Sample, b: Sample): number {
  if (!sameShape(a.shape, b.shape)) return Infinity;
  let [difference, norm, count] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i]!, b.data[i]!];
    // Where a file computes no number, as with powers of large ones, it means none.
    if (Number.isNaN(y)) continue;
    count++;
    norm += x * x;
    if (x !== y) difference += (x - y) ** 2;
  }
  if (2 * count < a.data.length) return Infinity;
  return difference === 0 ? 0 : Math.sqrt(difference / norm);
}
