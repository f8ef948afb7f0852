// Speed of the direct convolution on the shapes of GoogLeNet and SimpleInception, next to the
// machine's peak of fused multiply-adds measured in the same program.
//
//   g++ -std=c++17 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -pthread
//       -I native/cpu bench/native/conv.cpp -o conv-bench && ./conv-bench
//
// The best of many runs: other processes only ever make one slower. An argument says for how many
// seconds each figure is tried; 0.2 is enough on an idle machine.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "conv/direct.hpp"
#include "timing.hpp"

using namespace incept;
using namespace incept::cpu;
using bench::best;

namespace {

template <const Conv& S, class Algorithm>
double rate(Team& team) {
  std::vector<float> in(std::size_t(blocks_of(S.in_channels)) * kBlock * S.in_height * S.in_width);
  std::vector<float> weight(Algorithm::packed_weights(S)), packed(weight.size());
  std::vector<float> bias(Algorithm::packed_bias(S));
  std::vector<float> workspace(Algorithm::workspace(S) / sizeof(float));
  std::vector<float> out(std::size_t(blocks(S)) * kBlock * S.out_height * S.out_width);
  std::mt19937 engine(7);
  std::uniform_real_distribution<float> number(-1, 1);
  for (float& x : in) x = number(engine);
  for (float& x : weight) x = number(engine);
  Algorithm::pack(S, weight.data(), packed.data());
  const double time = best(team, [&](Member& t) {
    conv<S, Algorithm>(t, in.data(), packed.data(), bias.data(), workspace.data(), out.data());
  });
  return 2.0 * S.out_channels * S.out_height * S.out_width * S.in_channels * S.kernel_height *
         S.kernel_width / time * 1e-9;
}

struct Result {
  double rate;
  int blocks, pixels;
};

template <const Conv& S, int BLOCKS, int PIXELS>
Result tried(Team& team, Direct<BLOCKS, PIXELS>) {
  return {rate<S, Direct<BLOCKS, PIXELS>>(team), BLOCKS, PIXELS};
}

template <const Conv& S, class... Tunings>
void report(const char* name, Team& team, double limit) {
  Result top{0, 0, 0};
  const auto consider = [&](Result r) {
    if (r.rate > top.rate) top = r;
    std::printf(" %dx%-2d %4.0f ", r.blocks, r.pixels, r.rate);
  };
  std::printf("%-24s", name);
  (consider(tried<S>(team, Tunings{})), ...);
  std::printf("  best %dx%d %3.0f %%\n", top.blocks, top.pixels, 100 * top.rate / limit);
}

constexpr Conv same(int ic, int oc, int size, int k) {
  return Conv{}
      .input(ic, size, size)
      .output(oc, size, size)
      .kernel(k, k)
      .pad(k / 2, k / 2, k / 2, k / 2)
      .relu();
}

constexpr Conv stem = Conv{}
                          .input(3, 224, 224)
                          .output(64, 112, 112)
                          .kernel(7, 7)
                          .stride(2, 2)
                          .pad(3, 3, 3, 3)
                          .planar()
                          .relu();
constexpr Conv c56 = same(64, 192, 56, 3), c28 = same(96, 128, 28, 3), c14 = same(128, 256, 14, 3),
               c7 = same(192, 384, 7, 3), p28 = same(256, 288, 28, 1), p14 = same(480, 192, 14, 1),
               p7 = same(832, 624, 7, 1), k5 = same(64, 128, 32, 5), k5_14 = same(32, 128, 14, 5);

#if defined(__AVX512F__)
#define TUNINGS Direct<1, 28>, Direct<2, 14>, Direct<3, 9>, Direct<4, 6>
#elif defined(__AVX__)
#define TUNINGS Direct<1, 6>, Direct<2, 2>
#else
#define TUNINGS Direct<1, 2>, Direct<2, 1>, Direct<1, 6>
#endif

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) bench::budget = std::atof(arguments[1]);
  for (int threads = 1; threads <= 2; ++threads) {
    Team team(threads);
    bench::pin(team);
    const double limit = peak::gigaflops(team, bench::budget);
    std::printf("%d thread%s, peak %.0f GFLOP/s; GFLOP/s by tile\n", threads,
                threads > 1 ? "s" : "", limit);
    report<stem, TUNINGS>("7x7/2 3->64 at 224", team, limit);
    report<c56, TUNINGS>("3x3 64->192 at 56", team, limit);
    report<c28, TUNINGS>("3x3 96->128 at 28", team, limit);
    report<c14, TUNINGS>("3x3 128->256 at 14", team, limit);
    report<c7, TUNINGS>("3x3 192->384 at 7", team, limit);
    report<p28, TUNINGS>("1x1 256->288 at 28", team, limit);
    report<p14, TUNINGS>("1x1 480->192 at 14", team, limit);
    report<p7, TUNINGS>("1x1 832->624 at 7", team, limit);
    report<k5, TUNINGS>("5x5 64->128 at 32", team, limit);
    report<k5_14, TUNINGS>("5x5 32->128 at 14", team, limit);
  }
}
