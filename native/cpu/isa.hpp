// Instruction sets as types, a template argument of every fast kernel: what a kernel is compiled
// for is part of its identity, so that one binary may hold it for several processors.
#pragma once

#include <type_traits>

namespace incept::cpu {

// kLanes: 32-bit numbers of one register. Baseline is what every processor of the architecture has.
struct Baseline {
  static constexpr int kLanes = 4;
};
struct Avx2 {
  static constexpr int kLanes = 8;
};
struct Avx512 {
  static constexpr int kLanes = 16;
};
// AVX-512 with its instructions for bf16, and tiles of it.
struct Amx {
  static constexpr int kLanes = 16;
};
struct Neon {
  static constexpr int kLanes = 4;
};

// What this file is compiled for.
#if defined(__AMX_BF16__)
using Native = Amx;
#elif defined(__AVX512F__)
using Native = Avx512;
#elif defined(__AVX2__)
using Native = Avx2;
#elif defined(__ARM_NEON)
using Native = Neon;
#else
using Native = Baseline;
#endif

// Under the name of a lesser set a file would define kernels with instructions that it lacks, and
// of the two the linker keeps one.
template <class Isa>
inline constexpr bool compiled_for = std::is_same_v<Isa, Native>;

}  // namespace incept::cpu
