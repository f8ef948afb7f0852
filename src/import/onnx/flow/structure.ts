/** Nodes that compute nothing: what flows lies otherwise behind them. */
import { refuse } from "../../../ops/onnx-reading/reader.js";
import type { Call } from "../call.js";
import { shownFlow } from "../call.js";
import { type Element, sameElement, shownShape } from "../constants/element.js";
import { axisOf, listOf } from "../constants/folding.js";
import { permutation } from "../constants/folds/moves.js";
import { castTo, squeezed, targetShape, unsqueezed } from "../constants/folds/shapes.js";
import { type Arrangement, merged, reshaped, sizeOf } from "./arrangement.js";
import type { Flow } from "./flow.js";

/** How the first operand lies behind a node. */
type Structure = (flow: Flow, call: Call) => Arrangement;

const inShape = (flow: Flow, shape: readonly Element[]): Arrangement =>
  reshaped(flow.arrangement, shape) ??
  refuse(`makes ${shownShape(shape)} of ${shownFlow(flow)}, which takes images or channels apart`);

const flattened: Structure = (flow, { reader }) => {
  const axis = reader.integer("axis", 1);
  const at = axis < 0 ? axis + flow.arrangement.length : axis;
  const { arrangement } = flow;
  return [arrangement.slice(0, at), arrangement.slice(at)].map((dims) => merged(dims.flat()));
};

const expanded: Structure = (flow, { constants }) => {
  const shape = constants.known(1);
  const { dims, arrangement } = flow;
  const missing = shape.length - dims.length;
  const own = (i: number): Element => (i < missing ? 1 : dims[i - missing]!);
  const grows = shape.some((side, i) => side !== 1 && !sameElement(side, own(i)));
  if (grows) refuse(`spreads ${shownFlow(flow)} over ${shownShape(shape)}`);
  return [...Array.from({ length: Math.max(0, missing) }, () => []), ...arrangement];
};

/** Floats stay floats: how wide they are is no matter of the network. */
const cast: Structure = ({ arrangement }, { reader }) => {
  const to = castTo(reader);
  return to === "float" ? arrangement : refuse("makes integers of what is computed");
};

export const structures: Readonly<Record<string, Structure>> = {
  Reshape: (flow, call) => {
    const { constants, reader } = call;
    const target = constants.has(1) ? constants.known(1) : (reader.integers("shape") ?? []);
    return inShape(flow, targetShape(target, flow.dims, reader.flag("allowzero")));
  },
  Flatten: flattened,
  Squeeze: ({ arrangement }, { constants, reader }) => {
    const axes = listOf(reader, constants, 1, "axes");
    const kept = arrangement.map((_, i) => i);
    const dims = arrangement.map(sizeOf);
    const dropped = new Set(axes?.map((axis) => axisOf(axis, dims.length)));
    squeezed(dims, axes);
    // Images stay a dimension where there is one of them.
    const stays = (i: number): boolean => (axes === undefined ? dims[i] !== 1 : !dropped.has(i));
    return kept.filter(stays).map((i) => arrangement[i]!);
  },
  Unsqueeze: ({ arrangement }, { constants, reader }) =>
    unsqueezed(arrangement, listOf(reader, constants, 1, "axes") ?? refuse("says no axes"), []),
  Transpose: ({ arrangement }, { reader }) =>
    permutation(reader, arrangement.length).map((d) => arrangement[d]!),
  Identity: ({ arrangement }) => arrangement,
  Cast: cast,
  CastLike: ({ arrangement }) => arrangement,
  Expand: expanded,
};
