// Whether this processor, and its system, can run what the kernels were compiled for.
#pragma once

#include <cstdint>

namespace incept::cpu {

enum class Level { kBaseline, kAvx2, kAvx512, kAmx, kNeon };

// What CPUID and XGETBV say, as far as the levels ask; all 0 where there is no CPUID.
struct Registers {
  std::uint32_t leaf1_ecx = 0;
  std::uint32_t leaf7_ebx = 0;
  std::uint32_t leaf7_edx = 0;
  std::uint32_t leaf7_1_eax = 0;  // Of subleaf 1.
  std::uint64_t xcr0 = 0;         // The register states that the system saves.
};

Registers read_cpu();

// The name of a feature that the level needs and the registers lack, or null.
const char* missing_feature(Level level, const Registers& cpu);

// Has the system let this process use the level, where that has to be asked for: Linux saves tiles
// for those who ask. False where it does not.
bool permit(Level level);

}  // namespace incept::cpu
