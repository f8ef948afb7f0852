import { expect, it } from "vitest";
import { runNative } from "../native/compile.js";

/** The registers of four processors, and of two whose systems save too little. */
const program = `
#include <cstdio>
#include <initializer_list>
#include "cpu/level.cpp"

using namespace incept::cpu;

const char* or_none(const char* text) { return text ? text : "none"; }

int main() {
  Registers none, haswell, skylake, old_system, sapphire, no_tiles;
  haswell.leaf1_ecx = 1u << 12 | 1u << 27 | 1u << 28 | 1u << 29;
  haswell.leaf7_ebx = 1u << 3 | 1u << 5 | 1u << 8;
  haswell.xcr0 = 0x7;
  skylake = haswell;
  skylake.leaf7_ebx |= 1u << 16 | 1u << 17 | 1u << 28 | 1u << 30 | 1u << 31;
  skylake.xcr0 = 0xe7;
  old_system = skylake;
  old_system.xcr0 = 0x7;
  sapphire = skylake;
  sapphire.leaf7_edx = 1u << 22 | 1u << 24;
  sapphire.leaf7_1_eax = 1u << 5;
  no_tiles = sapphire;
  sapphire.xcr0 = 0x600e7;
  for (Level level : {Level::kBaseline, Level::kAvx2, Level::kAvx512, Level::kAmx})
    for (const Registers& cpu : {none, haswell, skylake, old_system, sapphire, no_tiles})
      std::puts(or_none(missing_feature(level, cpu)));
  std::puts(or_none(missing_feature(Level::kBaseline, read_cpu())));
}
`;

it("names a feature that a processor, or its system, lacks for a level", async () => {
  const march = process.arch === "x64" ? "x86-64" : "native";
  const lines = await runNative(program, march);
  expect(lines).toEqual([
    ...["none", "none", "none", "none", "none", "none"],
    ...["FMA", "none", "none", "none", "none", "none"],
    ...["FMA", "AVX512F", "none", "AVX-512 state saved by the system", "none", "none"],
    ...["FMA", "AVX512F", "AVX512_BF16", "AVX512_BF16", "none", "AMX state saved by the system"],
    "none",
  ]);
});
