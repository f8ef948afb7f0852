import { describe, expect, it } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { type Node, runNodes } from "../../../src/graph/graph.js";
import { conv2d } from "../../../src/ops/conv2d.js";
import { convAmx } from "../../../src/targets/cpu/kernels/conv.amx.js";
import { networkOf } from "../../support/network.js";

/** A convolution of an image, as it stands in a graph. */
function conv(channels: number, size: string, call: string): Node {
  const text = `model M {\n  input x: f32[${channels}, ${size}]\n  output y: conv(${call})\n}\n`;
  const nodes = runNodes(buildGraph(networkOf(text)));
  return nodes.find(({ primitive }) => primitive === conv2d)!;
}

/** Nanoseconds by the tuning. */
function cost(channels: number, size: string, call: string, tuning = ""): number {
  const offer = convAmx.offer(conv(channels, size, call), { level: "amx", precision: "bf16" });
  if ("refused" in offer) throw new Error(offer.refused);
  return offer.ways.find((way) => way.tuning === tuning)!.cost;
}

/** What `tiles` of sums take, each made by `products` of tiles. */
const multiplied = (tiles: number, products: number): number => tiles * (products * 5.5 + 30);

/** Reading weights of 16 bits from beyond the caches, and making a copy of so many numbers. */
const weights = (numbers: number): number => 2 * numbers * 0.035;
const copied = (numbers: number): number => (numbers * 0.25) / 4;

describe("what a convolution by tiles costs", () => {
  it("are the tiles that its plane falls into, by blocks of outputs and steps of inputs", () => {
    // 14 x 14 pixels lie in a line: 196 pixels are 13 tiles; 64 channels are 4 steps.
    expect(cost(64, "14, 14", "1x1, 96")).toBeCloseTo(
      multiplied(13 * 6, 4) + weights(4 * 16 * 96),
      6,
    );
    // With their border 13 rows of 16 and one of 14: 222 pixels are 14 tiles. Three taps of 16
    // lanes are more than a tile is deep, so each is a step.
    expect(cost(64, "14, 14", "3x3, 96, pad: same")).toBeCloseTo(
      multiplied(14 * 6, 4 * 9) + weights(4 * 9 * 16 * 96) + copied(64 * 16 * 16),
      6,
    );
  });

  it("are a row's tiles where it has strides: no pixel of another row fills them", () => {
    // 7 rows of 7 pixels, each a tile of its own; the copy has all of the input.
    expect(cost(64, "14, 14", "3x3/2, 32, pad: 1")).toBeCloseTo(
      multiplied(7 * 2, 4 * 9) + weights(4 * 9 * 16 * 32) + copied(64 * 16 * 16),
      6,
    );
    // 17 pixels are two tiles a row.
    expect(cost(16, "33, 33", "1x1/2, 16")).toBeCloseTo(
      multiplied(17 * 2, 1) + weights(16 * 16),
      6,
    );
  });

  it("are taps side by side where an image that is not in blocks has few channels", () => {
    // Of 3 channels 4 lanes: 7 taps of a row are 28 numbers, a step; 112 rows of 7 tiles. Copies end
    // with a cache line.
    expect(cost(3, "224, 224", "7x7/2, 64, pad: 3", "planar")).toBeCloseTo(
      multiplied(112 * 7 * 4, 7) + weights(7 * 28 * 64) + copied(4 * 230 * 230 + 16),
      6,
    );
  });

  it("counts channels that fill no block as blocks, and copies them to have zeros beside", () => {
    // 20 channels are 2 steps, and 40 are 3 blocks.
    expect(cost(20, "8, 8", "1x1, 40")).toBeCloseTo(
      multiplied(4 * 3, 2) + weights(2 * 16 * 48) + copied(32 * 64),
      6,
    );
    expect(cost(20, "8, 8", "1x1, 40")).toBeGreaterThan(cost(32, "8, 8", "1x1, 48"));
  });
});

it("is no work for tiles: groups, f32, other processors", () => {
  const refusal = (node: Node, level: string, precision: string): string => {
    const offer = convAmx.offer(node, { level, precision });
    return "refused" in offer ? offer.refused : "none";
  };
  const grouped = conv(32, "8, 8", "3x3, 32, groups: 2");
  const plain = conv(32, "8, 8", "3x3, 32");
  expect(refusal(plain, "amx", "bf16")).toBe("none");
  expect(refusal(grouped, "amx", "bf16")).toBe("it has groups");
  expect(refusal(plain, "amx", "f32")).toBe("it multiplies bf16");
  expect(refusal(plain, "avx512", "bf16")).toBe("it is for processors with AMX");
});
