// A max pool and the 1x1 convolution behind it: two kernels with a barrier between them, and one.
//
//   g++ -std=c++17 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -pthread
//       -I native/cpu bench/native/pooled.cpp -o pooled-bench && ./pooled-bench 0.2
//
// Microseconds, the best of many runs in turns: the pool alone, both apart, and both as one by 1, 2
// and 4 rows at a time. Members share out the input as they write it before each run, and each run
// has another copy of the weights, which so come from beyond the second cache. An argument says for
// how many seconds each figure is tried; with ONE in the environment on one thread alone.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <vector>

#include "conv/pointwise.hpp"
#include "conv/pooled.hpp"
#include "timing.hpp"

using namespace incept;
using namespace incept::cpu;

namespace {

std::vector<float> random(std::size_t count) {
  static std::mt19937 engine(7);
  std::uniform_real_distribution<float> number(-1, 1);
  std::vector<float> values(count);
  for (float& x : values) x = number(engine);
  return values;
}

constexpr bool kWide = Native::kLanes == 16;
constexpr int kBlocks = kWide ? 2 : 1, kPixels = kWide ? 14 : 6, kDepth = kWide ? 128 : 256;
using Apart = Pointwise<kBlocks, kPixels, kDepth>;
template <int ROWS>
using Fused = Pooled<kBlocks, kPixels, kDepth, ROWS>;

template <const Pool& P, const Conv& S>
struct Layer {
  static constexpr std::size_t kIn = std::size_t(blocks_of(P.in_channels)) * kBlock * P.in_height *
                                     P.in_width,
                               kPooled = std::size_t(blocks_of(P.in_channels)) * kBlock *
                                         P.out_height * P.out_width,
                               kOut = std::size_t(blocks(S)) * kBlock * S.out_height * S.out_width,
                               kWeights = Apart::packed_weights(S),
                               kCopies = std::size_t(24 << 20) / (4 * kWeights) + 2;
  std::vector<float> in = random(kIn), pooled = random(kPooled),
                     weights = random(kWeights * kCopies), bias = random(Apart::packed_bias(S)),
                     out = random(kOut), other = random(kOut);

  // `run(member, weights)`, the best time of it in microseconds; what it reads is written before.
  template <class Run>
  double best(Team& team, Run&& run) {
    double shortest = 1e9;
    std::size_t turn = 0;
    for (const double start = bench::seconds(); bench::seconds() - start < bench::budget / 10;) {
      double from[2] = {}, until[2] = {};
      const float* w = weights.data() + turn++ % kCopies * kWeights;
      team.run([&](Member& t) {
        for (auto [i, end] = share(t, std::ptrdiff_t(kIn / kBlock)); i < end; ++i)
          for (int k = 0; k < kBlock; ++k) in[i * kBlock + k] *= -1;
        t.barrier();
        from[t.rank()] = bench::seconds();
        run(t, w);
        t.barrier();
        until[t.rank()] = bench::seconds();
      });
      const int last = team.size() - 1;
      shortest =
          std::min(shortest, std::max(until[0], until[last]) - std::min(from[0], from[last]));
    }
    return shortest * 1e6;
  }

  double apart(Team& team) {
    return best(team, [&](Member& t, const float* w) {
      max_pool<P>(t, in.data(), pooled.data());
      t.barrier();
      conv<S, Apart>(t, pooled.data(), w, bias.data(), nullptr, out.data());
    });
  }
  double pool(Team& team) {
    return best(team, [&](Member& t, const float*) { max_pool<P>(t, in.data(), pooled.data()); });
  }

  template <int ROWS>
  double fused(Team& team) {
    return best(team, [&](Member& t, const float* w) {
      max_pool_conv<P, S, Fused<ROWS>>(t, in.data(), w, bias.data(), other.data());
    });
  }

  void same() {
    Team team(1);
    team.run([&](Member& t) {
      max_pool<P>(t, in.data(), pooled.data());
      conv<S, Apart>(t, pooled.data(), weights.data(), bias.data(), nullptr, out.data());
      max_pool_conv<P, S, Fused<2>>(t, in.data(), weights.data(), bias.data(), other.data());
    });
    if (out != other) std::printf("  results differ!"), std::exit(1);
  }
};

template <const Pool& P, const Conv& S>
void report(const char* name) {
  Layer<P, S> layer;
  layer.same();
  std::printf("%-28s", name);
  for (int threads = 1; threads <= (std::getenv("ONE") ? 1 : 2); ++threads) {
    Team team(threads);
    bench::pin(team);
    double times[5] = {1e9, 1e9, 1e9, 1e9, 1e9};
    for (int round = 0; round < 10; ++round) {
      const double now[] = {layer.pool(team), layer.apart(team), layer.template fused<1>(team),
                            layer.template fused<2>(team), layer.template fused<4>(team)};
      for (int i = 0; i < 5; ++i) times[i] = std::min(times[i], now[i]);
    }
    std::printf(" | pool %6.1f apart %7.1f fused 1: %7.1f 2: %7.1f 4: %7.1f", times[0], times[1],
                times[2], times[3], times[4]);
  }
  std::printf("\n");
}

#define CASE(NAME, C, IN, OUT, STRIDE, PAD, O)               \
  constexpr Pool NAME##_pool = Pool{}                        \
                                   .input(C, IN, IN)         \
                                   .output(OUT, OUT)         \
                                   .kernel(3, 3)             \
                                   .stride(STRIDE, STRIDE)   \
                                   .pad(PAD, PAD, PAD, PAD); \
  constexpr Conv NAME##_conv = Conv{}.input(C, OUT, OUT).output(O, OUT, OUT).relu();

CASE(a3, 192, 28, 28, 1, 1, 32)
CASE(b3, 256, 28, 28, 1, 1, 64)
CASE(a4, 480, 14, 14, 1, 1, 64)
CASE(b4, 512, 14, 14, 1, 1, 64)
CASE(e4, 528, 14, 14, 1, 1, 128)
CASE(a5, 832, 7, 7, 1, 1, 128)
CASE(stem, 64, 147, 73, 2, 0, 80)

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) bench::budget = std::atof(arguments[1]);
  report<a3_pool, a3_conv>("192 28x28 -> 32");
  report<b3_pool, b3_conv>("256 28x28 -> 64");
  report<a4_pool, a4_conv>("480 14x14 -> 64");
  report<b4_pool, b4_conv>("512 14x14 -> 64");
  report<e4_pool, e4_conv>("528 14x14 -> 128");
  report<a5_pool, a5_conv>("832 7x7 -> 128");
  report<stem_pool, stem_conv>("64 147x147/2 -> 80");
}
