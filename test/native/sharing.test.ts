import { expect, test } from "vitest";
import { runNative } from "./compile.js";

/** Layers of Inception-v3, Xception and GoogLeNet: of each kind the sizes that tile least evenly. */
const layers: readonly (readonly [layer: string, algorithm: string])[] = [
  ...["input(768, 17, 17).output(768, 17, 17)", "input(728, 19, 19).output(728, 19, 19)"].map(
    (size) => [`${size}.kernel(1, 1).stride(1, 1)`, "Pointwise<2, 14, 128>"] as const,
  ),
  ["input(256, 28, 28).output(288, 28, 28).kernel(1, 1).stride(1, 1)", "Pointwise<1, 6, 256>"],
  ["input(832, 7, 7).output(384, 7, 7).kernel(1, 1).stride(1, 1)", "Pointwise<2, 14, 128>"],
  ["input(512, 14, 14).output(192, 14, 14).kernel(1, 1).stride(1, 1)", "Direct<2, 14>"],
  ...["kTiles", "kBlocks"].flatMap((share) =>
    [7, 14, 28].map(
      (size) =>
        [
          `input(128, ${size}, ${size}).output(256, ${size}, ${size}).kernel(3, 3).stride(1, 1).pad(1, 1, 1, 1)`,
          `Winograd<4, 4, 2, 14, WinogradShare::${share}>`,
        ] as const,
    ),
  ),
  ["input(728, 19, 19).output(728, 19, 19).groups(728).kernel(3, 3).stride(1, 1).pad(1, 1, 1, 1)", "Depthwise<14>"],
  [
    "input(3, 224, 224).output(64, 112, 112).kernel(7, 7).stride(2, 2).pad(2, 2, 3, 3).planar()",
    "PhasedWinograd<5, 5, 2, 56, WinogradShare::kTiles>",
  ],
  ["input(288, 35, 35).output(384, 17, 17).kernel(3, 3).stride(2, 2)", "Direct<2, 14>"],
];

const program = [
  '#include "check.hpp"',
  "using namespace incept;",
  "using namespace incept::cpu;",
  // One thread that is a member of two, and computes everything by itself: the other one is late.
  "template <const Conv& S, class Algorithm> void pieces() {",
  "  Claims claims(2, 0);",
  "  std::vector<std::byte> scratch(kMemberScratch + 64);",
  "  std::byte* aligned = scratch.data() + (64 - std::uintptr_t(scratch.data()) % 64);",
  "  Member member(0, 2, false, claims, Member(nullptr), aligned);",
  "  const auto floats = [](std::size_t count) { return check::Floats(count + 64); };",
  "  const auto in = floats(blocks_of(S.in_channels) * kBlock * S.in_height * S.in_width);",
  "  auto out = floats(blocks_of(S.out_channels) * kBlock * S.out_height * S.out_width);",
  "  const auto weights = floats(Algorithm::packed_weights(S)), bias = floats(Algorithm::packed_bias(S));",
  "  auto workspace = floats(Algorithm::workspace(S) / sizeof(float));",
  "  conv<S, Algorithm>(member, in.data(), weights.data(), bias.data(),",
  "                     workspace.data(), out.data());",
  "  member.barrier();",
  '  std::printf("%d %d\\n", int(member.steps()), int(member.pieces()));',
  "}",
  ...layers.map(([layer], i) => `static constexpr Conv layer_${i} = Conv{}.${layer};`),
  "int main() {",
  ...layers.map(([, algorithm], i) => `  pieces<layer_${i}, ${algorithm}>();`),
  "}",
].join("\n");

test("each step of a large layer has a piece for every thread", async () => {
  const lines = await runNative(program, "native");
  const shared = lines.map((line) => line.split(" ").map(Number) as [number, number]);
  expect(shared.length).toBe(layers.length);
  for (const [i, [steps, pieces]] of shared.entries()) {
    expect(steps, layers[i]!.join(" ")).toBeGreaterThan(0);
    expect(pieces, layers[i]!.join(" ")).toBeGreaterThanOrEqual(2 * steps);
  }
});
