/**
 * native/cpu/conv/winograd.hpp, and conv/phased.hpp for planar images of few channels: tiles of outputs for
 * fewer multiplies than they have taps. Sums of other products than the definition's: what is not finite
 * spreads over its tile, and results are some 1e-6 from those of conv.direct.
 */
import type { Node } from "../../../graph/graph.js";
import { conv2d, type ConvAttrs } from "../../../ops/conv2d.js";
import { channels, elements, plane } from "../../../ops/shape.js";
import type { Pair } from "../../../ops/window.js";
import { block } from "../blocks.js";
import { kernel } from "../kernel.js";
import type { CpuLevel } from "../level.js";
import { convBlocks, memberScratch } from "../scratch.js";
import { carriesConv, type ConvAlgorithm, convWay, lowerConv } from "./conv.js";
import { blockMultiply, launch, move, weightByte } from "./costs.js";
import { phased, phasedBytes } from "./phased.js";

/** What threads share out: tiles, each with its own inputs; or output blocks, of inputs for all. */
type Shared = "tiles" | "blocks";

/** Output blocks that a kernel holds in registers, and tiles beside them: kProductTiles in C++. */
const registers: Readonly<Record<CpuLevel, Registers>> = {
  amx: { blocks: 2, tiles: 14 },
  avx512: { blocks: 2, tiles: 14 },
  avx2: { blocks: 1, tiles: 6 },
  baseline: { blocks: 1, tiles: 6 },
  neon: { blocks: 1, tiles: 6 },
};

interface Registers {
  readonly blocks: number;
  readonly tiles: number;
}

/** `4x4 by tiles`: outputs of a tile, and what is shared out; `planar` where it sorts an image by phases. */
class Tuning {
  /** Tiles that go through all of it together, and what a thread holds of them. */
  readonly atOnce: number;
  readonly bytes: number;

  constructor(
    node: Node<ConvAttrs>,
    readonly tile: Pair,
    readonly shared: Shared,
    readonly planar: boolean,
    readonly registers: Registers,
  ) {
    const inputs = shared === "tiles" ? inputBlocks(node) : 0;
    const perTile = 4 * points(node, tile) * block * (inputs + registers.blocks);
    const fitting = Math.min(mostTiles, Math.max(1, Math.floor(cached / perTile)));
    this.atOnce = fitting > registers.tiles ? fitting - (fitting % registers.tiles) : fitting;
    this.bytes = perTile * this.atOnce;
  }

  toString(): string {
    return `${this.tile.join("x")} by ${this.shared}${this.planar ? " planar" : ""}`;
  }
}

/** What a stretch of tiles should take of the caches, in bytes; memberScratch is what it may. */
const cached = 512 * 1024;
const mostTiles = 56;

/** A point of a block of channels on its way there or back, in multiplies of 16 channels. */
const transform = 12;

const fewTiles = 16;

/** Threads that a layer is thought to be shared out over. */
const members = 2;

export const convWinograd = kernel<ConvAttrs, Tuning>({
  name: "conv.winograd",
  primitive: conv2d,
  carries: carriesConv,
  refuses: (node, { strict = false }) => {
    if (strict) return "its sums are not the definition's";
    const { groups, stride, dilation } = node.attrs;
    if (groups > 1) return "it has groups";
    if (dilation.some((step) => step > 1)) return "its taps lie apart";
    const isStrided = stride.some((step) => step > 1);
    if (isStrided && channels(node.inputs[0]!.shape) >= block)
      return `its outputs lie apart, and its inputs have ${block} channels or more`;
    const { kernel: taps } = formOf(node).attrs;
    if (taps.every((count) => count === 1))
      return isStrided ? "its windows share no inputs" : "it has one tap";
    const most = Math.max(...taps);
    if (most > 7) return `nobody judged what ${most} taps lose`;
    // Errors along two sides multiply.
    if (most > 5 && !taps.includes(1)) return `${most} taps would lose too many bits`;
    return tiles(formOf(node)).length > 0 ? undefined : "no points suit its kernel";
  },
  ways: (node, machine) => {
    const level = machine.level as CpuLevel;
    const form = formOf(node);
    const isPlanar = form !== node;
    const sorting = isPlanar ? move * elements(form.inputs[0]!.shape) : 0;
    return tiles(form).flatMap((tile) =>
      (["tiles", "blocks"] as const)
        .map((shared) => new Tuning(form, tile, shared, isPlanar, registers[level]))
        .filter(({ bytes }) => bytes <= memberScratch)
        .map((tuning) => {
          const total = cost(form, tuning, level) + sorting;
          return convWay(node, tuning, total, algorithm(form, tuning), machine);
        }),
    );
  },
  lower: (cx, node, tuning) => lowerConv(cx, node, algorithm(formOf(node), tuning)),
});

/** What is computed by tiles: the layer, or where its outputs lie apart the convolution of its phases. */
const formOf = (node: Node<ConvAttrs>): Node<ConvAttrs> =>
  node.attrs.stride.every((step) => step === 1) ? node : phased(node);

/** Outputs of a tile along its sides; a side of one tap is not transformed. */
const outputs = [2, 3, 4, 5] as const;

/** has_points in C++. */
function tiles({ attrs: { kernel: taps } }: Node<ConvAttrs>): readonly Pair[] {
  const isAlongOne = taps.includes(1);
  return outputs
    .filter((count) => taps.every((own) => own === 1 || hasPoints(count + own - 1, isAlongOne)))
    .map((count): Pair => [taps[0] === 1 ? 1 : count, taps[1] === 1 ? 1 : count]);
}

/** Pairs beside 0, and infinity where the number is even. Ten of them are for one side alone. */
const hasPoints = (size: number, isAlongOne: boolean): boolean =>
  [4, 6, 7, 8].includes(size) || (size === 10 && isAlongOne);

const points = ({ attrs: { kernel: taps } }: Node<ConvAttrs>, [height, width]: Pair): number =>
  (height + taps[0] - 1) * (width + taps[1] - 1);

const inputBlocks = ({ inputs }: Node<ConvAttrs>): number =>
  Math.ceil(channels(inputs[0]!.shape) / block);

function tileCount({ outputs }: Node<ConvAttrs>, [height, width]: Pair): number {
  const output = plane(outputs[0]!.shape);
  return Math.ceil(output[0] / height) * Math.ceil(output[1] / width);
}

const packedWeights = (node: Node<ConvAttrs>, tile: Pair): number =>
  points(node, tile) * channels(node.inputs[0]!.shape) * block * convBlocks(node.attrs);

/** `node` is the form that is computed by tiles. */
function algorithm(
  node: Node<ConvAttrs>,
  { tile, shared, planar, registers: { blocks }, atOnce }: Tuning,
): ConvAlgorithm {
  const share = shared === "tiles" ? "kTiles" : "kBlocks";
  const turned = 4 * points(node, tile) * inputBlocks(node) * block * tileCount(node, tile);
  return {
    header: planar ? "phased" : "winograd",
    name: `${planar ? "PhasedWinograd" : "Winograd"}<${tile.join(", ")}, ${blocks}, ${atOnce}, WinogradShare::${share}>`,
    planar,
    weights: packedWeights(node, tile),
    workspace: (planar ? phasedBytes(node) : 0) + (shared === "tiles" ? 0 : turned),
  };
}

/**
 * Products of pieces of tiles, as direct tiles count them; the two transforms; and weights, which come
 * from beyond the caches where there is a network around the layer.
 */
function cost(node: Node<ConvAttrs>, tuning: Tuning, level: CpuLevel): number {
  const { tile, shared, atOnce } = tuning;
  const all = points(node, tile);
  const tiles = tileCount(node, tile);
  const outputs = convBlocks(node.attrs);
  const stretches = Math.ceil(tiles / atOnce);
  const products = stretches * productCost(Math.ceil(tiles / stretches), outputs, tuning.registers);
  const multiplies = all * channels(node.inputs[0]!.shape) * products;
  const transforms = transform * all * tiles * (inputBlocks(node) + outputs);
  const weights = weightByte * 4 * packedWeights(node, tile);
  const meeting = shared === "blocks" ? launch + move * all * tiles * inputBlocks(node) * block : 0;
  const own = blockMultiply[level] * multiplies;
  const waiting = shared === "tiles" ? waitingCost(node, tile, own) : 0;
  return own + blockMultiply[level] * transforms + weights + meeting + waiting;
}

/**
 * Where tiles are shared out each thread reads all weights, and waits for them where its tiles are few;
 * those that its caches have room for the other one has just brought. Few tiles leave threads without work.
 */
function waitingCost(node: Node<ConvAttrs>, tile: Pair, multiplies: number): number {
  const bytes = 4 * packedWeights(node, tile);
  if (bytes > memberScratch) return Math.max(0, members * weightByte * bytes - multiplies);
  return tileCount(node, tile) < fewTiles ? (weightByte * bytes) / 2 : 0;
}

/** For each point and input channel: multiplies of 16 channels, and loads that hide behind them in part. */
function productCost(tiles: number, outputs: number, { blocks, tiles: most }: Registers): number {
  const pieces = Math.ceil(tiles / most);
  const each = tiles / pieces;
  const product = (b: number): number => pieces * (Math.max(8, b * each) + (b + each) / 4);
  const rest = outputs % blocks;
  return Math.floor(outputs / blocks) * product(blocks) + (rest > 0 ? product(rest) : 0);
}
