/** Nodes that take some channels: each is a slice. */
import type { Value } from "../../../graph/value.js";
import type { NoAttrs } from "../../../ops/elementwise.js";
import { concat, slice } from "../../../ops/joins/concat.js";
import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { Call } from "../call.js";
import { shownFlow } from "../call.js";
import { isNumber } from "../constants/element.js";
import { axisOf } from "../constants/folding.js";
import { cuts, indicesOf, parts } from "../constants/folds/moves.js";
import type { FileNode } from "../decode/model.js";
import { type Dim, sizeOf } from "./arrangement.js";
import { Flow } from "./flow.js";

interface Piece {
  readonly axis: number;
  readonly from: number;
  readonly count: number;
}

/** Some places along a dimension that is channels, or groups of them. */
export function taken(call: Call, flow: Flow, piece: Piece, about: FileNode): Flow {
  const { axis, from, count } = piece;
  const dim = flow.arrangement[axis]!;
  const size = sizeOf(dim);
  if (from === 0 && (size === count || count === Infinity)) return flow;
  const [stretch, ...more] = dim;
  const channels = flow.value.shape[0]!;
  if (stretch?.size === undefined || more.length > 0 || stretch.axis !== 1) {
    return otherwise(call, flow, piece, about);
  }
  if (stretch.stride * stretch.size !== channels) return otherwise(call, flow, piece, about);
  if (count < 1) refuse(`takes none of ${shownFlow(flow)}`);
  const own = { from: from * stretch.stride, count: count * stretch.stride };
  const value = call.builder.node(slice, [flow.value], own, about);
  const left: Dim = count === 1 ? [] : [{ ...stretch, size: count }];
  return new Flow(
    value,
    flow.arrangement.map((each, i) => (i === axis ? left : each)),
  );
}

/** Where it is no part of a value, but one of what is made of that. */
function otherwise(call: Call, flow: Flow, piece: Piece, about: FileNode): Flow {
  const natural = call.natural(flow);
  if (natural === undefined || natural.value === flow.value) {
    const what = ["images", "channels", "height", "width"][piece.axis] ?? "a part";
    return refuse(`cuts ${what} out of ${shownFlow(flow)}; here that is channels alone`);
  }
  return taken(call, natural, piece, about);
}

function sliced(call: Call): readonly Flow[] {
  const flow = call.flow(0);
  const all = cuts(call.reader, call.constants, flow.dims);
  const odd = all.find(({ step }) => step !== 1);
  if (odd !== undefined) refuse(`takes steps of ${odd.step}; here channels follow one another`);
  return [all.reduce((so, cut) => taken(call, so, cut, call.node), flow)];
}

function split(call: Call): readonly Flow[] {
  const flow = call.flow(0);
  const axis = axisOf(call.reader.integer("axis", 0), flow.arrangement.length);
  const side = flow.dims[axis]!;
  if (!isNumber(side)) refuse("parts the batch");
  let from = 0;
  return parts(call.reader, call.constants, side).map((count, i) => {
    const about = { ...call.node, outputs: call.node.outputs.slice(i, i + 1) };
    const part = taken(call, flow, { axis, from, count }, about);
    from += count;
    return part;
  });
}

/** More are no order of channels that a person would write. */
const mostRuns = 64;

/** Channels that follow one another are a slice; others several, one after the other. */
function gathered(call: Call): readonly Flow[] {
  const flow = call.flow(0);
  const axis = axisOf(call.reader.integer("axis", 0), flow.arrangement.length);
  const side = flow.dims[axis]!;
  const [indices, places] = [call.constants.integers(1), call.constants.at(1).shape];
  if (!isNumber(side)) refuse("chooses among the images of a batch");
  if (places.length > 1) refuse(`chooses by a table of ${places.join(" x ")}`);
  const runs = runsOf(indicesOf(indices, side));
  if (runs.length > mostRuns) refuse(`takes channels in an order of ${runs.length} pieces`);
  const pieces = runs.map((run) => taken(call, flow, { axis, ...run }, call.node));
  const [whole = refuse("takes nothing")] = pieces;
  const joined = pieces.length === 1 ? whole : joinedAlong(call, axis, pieces);
  const drops = places.length === 0;
  return [drops ? joined.as(joined.arrangement.filter((_, i) => i !== axis)) : joined];
}

function joinedAlong(call: Call, axis: number, pieces: readonly Flow[]): Flow {
  const values = pieces.map((piece) => call.natural(piece)?.value);
  const known = values.filter((value): value is Value => value !== undefined);
  if (known.length < pieces.length || axis !== 1) refuse("takes its input in another order");
  const [first] = pieces;
  return Flow.natural(call.builder.node<NoAttrs>(concat, known, {}, call.node), first!.batch);
}

function runsOf(indices: readonly number[]): readonly { from: number; count: number }[] {
  const runs: { from: number; count: number }[] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last !== undefined && last.from + last.count === index) last.count++;
    else runs.push({ from: index, count: 1 });
  }
  return runs;
}

export const partings: Readonly<Record<string, (call: Call) => readonly Flow[]>> = {
  Slice: sliced,
  Split: split,
  Gather: gathered,
};
