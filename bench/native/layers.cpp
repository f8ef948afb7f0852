// Times of the kernels beside convolution, on shapes of the networks that use them, next to what a
// copy of as many numbers takes.
//
//   g++ -std=c++17 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -pthread
//       -I native/cpu bench/native/layers.cpp -o layers-bench && ./layers-bench
//
// Microseconds, the best of many runs. To measure a change, compile it in a checkout of each
// version and let the programs take turns. Arguments: seconds for each figure, and a part of the
// names of those to run; with ONE in the environment on one thread alone.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "adaptive_pool.hpp"
#include "elementwise.hpp"
#include "linear.hpp"
#include "lrn.hpp"
#include "pool.hpp"
#include "softmax.hpp"
#include "timing.hpp"

using namespace incept;
using namespace incept::cpu;

namespace {

std::string wanted;

std::vector<float> random(std::size_t count) {
  std::mt19937 engine(7);
  std::uniform_real_distribution<float> number(-1, 1);
  std::vector<float> values(count);
  for (float& x : values) x = number(engine);
  return values;
}

// `run(member, in, out)` on so many numbers.
template <class Run>
void report(const std::string& name, std::ptrdiff_t inputs, std::ptrdiff_t outputs, Run&& run) {
  if (name.find(wanted) == std::string::npos) return;
  const std::vector<float> in = random(inputs);
  std::vector<float> out(outputs);
  std::printf("%-36s", name.c_str());
  for (int threads = 1; threads <= (std::getenv("ONE") ? 1 : 2); ++threads) {
    Team team(threads);
    bench::pin(team);
    const double own = bench::best(team, [&](Member& t) { run(t, in.data(), out.data()); });
    const double copy = bench::best(team, [&](Member& t) {
      for (auto [i, end] = share(t, outputs); i < end; i = end)
        std::copy(in.data() + i % inputs,
                  in.data() + i % inputs + std::min(end - i, inputs - i % inputs), out.data() + i);
    });
    std::printf(" %10.2f (copy %6.2f)", own * 1e6, copy * 1e6);
  }
  std::printf("\n");
}

template <const auto& S, class Run>
void same_extent(const std::string& name, Run&& run) {
  report(name, extent(S), extent(S), run);
}

template <const Activate& S>
void activation(const std::string& name) {
  same_extent<S>(name + " 64x28x28", [](Member& t, auto in, auto out) { activate<S>(t, in, out); });
}

template <const Pool& S>
void pools(const std::string& name) {
  const std::ptrdiff_t in = std::ptrdiff_t(S.in_channels) * S.in_height * S.in_width;
  const std::ptrdiff_t out = std::ptrdiff_t(S.in_channels) * S.out_height * S.out_width;
  report("max " + name, in, out, [](Member& t, auto x, auto y) { max_pool<S>(t, x, y); });
  report("avg " + name, in, out, [](Member& t, auto x, auto y) { avg_pool<S>(t, x, y); });
}

template <const AdaptivePool& S>
void adaptive(const std::string& name) {
  report(name, std::ptrdiff_t(S.channels) * S.in_height * S.in_width,
         std::ptrdiff_t(S.channels) * S.out_height * S.out_width,
         [](Member& t, auto in, auto out) { adaptive_avg_pool<S>(t, in, out); });
}

// Of so many images at once, beside a sum of the weights.
template <const Linear& S>
void fully_connected(const std::string& name, int images) {
  if (name.find(wanted) == std::string::npos) return;
  const std::ptrdiff_t inputs = row_length(S), room = MatrixVector::workspace(S) / sizeof(float);
  const std::vector<float> in = random(inputs * images),
                           weights = random(MatrixVector::packed_weights(S));
  std::vector<float> out(S.feature_count * images), workspace(room * images);
  std::printf("%-32s x%d", name.c_str(), images);
  for (int threads = 1; threads <= (std::getenv("ONE") ? 1 : 2); ++threads) {
    Team team(threads);
    bench::pin(team);
    const double own = bench::best(team, [&](Member& t) {
      linear<S, MatrixVector>(t, Batch<const float>{in.data(), inputs, images}, weights.data(),
                              nullptr, Batch<float>{workspace.data(), room, images},
                              Batch<float>{out.data(), S.feature_count, images});
    });
    volatile float sink = 0;
    const double read = bench::best(team, [&](Member& t) {
      using Simd = cpu::Simd<F32, Native>;
      Simd::Vec sum[8] = {};
      const std::ptrdiff_t step = 8 * Native::kLanes;
      for (auto [i, end] = share(t, std::ptrdiff_t(weights.size()) / step); i < end; ++i) {
        INCEPT_UNROLL
        for (int k = 0; k < 8; ++k)
          sum[k] += Simd::load(weights.data() + i * step + k * Native::kLanes);
      }
      for (int k = 1; k < 8; ++k) sum[0] += sum[k];
      sink = sum[0][0];
    });
    std::printf(" %10.2f (read %6.2f)", own * 1e6, read * 1e6);
  }
  std::printf("\n");
}

constexpr Activate plane = Activate{}.image(64, 28, 28);
constexpr Activate sigmoid_ = Activate{plane}.sigmoid(), tanh_ = Activate{plane}.tanh(),
                   silu_ = Activate{plane}.silu(), elu_ = Activate{plane}.elu(),
                   gelu_ = Activate{plane}.gelu(), gelu_tanh_ = Activate{plane}.gelu_tanh();
constexpr Softmax classes = Softmax{}.vector(1000), logs = Softmax{classes}.log(),
                  pixels = Softmax{}.image(21, 64, 64),
                  columns = Softmax{}.image(64, 28, 28).over_height();
constexpr Pool
    stem = Pool{}.input(64, 112, 112).output(56, 56).kernel(3, 3).stride(2, 2).pad(0, 0, 1, 1),
    branch = Pool{}.input(480, 14, 14).output(14, 14).kernel(3, 3).pad(1, 1, 1, 1),
    late = Pool{}.input(832, 7, 7).output(7, 7).kernel(3, 3).pad(1, 1, 1, 1),
    halves = Pool{}.input(128, 56, 56).output(28, 28).kernel(2, 2).stride(2, 2);
constexpr AdaptivePool global = AdaptivePool{}.input(1024, 7, 7).output(1, 1),
                       wide = AdaptivePool{}.input(64, 56, 56).output(1, 1),
                       doubled = AdaptivePool{}.input(64, 28, 28).output(56, 56),
                       bins = AdaptivePool{}.input(512, 14, 14).output(4, 4);
constexpr Lrn first = Lrn{}.image(64, 56, 56), second = Lrn{}.image(192, 56, 56);
constexpr Linear classifier = Linear{}.image(1024, 1, 1).features(1000),
                 simple = Linear{}.image(344, 32, 32).features(10);

}  // namespace

int main(int count, char** arguments) {
  if (count > 1) bench::budget = std::atof(arguments[1]);
  if (count > 2) wanted = arguments[2];
  activation<sigmoid_>("sigmoid");
  activation<tanh_>("tanh");
  activation<silu_>("silu");
  activation<elu_>("elu");
  activation<gelu_>("gelu");
  activation<gelu_tanh_>("gelu_tanh");
  const auto distribution = [](const auto& name, auto run, std::ptrdiff_t size) {
    report(name, size, size, run);
  };
  distribution(
      "softmax 1000", [](Member& t, auto in, auto out) { softmax<classes>(t, in, out); },
      extent(classes));
  distribution(
      "logsoftmax 1000", [](Member& t, auto in, auto out) { softmax<logs>(t, in, out); },
      extent(logs));
  distribution(
      "softmax 21x64x64 over channels",
      [](Member& t, auto in, auto out) { softmax<pixels>(t, in, out); }, extent(pixels));
  distribution(
      "softmax 64x28x28 over height",
      [](Member& t, auto in, auto out) { softmax<columns>(t, in, out); }, extent(columns));
  pools<stem>("3x3/2 64x112x112");
  pools<branch>("3x3 480x14x14");
  pools<late>("3x3 832x7x7");
  pools<halves>("2x2/2 128x56x56");
  adaptive<global>("global mean 1024x7x7");
  adaptive<wide>("global mean 64x56x56");
  adaptive<bins>("512x14x14 to 4x4");
  adaptive<doubled>("upsample 64x28x28 by 2");
  same_extent<first>("lrn 64x56x56", [](Member& t, auto in, auto out) { lrn<first>(t, in, out); });
  same_extent<second>("lrn 192x56x56",
                      [](Member& t, auto in, auto out) { lrn<second>(t, in, out); });
  for (int images : {1, 8}) {
    fully_connected<classifier>("linear 1024 to 1000", images);
    fully_connected<simple>("linear 344x32x32 to 10", images);
  }
}
