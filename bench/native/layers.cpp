// Times of the kernels beside convolution, on shapes of the networks that use them, next to what a
// copy of as many numbers takes.
//
//   g++ -std=c++17 -O3 -march=native -ffp-contract=fast -fno-math-errno -fno-trapping-math -pthread
//       -I native/cpu bench/native/layers.cpp -o layers-bench && ./layers-bench
//
// Microseconds, the best of many runs. To measure a change, compile it with `-I` of each version
// and let the programs take turns. Arguments: seconds for each figure, and a part of the names of
// those to run.
#include <cstdio>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "elementwise.hpp"
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
  for (int threads = 1; threads <= 2; ++threads) {
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

constexpr Activate plane = Activate{}.image(64, 28, 28);
constexpr Activate sigmoid_ = Activate{plane}.sigmoid(), tanh_ = Activate{plane}.tanh(),
                   silu_ = Activate{plane}.silu(), elu_ = Activate{plane}.elu(),
                   gelu_ = Activate{plane}.gelu(), gelu_tanh_ = Activate{plane}.gelu_tanh();
constexpr Softmax classes = Softmax{}.vector(1000), logs = Softmax{classes}.log(),
                  pixels = Softmax{}.image(21, 64, 64),
                  columns = Softmax{}.image(64, 28, 28).over_height();

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
}
