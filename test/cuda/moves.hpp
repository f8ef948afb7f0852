// Checks of what moves values about, and of joins of several. Their layers are known when they run,
// so one program has all shapes.
#pragma once

#include <limits>
#include <utility>

#include "check.hpp"
#include "cpu/reference/copy.hpp"
#include "cuda/copy.cuh"
#include "cuda/join.cuh"
#include "cuda/planar.cuh"

namespace check {

inline void check_copy(const std::string& name, const Shape& shape) {
  const Copy layer = Copy{}.image(shape.channels, shape.height, shape.width);
  image_case(
      name + " copy", shape, shape, {.moves = true},
      []<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        bench.run([&](Walk& g) { copy<P>(g, x, y); });
      },
      [&](const Member& t, const float* in, float* out) {
        cpu::reference::copy(t, layer, in, out);
      });
}

// `top` rows above and `left` columns before; `bottom` and `right` behind.
inline void check_pad(const std::string& name, const Shape& from, int top, int left, int bottom,
                      int right) {
  const Shape to{from.channels, from.height + top + bottom, from.width + left + right};
  image_case(
      name + " pad", from, to, {.moves = true},
      [&]<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        bench.run([&](Walk& g) { pad<P>(g, top, left, x, y); });
      },
      [&](const Member&, const float* in, float* out) {
        std::fill(out, out + to.elements(), 0.0f);
        for (int c = 0; c < from.channels; ++c)
          for (int r = 0; r < from.height; ++r)
            std::copy_n(in + (c * from.height + r) * from.width, from.width,
                        out + (c * to.height + top + r) * to.width + left);
      });
}

// To the caller's planar f32 and back.
template <class P>
void planar_case(const std::string& name, const Shape& shape, const Run& run) {
  const std::size_t all = shape.elements() * run.batch;
  const Floats values = run.poison ? poisoned(random(all)) : random(all);
  // Its own rounding, from any f32.
  attempt<P>(name + " load_input, " + run.name, 0, [&] {
    Bench<P> bench(run.batch);
    bench.input(values);
    const Value y = bench.place(shape.channels, shape.height, shape.width, run.y);
    bench.run([&](Walk& g) { load_input<P>(g, 0, y); });
    return difference<P>(rounded<P>(values), bench.got(y));
  });
  attempt<P>(name + " store_output, " + run.name, 0, [&] {
    Bench<P> bench(run.batch);
    bench.output(1);  // Another one, that is left as it is.
    bench.output(all);
    const Value x = bench.put(values, shape.channels, shape.height, shape.width, run.x);
    bench.run([&](Walk& g) { store_output<P>(g, x, 1); });
    bench.got(x);
    return difference<f32>(bench.output_floats(1), rounded<P>(values));
  });
}

inline void check_planar(const std::string& name, const Shape& shape) {
  for (const Run& run : kRuns) {
    planar_case<f32>(name, shape, run);
    planar_case<f16>(name, shape, run);
    planar_case<bf16>(name, shape, run);
  }
  image_case(
      name + " flatten", shape, {static_cast<int>(shape.elements()), 1, 1}, {.moves = true},
      []<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        bench.run([&](Walk& g) { flatten<P>(g, x, y); });
      },
      [&](const Member&, const float* in, float* out) { std::copy_n(in, shape.elements(), out); });
}

// A join of N values, of which every other has the margin, written over value `over` unless that is
// negative. `spread` is the value of one pixel an image, or negative.
struct JoinRun {
  int batch = 2, over = -1, spread = -1;
  Margin margin = {};
};

// `Join` has the layer's type, `start`, `join(so_far, x, n)` and the `call` of the kernel.
template <class P, int N, class Join>
void join_run(const std::string& name, const Shape& shape, const Join& join, const JoinRun& run) {
  attempt<P>(name, join.exact ? 0 : tolerance<P>(), [&] {
    const std::size_t all = shape.elements() * run.batch, pixels = shape.height * shape.width;
    auto layer = join.layer;
    layer.image(shape.channels, shape.height, shape.width);
    Bench<P> bench(run.batch);
    std::vector<Value> x;
    std::vector<double> expected(all, join.start);
    for (int n = 0; n < N; ++n) {
      const bool spread = n == run.spread;
      if (spread) layer.spread(n);
      // Positive, so that no sum is much smaller than what it is of.
      Floats in = rounded<P>(random(spread ? all / pixels : all, 0));
      if (n == N - 1) in = rounded<P>(poisoned(in));
      const Margin own = n % 2 ? run.margin : Margin{8, 8};
      const int height = spread ? 1 : shape.height, width = spread ? 1 : shape.width;
      x.push_back(bench.put(in, shape.channels, height, width, own));
      for (std::size_t i = 0; i < all; ++i)
        expected[i] = join.join(expected[i], double(in[spread ? i / pixels : i]), n);
    }
    const Value y = run.over < 0 ? bench.place(shape.channels, shape.height, shape.width, {8, 16})
                                 : x[static_cast<std::size_t>(run.over)];
    bench.run([&](Walk& g) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        join.template call<P>(g, layer, y, x[I]...);
      }(std::make_index_sequence<N>{});
    });
    return difference<P>(bench.got(y), Floats(expected.begin(), expected.end()));
  });
}

template <int N>
struct SumOf {
  static float scale(int n) { return 1 + 0.25f * static_cast<float>(n % 3); }
  static constexpr bool exact = false;
  static constexpr double start = 0;
  Add layer;
  SumOf() {
    for (int n = 0; n < N; ++n) layer.scale[layer.operand_count++] = scale(n);
  }
  double join(double sum, double x, int n) const { return sum + scale(n) * x; }
  template <class P, class... X>
  void call(Walk& g, const Add& s, const X&... x) const {
    add<P>(g, s, x...);
  }
};

template <int N>
struct ProductOf {
  static constexpr bool exact = false;
  static constexpr double start = 1;
  Mul layer = Mul{}.operands(N);
  double join(double product, double x, int) const { return product * x; }
  template <class P, class... X>
  void call(Walk& g, const Mul& s, const X&... x) const {
    mul<P>(g, s, x...);
  }
};

template <int N>
struct LargestOf {
  static constexpr bool exact = true;
  static constexpr double start = -std::numeric_limits<double>::infinity();
  Max layer = Max{}.operands(N);
  double join(double most, double x, int) const { return x > most || x != x ? x : most; }
  template <class P, class... X>
  void call(Walk& g, const Max& s, const X&... x) const {
    maximum<P>(g, s, x...);
  }
};

template <int N, class Join>
void check_joins(const std::string& name, const Shape& shape, const Join& join, bool spreads) {
  const bool plane = shape.height * shape.width > 1;
  const auto runs = [&]<class P>(P) {
    join_run<P, N>(name, shape, join, {});
    join_run<P, N>(name + ", slices", shape, join, {.batch = 1, .margin = {8, 16}});
    join_run<P, N>(name + ", odd places", shape, join, {.batch = 3, .margin = {1, 2}});
    join_run<P, N>(name + ", in place", shape, join, {.over = N - 1, .margin = {8, 0}});
    if (!spreads || !plane || N == 1) return;
    join_run<P, N>(name + ", spread", shape, join, {.spread = N - 2});
    join_run<P, N>(name + ", spread last", shape, join, {.spread = N - 1, .margin = {1, 2}});
    join_run<P, N>(name + ", spread in place", shape, join, {.over = N - 1, .spread = 0});
  };
  runs(f32{}), runs(f16{}), runs(bf16{});
}

template <int N>
void check_sum(const std::string& name, const Shape& shape) {
  check_joins<N>(name, shape, SumOf<N>{}, true);
}
template <int N>
void check_product(const std::string& name, const Shape& shape) {
  check_joins<N>(name, shape, ProductOf<N>{}, true);
}
template <int N>
void check_maximum(const std::string& name, const Shape& shape) {
  check_joins<N>(name, shape, LargestOf<N>{}, false);
}

}  // namespace check
