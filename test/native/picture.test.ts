/** Pictures against PIL's and torchvision's bytes; see fixtures-pictures/make_grid.py and make_cuts.py. */
import { expect, test } from "vitest";
import { packageFile } from "../../src/emit/package.js";
import { runNative } from "./compile.js";

const timeout = 120_000;

/** What a program prints that has test/native/picture.hpp. */
const run = (main: string): Promise<readonly string[]> =>
  runNative(
    `#include <sys/mman.h>\n#include "picture.hpp"\nusing namespace check;\nint main() {\n${main}\n}\n`,
    "native",
    // As every network's addon compiles it.
    ["-O3", "-ffp-contract=off"],
  );

test("every size, kind, orientation and recipe has PIL's bytes", { timeout }, async () => {
  const grid = JSON.stringify(packageFile("test", "fixtures-pictures", "grid.txt"));
  const lines = await run(`hold_against(${grid}, 1);\n  hold_against(${grid}, 2);`);
  expect(lines).toEqual(["636 rows", "636 rows"]);
});

test("every cut of training has torchvision's bytes", { timeout }, async () => {
  const cuts = JSON.stringify(packageFile("test", "fixtures-pictures", "cuts.txt"));
  expect(await run(`hold_against(${cuts}, 1, true);`)).toEqual(["300 rows"]);
});

/** `Image.fromarray(data, "RGB").resize((width, height), Image.BILINEAR)` of PIL, in rows of R,G,B. */
const fromPil: { width: number; height: number; data: number[] }[] = [
  {
    width: 4,
    height: 3,
    data: [
      122, 114, 134, 105, 123, 180, 179, 111, 163, 201, 82, 102, 176, 152, 153, 125, 137, 158, 90,
      175, 165, 169, 175, 58, 150, 137, 120, 82, 165, 194, 134, 77, 205, 166, 141, 155,
    ],
  },
  {
    width: 10,
    height: 9,
    data: [
      0, 48, 118, 115, 59, 165, 184, 59, 211, 111, 32, 231, 167, 134, 212, 213, 136, 171, 235, 38,
      119, 220, 69, 197, 178, 74, 132, 134, 66, 20, 84, 115, 83, 125, 99, 150, 142, 85, 199, 93, 83,
      184, 119, 154, 186, 159, 151, 169, 206, 74, 138, 216, 70, 181, 199, 78, 119, 174, 89, 27, 224,
      228, 26, 141, 166, 125, 71, 128, 180, 64, 168, 106, 38, 188, 142, 70, 176, 167, 158, 133, 170,
      208, 71, 153, 233, 84, 98, 241, 128, 38, 239, 214, 70, 157, 169, 139, 102, 132, 177, 137, 133,
      124, 59, 170, 126, 43, 189, 152, 98, 186, 190, 190, 145, 115, 204, 141, 66, 182, 156, 37, 222,
      170, 140, 173, 157, 163, 159, 126, 178, 235, 68, 167, 106, 139, 118, 31, 200, 135, 35, 238,
      207, 169, 238, 74, 160, 212, 30, 92, 180, 34, 191, 111, 196, 174, 130, 173, 166, 140, 165,
      183, 124, 195, 89, 144, 187, 55, 147, 196, 93, 133, 216, 168, 175, 125, 166, 190, 58, 130,
      190, 16, 157, 78, 220, 172, 114, 167, 170, 152, 149, 129, 177, 221, 69, 146, 235, 76, 100,
      236, 149, 52, 223, 165, 115, 172, 168, 165, 96, 165, 197, 24, 111, 147, 119, 159, 137, 98,
      163, 153, 122, 63, 219, 234, 37, 136, 198, 85, 82, 190, 193, 68, 218, 151, 73, 209, 159, 127,
      173, 188, 193, 134, 84, 188, 58, 151, 151, 57, 158, 153, 105, 24, 244, 242, 18, 130, 175, 91,
      71, 162, 219, 78, 215, 142, 47, 231, 154, 105, 220, 202, 190, 200,
    ],
  },
  { width: 1, height: 1, data: [134, 138, 151] },
  {
    width: 7,
    height: 2,
    data: [
      161, 159, 86, 128, 111, 197, 118, 109, 156, 74, 189, 162, 146, 129, 169, 219, 104, 140, 175,
      127, 31, 157, 136, 149, 173, 137, 123, 119, 172, 213, 31, 127, 175, 140, 104, 219, 169, 129,
      146, 162, 189, 74,
    ],
  },
  // Its own size leaves a picture as it is.
  {
    width: 7,
    height: 5,
    data: Array.from({ length: 7 * 5 * 3 }, (_, i) => (i * 37 + i * i * 11) % 256),
  },
];

test("a small picture has PIL's bytes, one by one", { timeout }, async () => {
  const lines = await run(`
  std::vector<std::uint8_t> data(7 * 5 * 3);
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = std::uint8_t(i * 37 + i * i * 11);
  const Recipe recipes[] = {${fromPil.map(({ width, height }) => `{${height}, ${width}}`).join(", ")}};
  for (const Recipe& recipe : recipes) {
    for (const int byte : bytes_of({nullptr, 7, 5}, recipe, data)) std::printf("%d ", byte);
    std::printf("\\n");
  }`);
  expect(lines).toHaveLength(fromPil.length);
  for (const [i, { width, height, data }] of fromPil.entries()) {
    const planes = lines[i]!.trim().split(" ").map(Number);
    const rows = data.map((_, k) => planes[(k % 3) * width * height + Math.floor(k / 3)]);
    expect(rows).toEqual(data);
  }
});

test("values are (byte * range / 255 - mean) / std, in order", { timeout }, async () => {
  const lines = await run(`
  const std::uint8_t data[] = {10, 20, 30, 40, 50, 60};
  Recipe recipes[4];
  for (Recipe& recipe : recipes) recipe.height = 1, recipe.width = 2;
  recipes[1].order = Order::kBgr;
  recipes[1].range = 255, recipes[1].mean = {1, 2, 3}, recipes[1].std = {1, 2, 4};
  recipes[2].mean = recipes[2].std = {0.5, 0.5, 0.5};
  recipes[3].order = Order::kLuma, recipes[3].range = 255;
  for (const Recipe& recipe : recipes) {
    std::vector<float> tensor(std::size_t(2 * recipe.channels()));
    prepare({data, 2, 1}, recipe, tensor.data());
    for (const float x : tensor) std::printf("%.9g ", double(x));
    std::printf("\\n");
  }`);
  const [plain, caffe, half, luma] = lines.map((line) => line.trim().split(" ").map(Number));
  expect(plain).toEqual([10, 40, 20, 50, 30, 60].map((byte) => Number(Math.fround(byte / 255).toPrecision(9))));
  expect(caffe).toEqual([29, 59, 9, 24, 7 / 4, 37 / 4]);
  expect(half![5]).toBeCloseTo((60 / 255 - 0.5) / 0.5, 6);
  // (10 * 19595 + 20 * 38470 + 30 * 7471 + 32768) >> 16
  expect(luma).toEqual([18, 48]);
});

/** A raster of which only the pages that hold bytes `from` to `to` can be read. */
const guarded = `
  const auto guarded = [](Raster raster, double from, double to) {
    const std::size_t page = 65536, size = (raster.bytes() / page + 2) * page;
    auto* data = static_cast<std::uint8_t*>(
        mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANON, -1, 0));
    const std::size_t first = std::size_t(from * double(raster.bytes())) / page * page;
    const std::size_t last = std::size_t(to * double(raster.bytes())) / page * page + page;
    if (mprotect(data + first, last - first, PROT_READ) != 0) std::printf("mprotect failed\\n");
    raster.data = data;
    return raster;
  };
  const auto prepared = [](const Raster& raster, Recipe recipe) {
    std::vector<float> tensor(std::size_t(3 * recipe.height * recipe.width), -1);
    const std::size_t before = held;
    peak = before;
    prepare(raster, recipe, tensor.data());
    float sum = 0;
    for (const float x : tensor) sum += x;
    std::printf("%g %zu\\n", double(sum), peak - before);
  };`;

// A page that must not be read ends the program.
test("only what the crop keeps is read, and memory follows the tensor", { timeout }, async () => {
  const lines = await run(`${guarded}
  for (const Interpolation i :
       {Interpolation::kNearest, Interpolation::kBilinear, Interpolation::kBicubic}) {
    Recipe crop{224, 224, 256, i}, stretch{224, 224, 0, i};
    prepared(guarded({nullptr, 65000, 1}, 0.499, 0.501), crop);
    prepared(guarded({nullptr, 1, 200000}, 0.499, 0.501), crop);
    prepared(guarded({nullptr, 1, 200000}, 0, 1), stretch);
    prepared(guarded({nullptr, 200000, 1}, 0, 1), stretch);
    prepared(guarded({nullptr, 1000, 30000}, 0.48, 0.52), crop);
  }`);
  expect(lines).toHaveLength(15);
  const sums = lines.map((line) => Number(line.split(" ")[0]));
  expect(sums).toEqual(sums.map(() => 0));
  const [tensor, column] = [224 * 224 * 3 * 4, 3 + 4 * 4];
  for (const [i, line] of lines.entries()) {
    const bytes = Number(line.split(" ")[1]);
    expect(bytes, line).toBeGreaterThan(0);
    // Sums for every value of the tensor, a row of the picture and its weights; twice for growth.
    expect(bytes, line).toBeLessThan(2 * (tensor + (i % 5 === 3 ? 200_000 : 0) * column) + 65_536);
  }
});
