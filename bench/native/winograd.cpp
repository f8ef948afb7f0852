// Speed and exactness of Winograd's convolutions beside the direct one, layer by layer.
//
//   g++ -std=c++17 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -pthread
//       -I native/cpu bench/native/winograd.cpp -o winograd-bench && ./winograd-bench 0.2
//
// GFLOP/s are those of the direct convolution, whatever is computed. Weights come from beyond the
// second cache, as they do in a network: each run has another copy of them. The error is the
// relative L2 distance from a convolution in double precision. An argument says for how many
// seconds each figure is tried.
#ifdef __linux__
#include <sched.h>
#include <sys/mman.h>
#endif

#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "conv/direct.hpp"
#include "conv/winograd.hpp"

using namespace incept;
using namespace incept::cpu;

namespace {

double budget = 0.2;

double seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

void pin(Team& team) {
#ifdef __linux__
  team.run([](Member& t) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(t.rank(), &cores);
    sched_setaffinity(0, sizeof cores, &cores);
  });
#endif
}

std::vector<float> random_numbers(std::size_t count, float least, float most) {
  static std::mt19937 engine(7);
  std::uniform_real_distribution<float> number(least, most);
  std::vector<float> numbers(count);
  for (float& x : numbers) x = number(engine);
  return numbers;
}

// Of one layer: numbers, and what a convolution in double precision makes of them.
struct Layer {
  std::vector<float> in, weight, bias;
  std::vector<double> expected;
};

template <const Conv& S>
Layer layer() {
  const int plane = S.in_height * S.in_width, taps = S.kernel_height * S.kernel_width;
  Layer l;
  l.in = random_numbers(std::size_t(blocks_of(S.in_channels)) * kBlock * plane, 0, 1);
  l.weight = random_numbers(std::size_t(S.out_channels) * S.in_channels * taps, -1, 1);
  l.bias = random_numbers(std::size_t(blocks(S)) * kBlock, -1, 1);
  l.expected.assign(std::size_t(blocks(S)) * kBlock * S.out_height * S.out_width, 0);
  // A part of the channels is enough, and a double for each tap.
  for (int o = 0; o < std::min(S.out_channels, 32); ++o)
    for (int y = 0; y < S.out_height; ++y)
      for (int x = 0; x < S.out_width; ++x) {
        double sum = l.bias[o];
        for (int i = 0; i < S.in_channels; ++i)
          for (int tap = 0; tap < taps; ++tap) {
            const int iy = y + tap / S.kernel_width - S.pad_top,
                      ix = x + tap % S.kernel_width - S.pad_left;
            if (iy < 0 || ix < 0 || iy >= S.in_height || ix >= S.in_width) continue;
            sum +=
                double(
                    l.in[((std::size_t(i / kBlock) * S.in_height + iy) * S.in_width + ix) * kBlock +
                         i % kBlock]) *
                l.weight[(std::size_t(o) * S.in_channels + i) * taps + tap];
          }
        l.expected[((std::size_t(o / kBlock) * S.out_height + y) * S.out_width + x) * kBlock +
                   o % kBlock] = sum;
      }
  return l;
}

template <const Conv& S, class Algorithm>
void tried(const char* name, Team& team, const Layer& l) {
  const std::size_t size = Algorithm::packed_weights(S);
  const std::size_t copies = std::max<std::size_t>(1, (24u << 20) / (4 * size)) + 1;
  const std::size_t bytes = round_up(size * copies * 4, 2 << 20);
  float* packed = static_cast<float*>(std::aligned_alloc(2 << 20, bytes));
#ifdef __linux__
  madvise(packed, bytes, MADV_HUGEPAGE);
#endif
  for (std::size_t c = 0; c < copies; ++c) {
    if (c == 0)
      Algorithm::pack(S, l.weight.data(), packed);
    else
      std::copy(packed, packed + size, packed + c * size);
  }
  std::vector<float> workspace(Algorithm::workspace(S) / sizeof(float)), out(l.expected.size()),
      bias(l.bias);
  double shortest = 1e9;
  std::size_t turn = 0;
  for (double start = seconds(); seconds() - start < budget;) {
    const float* w = packed + (turn++ % copies) * size;
    const double from = seconds();
    team.run([&](Member& t) {
      conv<S, Algorithm>(t, l.in.data(), w, bias.data(), workspace.data(), out.data());
    });
    shortest = std::min(shortest, seconds() - from);
  }
  double wrong = 0, norm = 0;
  const std::size_t judged = std::size_t(std::min(S.out_channels, 32)) * S.out_height * S.out_width;
  for (std::size_t i = 0; i < judged; ++i) {
    const double e = std::max(0.0, l.expected[i]);
    wrong += (out[i] - e) * (out[i] - e), norm += e * e;
  }
  const double flops = 2.0 * S.out_channels * S.out_height * S.out_width * S.in_channels *
                       S.kernel_height * S.kernel_width;
  std::printf("  %-22s %8.1f us %6.0f GFLOP/s  %.1e\n", name, shortest * 1e6,
              flops / shortest * 1e-9, std::sqrt(wrong / norm));
  std::free(packed);
}

#if defined(__AVX512F__)
constexpr int kBlocks = 2;
using Tile = Direct<2, 14>;
#elif defined(__AVX2__)
constexpr int kBlocks = 1;
using Tile = Direct<1, 6>;
#else
constexpr int kBlocks = 1;
using Tile = Direct<1, 2>;
#endif

constexpr auto kTiles = WinogradShare::kTiles;
constexpr auto kBlocksShared = WinogradShare::kBlocks;

template <const Conv& S, int H, int W>
void sizes(const char* name, Team& team, const Layer& l) {
  char text[64];
#define TRY(TILES, SHARE)                                           \
  if constexpr (Winograd<H, W, kBlocks, TILES, SHARE>::fits(S)) {   \
    std::snprintf(text, sizeof text, "%s %d%s", name, TILES,        \
                  SHARE == kTiles ? " tiles" : " blocks");          \
    tried<S, Winograd<H, W, kBlocks, TILES, SHARE>>(text, team, l); \
  }
  TRY(14, kTiles)
  TRY(28, kTiles)
  TRY(56, kTiles)
  TRY(28, kBlocksShared)
  TRY(64, kBlocksShared)
}

template <const Conv& S>
void report(const char* name, Team& team) {
  const Layer l = layer<S>();
  std::printf("%s\n", name);
  tried<S, Tile>("direct", team, l);
  if constexpr (S.kernel_height == 1) {
    sizes<S, 1, 8 - S.kernel_width + 1>("F8", team, l);
    sizes<S, 1, 10 - S.kernel_width + 1>("F10", team, l);
  } else if constexpr (S.kernel_height == 3) {
    sizes<S, 2, 2>("F(2,3)", team, l);
    sizes<S, 4, 4>("F(4,3)", team, l);
  } else {
    sizes<S, 2, 2>("F(2,5)", team, l);
    sizes<S, 4, 4>("F(4,5)", team, l);
  }
}

constexpr Conv same(int ic, int oc, int size, int kh, int kw) {
  return Conv{}
      .input(ic, size, size)
      .output(oc, size, size)
      .kernel(kh, kw)
      .pad(kh / 2, kw / 2, kh / 2, kw / 2)
      .relu();
}

constexpr Conv c56 = same(64, 192, 56, 3, 3), c28 = same(128, 192, 28, 3, 3),
               c14 = same(160, 320, 14, 3, 3), c7 = same(192, 384, 7, 3, 3),
               k28 = same(32, 96, 28, 5, 5), k14 = same(32, 128, 14, 5, 5),
               k7 = same(48, 128, 7, 5, 5), w17 = same(192, 192, 17, 1, 7),
               c32 = same(32, 32, 32, 3, 3);

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) budget = std::atof(arguments[1]);
  const int most = count > 2 ? std::atoi(arguments[2]) : 2;
  for (int threads = 1; threads <= most; ++threads) {
    Team team(threads);
    pin(team);
    std::printf("-- %d threads\n", threads);
    report<c56>("3x3 64->192 at 56", team);
    report<c28>("3x3 128->192 at 28", team);
    report<c14>("3x3 160->320 at 14", team);
    report<c7>("3x3 192->384 at 7", team);
    report<k28>("5x5 32->96 at 28", team);
    report<k14>("5x5 32->128 at 14", team);
    report<k7>("5x5 48->128 at 7", team);
    report<w17>("1x7 192->192 at 17", team);
    report<c32>("3x3 32->32 at 32", team);
  }
}
