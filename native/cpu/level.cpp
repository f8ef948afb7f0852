// Compiled for the plainest processor of its architecture, like all that runs before the check has
// passed; it shares no inline function with the kernels' files, of which the linker might keep the
// other copy.
#include "level.hpp"

#include <cstddef>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#elif defined(_M_X64)
#include <intrin.h>
#endif
#if defined(__linux__) && defined(__x86_64__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace incept::cpu {
namespace {

struct Leaf {
  std::uint32_t eax, ebx, ecx, edx;
};

#if defined(__x86_64__) || defined(__i386__)
Leaf cpuid(std::uint32_t leaf, std::uint32_t subleaf = 0) {
  Leaf r = {0, 0, 0, 0};
  __get_cpuid_count(leaf, subleaf, &r.eax, &r.ebx, &r.ecx, &r.edx);
  return r;
}

std::uint64_t xgetbv() {
  std::uint32_t low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return static_cast<std::uint64_t>(high) << 32 | low;
}
#elif defined(_M_X64)
Leaf cpuid(std::uint32_t leaf, std::uint32_t subleaf = 0) {
  int r[4];
  __cpuidex(r, static_cast<int>(leaf & 0x80000000u), 0);
  if (static_cast<std::uint32_t>(r[0]) < leaf) return {0, 0, 0, 0};
  __cpuidex(r, static_cast<int>(leaf), static_cast<int>(subleaf));
  return {static_cast<std::uint32_t>(r[0]), static_cast<std::uint32_t>(r[1]),
          static_cast<std::uint32_t>(r[2]), static_cast<std::uint32_t>(r[3])};
}

std::uint64_t xgetbv() {
  return _xgetbv(0);
}
#else
Leaf cpuid(std::uint32_t, std::uint32_t = 0) {
  return {0, 0, 0, 0};
}

std::uint64_t xgetbv() {
  return 0;
}
#endif

constexpr std::uint32_t bit(int n) {
  return std::uint32_t{1} << n;
}
constexpr std::uint32_t kOsxsave = bit(27);

// Where a feature shows: Intel SDM volume 2A, CPUID. What kernelFlags() in
// src/targets/cpu/level.ts lets the compiler use, and no more.
struct Feature {
  const char* name;
  Level level;
  std::uint32_t Registers::* word;
  std::uint32_t mask;
};
const Feature features[] = {
    {"FMA", Level::kAvx2, &Registers::leaf1_ecx, bit(12)},
    {"OSXSAVE", Level::kAvx2, &Registers::leaf1_ecx, kOsxsave},
    {"AVX", Level::kAvx2, &Registers::leaf1_ecx, bit(28)},
    {"F16C", Level::kAvx2, &Registers::leaf1_ecx, bit(29)},
    {"BMI1", Level::kAvx2, &Registers::leaf7_ebx, bit(3)},
    {"AVX2", Level::kAvx2, &Registers::leaf7_ebx, bit(5)},
    {"BMI2", Level::kAvx2, &Registers::leaf7_ebx, bit(8)},
    {"AVX512F", Level::kAvx512, &Registers::leaf7_ebx, bit(16)},
    {"AVX512DQ", Level::kAvx512, &Registers::leaf7_ebx, bit(17)},
    {"AVX512CD", Level::kAvx512, &Registers::leaf7_ebx, bit(28)},
    {"AVX512BW", Level::kAvx512, &Registers::leaf7_ebx, bit(30)},
    {"AVX512VL", Level::kAvx512, &Registers::leaf7_ebx, bit(31)},
    {"AVX512_BF16", Level::kAmx, &Registers::leaf7_1_eax, bit(5)},
    {"AMX-TILE", Level::kAmx, &Registers::leaf7_edx, bit(24)},
    {"AMX-BF16", Level::kAmx, &Registers::leaf7_edx, bit(22)},
};

// Saved by the system when threads switch: SSE and AVX state, then AVX-512's three, then the two of
// tiles.
constexpr std::uint64_t kAvxState = 0x6, kAvx512State = 0xe6, kAmxState = 0x600e6;

// Of the levels of x86 each has the features of those before it.
constexpr bool has(Level level, Level feature) {
  return level != Level::kNeon && static_cast<int>(level) >= static_cast<int>(feature);
}

}  // namespace

Registers read_cpu() {
  Registers cpu;
  cpu.leaf1_ecx = cpuid(1).ecx;
  const Leaf leaf7 = cpuid(7);
  cpu.leaf7_ebx = leaf7.ebx;
  cpu.leaf7_edx = leaf7.edx;
  if (leaf7.eax >= 1) cpu.leaf7_1_eax = cpuid(7, 1).eax;
  if (cpu.leaf1_ecx & kOsxsave) cpu.xcr0 = xgetbv();
  return cpu;
}

const char* missing_feature(Level level, const Registers& cpu) {
  if (!has(level, Level::kAvx2)) return nullptr;
  for (const Feature& feature : features)
    if (has(level, feature.level) && !(cpu.*feature.word & feature.mask)) return feature.name;
  if ((cpu.xcr0 & kAvxState) != kAvxState) return "AVX state saved by the system";
  if (has(level, Level::kAvx512) && (cpu.xcr0 & kAvx512State) != kAvx512State)
    return "AVX-512 state saved by the system";
  if (has(level, Level::kAmx) && (cpu.xcr0 & kAmxState) != kAmxState)
    return "AMX state saved by the system";
  return nullptr;
}

bool permit(Level level) {
  if (level != Level::kAmx) return true;
#if defined(__linux__) && defined(__x86_64__)
  constexpr long kRequest = 0x1023, kTileData = 18;  // ARCH_REQ_XCOMP_PERM of asm/prctl.h.
  return syscall(SYS_arch_prctl, kRequest, kTileData) == 0;
#else
  return false;  // Of no other system is known how it is asked.
#endif
}

}  // namespace incept::cpu
