/** native/cpu/conv/amx.hpp: products of tiles of bf16. */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { channels, plane } from "../../../ops/shape.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import { convBlocks, convScratch } from "../scratch.js";
import { carriesConv, type ConvAlgorithm, convWay, lowerConv } from "./conv.js";
import { move, weightByte } from "./costs.js";

/** A product of tiles with its loads, and storing a tile, in nanoseconds. */
const product = 5.5;
const storing = 30;

/** Pixels of a tile, and numbers of bf16 that it is deep. */
const most = { pixels: 16, depth: 32 };

/** `""`, `planar` where the input is not in blocks. */
type Tuning = "" | "planar";

export const convAmx = kernel<ConvAttrs, Tuning>({
  name: "conv.amx",
  primitive: conv2d,
  carries: carriesConv,
  refuses: ({ attrs: { groups } }, { level, precision }) => {
    if (level !== "amx") return "it is for processors with AMX";
    if (precision !== "bf16") return "it multiplies bf16";
    return groups > 1 ? "it has groups" : undefined;
  },
  ways: (node, machine) =>
    (["", "planar"] as const).map((tuning) =>
      convWay(node, tuning, cost(node, tuning), algorithm(node, tuning), machine),
    ),
  lower: (cx, node, tuning) => {
    const chosen = algorithm(node, tuning);
    return lowerConv(cx, node, chosen, (layer) =>
      cx.check(`${chosen.name}::tiles`, layer, tileCount(node)),
    );
  },
});

/** Each of them with a tile a step of all inputs. */
function cost(node: Node<ConvAttrs>, tuning: Tuning): number {
  const { workspace = 0, weights } = algorithm(node, tuning);
  const tiles = tileCount(node) * convBlocks(node.attrs);
  const copied = (move * workspace) / 8;
  return (
    tiles * (product * shapeOf(node, tuning).steps + storing) + copied + 2 * weights * weightByte
  );
}

function algorithm(node: Node<ConvAttrs>, tuning: Tuning): Required<ConvAlgorithm> {
  const { lanes, steps, depth } = shapeOf(node, tuning);
  const planar = tuning === "planar";
  const { shape } = node.inputs[0]!;
  const always = channels(shape) % lanes !== 0;
  return {
    header: "amx",
    name: "MatrixTiles",
    planar,
    weights: steps * depth * block * convBlocks(node.attrs),
    workspace: convScratch(shape, node.attrs, { planar, always, bytes: 2, lanes }),
    bf16: true,
  };
}

/** lanes, taps, depth and steps of the struct in C++. */
function shapeOf({ inputs, attrs }: Node<ConvAttrs>, tuning: Tuning) {
  const count = channels(inputs[0]!.shape);
  let lanes: number = block;
  while (tuning === "planar" && lanes / 2 >= Math.max(count, 2)) lanes /= 2;
  const [height, width] = attrs.kernel;
  let taps = attrs.dilation[1] === 1 ? width : 1;
  while (width % taps !== 0 || taps * lanes > most.depth) taps--;
  return { lanes, depth: taps * lanes, steps: Math.ceil(count / lanes) * height * (width / taps) };
}

/** Of pixels: of the whole plane with the border between its rows, or of each row. */
function tileCount({ inputs, outputs, attrs }: Node<ConvAttrs>): number {
  const [height, width] = plane(outputs[0]!.shape);
  if (attrs.stride.some((stride) => stride !== 1)) return height * Math.ceil(width / most.pixels);
  const pitch = plane(inputs[0]!.shape)[1] + attrs.pads.left + attrs.pads.right;
  return Math.ceil(((height - 1) * pitch + width) / most.pixels);
}
