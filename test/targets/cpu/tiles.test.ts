import { expect, it } from "vitest";
import type { ConvAttrs } from "../../../src/ops/conv2d.js";
import { tilesFor } from "../../../src/targets/cpu/tiles.js";

const conv = (size: number, channels: number, pad = (size - 1) / 2, stride = 1): ConvAttrs => ({
  kernel: [size, size],
  stride: [stride, stride],
  pads: { top: pad, left: pad, bottom: pad, right: pad },
  dilation: [1, 1],
  groups: 1,
  channels,
  bias: true,
  activation: "relu",
  split: [channels],
});

const tile = (
  attrs: ConvAttrs,
  height: number,
  width: number,
  level: "avx512" | "avx2",
): string => {
  const tiles = tilesFor(attrs, [height, width], level);
  const best = tiles.reduce((least, each) => (each.cost < least.cost ? each : least));
  return `${best.tile.blocks}x${best.tile.pixels}`;
};

it("fits the width without a short last tile", () => {
  expect(tile(conv(3, 32), 14, 14, "avx512")).toBe("2x14");
  expect(tile(conv(3, 64), 6, 6, "avx512")).toBe("4x6");
  expect(tile(conv(3, 48), 9, 9, "avx512")).toBe("3x9");
});

it("counts blocks that are left over as the smaller tile that they make", () => {
  // 19 blocks: four tiles of 4 and one of 3, not five of 4.
  expect(tile(conv(1, 304), 14, 14, "avx512")).toBe("4x6");
});

it("counts a tile of few multiplies as the time that one of eight takes", () => {
  // 16 blocks by rows of 7 pixels: 3 at a time leave one block, whose 7 sums cost as much as 8.
  expect(tile(conv(3, 256), 7, 7, "avx512")).toBe("4x6");
  // One column: 4x6 leaves two rows of the 14, whose 4 x 2 sums are just enough.
  expect(tile(conv(3, 64), 14, 1, "avx512")).toBe("2x14");
});

it("holds no more output blocks than there are", () => {
  expect(tile(conv(3, 16), 14, 14, "avx512")).toBe("1x28");
  expect(tile({ ...conv(3, 64), groups: 4 }, 14, 14, "avx512")).toBe("1x28");
});

it("gives the registers that channels leave to more pixels", () => {
  expect(tile(conv(5, 8), 32, 32, "avx2")).toBe("1x12");
  expect(tile(conv(1, 9), 32, 32, "avx2")).toBe("1x6");
  expect(tile({ ...conv(1, 8), split: [4, 4] }, 32, 32, "avx2")).toBe("1x6");
  expect(tile(conv(5, 8), 32, 32, "avx512")).toBe("1x28");
  const cost = (channels: number): number => tilesFor(conv(5, channels), [32, 32], "avx2")[0]!.cost;
  expect(cost(8)).toBeLessThan(cost(16));
});

it("knows fewer registers", () => {
  expect(["1x6", "2x2"]).toContain(tile(conv(3, 64), 14, 14, "avx2"));
});
