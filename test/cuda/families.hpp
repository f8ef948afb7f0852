// One check a family of kernels, on every precision; the generated programs call them.
#pragma once

#include "check.hpp"
#include "cpu/reference/bilinear.hpp"
#include "cpu/reference/elementwise.hpp"
#include "cpu/reference/image_norm.hpp"
#include "cpu/reference/lrn.hpp"
#include "cpu/reference/pool.hpp"
#include "cpu/reference/softmax.hpp"
#include "cuda/bilinear.cuh"
#include "cuda/elementwise.cuh"
#include "cuda/image_norm.cuh"
#include "cuda/lrn.cuh"
#include "cuda/pool.cuh"
#include "cuda/softmax.cuh"

namespace check {

// The body of a task that is a call with the bench's precision.
#define CHECK_TASK(call)                                         \
  []<class P>(Bench<P>& bench, const Value& x, const Value& y) { \
    bench.run([&](Walk& g) { call; });                           \
  }
#define CHECK_PLAIN(call) [](const Member& t, const float* in, float* out) { call; }

template <Pool S>
void check_pool(const std::string& name) {
  const Shape from{S.in_channels, S.in_height, S.in_width};
  const Shape to{S.in_channels, S.out_height, S.out_width};
  image_case(name + " max", from, to, {.moves = S.activation == Activation::kNone},
             CHECK_TASK((max_pool<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::max_pool(t, S, in, out)));
  image_case(name + " avg", from, to, {.averages = true}, CHECK_TASK((avg_pool<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::avg_pool(t, S, in, out)));
}

template <AdaptivePool S>
void check_adaptive(const std::string& name) {
  image_case(name, {S.channels, S.in_height, S.in_width}, {S.channels, S.out_height, S.out_width},
             {.averages = true}, CHECK_TASK((adaptive_avg_pool<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::adaptive_avg_pool(t, S, in, out)));
}

template <Bilinear S>
void check_bilinear(const std::string& name) {
  image_case(name, {S.channels, S.in_height, S.in_width},
             {S.channels, S.out_height(), S.out_width()}, {.averages = true},
             CHECK_TASK((bilinear<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::bilinear(t, S, in, out)));
}

template <Lrn S>
void check_lrn(const std::string& name) {
  image_case(name, shape_of(S), shape_of(S), {}, CHECK_TASK((lrn<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::lrn(t, S, in, out)));
}

template <Softmax S>
void check_softmax(const std::string& name) {
  image_case(name, shape_of(S), shape_of(S), {.in_place = true},
             CHECK_TASK((softmax<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::softmax(t, S, in, out)));
}

template <Activate S>
void check_activate(const std::string& name) {
  image_case(name, shape_of(S), shape_of(S), {.in_place = true},
             CHECK_TASK((activate<S, P>(g, x, y))),
             CHECK_PLAIN(cpu::reference::activate(t, S, in, out)));
}

template <PRelu S>
void check_prelu(const std::string& name) {
  static const Floats slopes = random(S.slopes());
  image_case(
      name, shape_of(S), shape_of(S), {.in_place = true},
      []<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        const Weights own = bench.weights(slopes);
        bench.run([&](Walk& g) { prelu<S, P>(g, x, own, y); });
      },
      CHECK_PLAIN(cpu::reference::prelu(t, S, in, slopes.data(), out)));
}

template <Scale S>
void check_scale(const std::string& name) {
  image_case(name + " uniform", shape_of(S), shape_of(S), {.in_place = true},
             CHECK_TASK((scale<S, P>(g, x, y))), CHECK_PLAIN(cpu::reference::scale(t, S, in, out)));
  static const Floats factors = random(S.channels), offsets = random(S.channels);
  image_case(
      name, shape_of(S), shape_of(S), {.in_place = true},
      []<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        const Weights f = bench.weights(factors), o = bench.weights(offsets);
        bench.run([&](Walk& g) { scale<S, P>(g, x, f, o, y); });
      },
      CHECK_PLAIN(cpu::reference::scale(t, S, in, factors.data(), offsets.data(), out)));
}

template <BatchNorm S>
void check_batch_norm(const std::string& name) {
  const Floats gamma = random(S.channels), beta = random(S.channels), mean = random(S.channels);
  const Floats variance = random(S.channels, 0.1f, 2);
  for (const bool affine : {true, false})
    image_case(
        name + (affine ? "" : " without gamma and beta"), shape_of(S), shape_of(S),
        {.in_place = true},
        [&]<class P>(Bench<P>& bench, const Value& x, const Value& y) {
          const Weights f = affine ? bench.weights(gamma) : none;
          const Weights o = affine ? bench.weights(beta) : none;
          const Weights m = bench.weights(mean), v = bench.weights(variance);
          bench.run([&](Walk& g) { batch_norm<S, P>(g, x, f, o, m, v, y); });
        },
        [&](const Member& t, const float* in, float* out) {
          cpu::reference::batch_norm(t, S, in, affine ? gamma.data() : nullptr,
                                     affine ? beta.data() : nullptr, mean.data(), variance.data(),
                                     out);
        });
}

template <ImageNorm S>
void check_image_norm(const std::string& name) {
  static const Floats gamma = random(S.channels), beta = random(S.channels);
  image_case(
      name, shape_of(S), shape_of(S), {.in_place = true},
      []<class P>(Bench<P>& bench, const Value& x, const Value& y) {
        const Weights f = bench.weights(gamma), o = bench.weights(beta);
        bench.run([&](Walk& g) { image_norm<S, P>(g, x, f, o, y); });
      },
      CHECK_PLAIN(cpu::reference::image_norm(t, S, in, gamma.data(), beta.data(), out)));
}

// What follows a convolution whose library could not.
template <Activate S>
void check_bias_activate(const std::string& name) {
  for (const bool biased : {true, false}) {
    const auto runs = [&]<class P>(P) {
      using T = Element<P>;
      // Rounded, so that the reference adds what the kernel does.
      const Floats bias = biased ? rounded<P>(random(S.channels)) : Floats(S.channels);
      std::vector<typename P::Stored> stored;
      for (const float b : bias) stored.push_back(P::store(b));
      for (const Margin margin : {Margin{}, Margin{8, 16}, Margin{3, 0}})
        image_run<P>(
            name + (biased ? " bias" : " no bias"), {"", margin, margin, 2, true, true},
            shape_of(S), shape_of(S), {},
            [&](Bench<P>& bench, const Value&, const Value& y) {
              const Weights w = biased ? bench.weights(stored) : none;
              bench.run([&](Walk& g) {
                bias_activate<T>(g.recorder(), g.at<T>(y), y.pitch, y.channels,
                                 g.batch() * y.pixels(), g.weights<T>(w, y.channels), S.activation,
                                 S.alpha);
              });
            },
            [&](const Member& t, const float* in, float* out) {
              cpu::reference::scale(t, Scale{}.image(S.channels, S.height, S.width), in,
                                    Floats(S.channels, 1).data(), bias.data(), out);
              cpu::reference::activate(t, S, out, out);
            });
    };
    runs(f32{}), runs(f16{}), runs(bf16{});
  }
}

}  // namespace check
