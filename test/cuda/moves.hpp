// Checks of what moves values about, and of sums of several. Their layers are known when they run,
// so one program has all shapes.
#pragma once

#include <utility>

#include "check.hpp"
#include "cpu/reference/copy.hpp"
#include "cpu/reference/elementwise.hpp"
#include "cuda/copy.cuh"
#include "cuda/elementwise.cuh"
#include "cuda/planar.cuh"

namespace check {

inline void check_copy(const std::string& name, const Shape& shape) {
  const Copy layer = Copy{}.image(shape.channels, shape.height, shape.width);
  image_case(
      name + " copy", shape, shape, {.moves = true},
      []<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        bench.run([&](Stage& g) { copy<P>(g, x, y); });
      },
      [&](const Member& t, const float* in, float* out) { reference::copy(t, layer, in, out); });
}

// `top` rows above and `left` columns before; `bottom` and `right` behind.
inline void check_pad(const std::string& name, const Shape& from, int top, int left, int bottom,
                      int right) {
  const Shape to{from.channels, from.height + top + bottom, from.width + left + right};
  image_case(
      name + " pad", from, to, {.moves = true},
      [&]<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        bench.run([&](Stage& g) { pad<P>(g, top, left, x, y); });
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
    bench.run([&](Stage& g) { load_input<P>(g, 0, y); });
    return difference<P>(rounded<P>(values), bench.got(y));
  });
  attempt<P>(name + " store_output, " + run.name, 0, [&] {
    Bench<P> bench(run.batch);
    bench.output(1);  // Another one, that is left as it is.
    bench.output(all);
    const Value x = bench.put(values, shape.channels, shape.height, shape.width, run.x);
    bench.run([&](Stage& g) { store_output<P>(g, x, 1); });
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
        bench.run([&](Stage& g) { flatten<P>(g, x, y); });
      },
      [&](const Member&, const float* in, float* out) { std::copy_n(in, shape.elements(), out); });
}

// The sum of N values, of which every other has the margin, written over value `over` unless that
// is negative.
template <class P, int N>
void add_run(const std::string& name, const Shape& shape, int batch, int over, Margin margin) {
  attempt<P>(name + (over < 0 ? "" : ", in place"), tolerance<P>(), [&] {
    const std::size_t all = shape.elements() * batch;
    Add layer = Add{}.image(shape.channels, shape.height, shape.width);
    Bench<P> bench(batch);
    std::vector<Floats> in;
    std::vector<Value> x;
    std::vector<double> sums(all);
    for (int n = 0; n < N; ++n) {
      // Positive, so that no sum is much smaller than what it is of.
      in.push_back(rounded<P>(random(all, 0)));
      if (n == N - 1) in[n] = rounded<P>(poisoned(in[n]));
      const Margin own = n % 2 ? margin : Margin{8, 8};
      x.push_back(bench.put(in[n], shape.channels, shape.height, shape.width, own));
      layer.scale[layer.operands++] = 1 + 0.25f * static_cast<float>(n % 3);
      for (std::size_t i = 0; i < all; ++i) sums[i] += double(layer.scale[n]) * in[n][i];
    }
    const Value y = over < 0 ? bench.place(shape.channels, shape.height, shape.width, {8, 16})
                             : x[static_cast<std::size_t>(over)];
    bench.run([&](Stage& g) {
      [&]<std::size_t... I>(std::index_sequence<I...>) {
        add<P>(g, layer, y, x[I]...);
      }(std::make_index_sequence<N>{});
    });
    return difference<P>(bench.got(y), Floats(sums.begin(), sums.end()));
  });
}

template <int N>
void check_add(const std::string& name, const Shape& shape) {
  const std::string whole = name + " sum of " + std::to_string(N);
  const auto runs = [&]<class P>(P) {
    add_run<P, N>(whole, shape, 2, -1, {});
    add_run<P, N>(whole + ", slices", shape, 1, -1, {8, 16});
    add_run<P, N>(whole + ", odd places", shape, 3, -1, {1, 2});
    add_run<P, N>(whole, shape, 2, N - 1, {8, 0});
  };
  runs(f32{}), runs(f16{}), runs(bf16{});
}

}  // namespace check
