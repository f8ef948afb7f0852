// What the generated kernel tests share: one checker a family that compares a fast kernel with its
// reference on teams of 1, 2 and 3.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "adaptive_pool.hpp"
#include "bilinear.hpp"
#include "compare.hpp"
#include "conv/depthwise.hpp"
#include "conv/direct.hpp"
#include "conv/grouped.hpp"
#include "conv/phased.hpp"
#include "conv/pointwise.hpp"
#include "conv/pooled.hpp"
#include "copy.hpp"
#include "elementwise.hpp"
#include "image_norm.hpp"
#include "join.hpp"
#include "linear.hpp"
#include "lrn.hpp"
#include "pool.hpp"
#include "reference/bilinear.hpp"
#include "reference/conv.hpp"
#include "reference/copy.hpp"
#include "reference/elementwise.hpp"
#include "reference/image_norm.hpp"
#include "reference/join.hpp"
#include "reference/linear.hpp"
#include "reference/lrn.hpp"
#include "reference/pool.hpp"
#include "reference/softmax.hpp"
#include "softmax.hpp"

namespace check {

// A segment's planar reference, and the same segment as the fast kernel leaves it: in blocks of its
// own, or from a lane on in some that are others' too.
struct Outputs {
  std::vector<Floats> parts;
  Outputs(const Conv& s, bool whole_blocks) {
    for (int i = 0; i < s.segments; ++i)
      parts.emplace_back(
          std::size_t(whole_blocks ? blocks_of(s.lane[i] + s.segment[i]) * kBlock : s.segment[i]) *
              s.out_height * s.out_width,
          kNaN);
  }
};

// The planar numbers of a segment; infinity first where others' lanes are no longer NaN.
inline Floats segment_of(const Conv& s, int i, const Floats& part) {
  const std::ptrdiff_t plane = std::ptrdiff_t(s.out_height) * s.out_width;
  const int first = s.lane[i], end = first + s.segment[i];
  const int lanes = s.apart ? blocks_of(end) * kBlock : end;
  const Floats all = planar(part, lanes, plane);
  Floats own(all.begin() + first * plane, all.begin() + end * plane);
  for (std::ptrdiff_t at = 0; at < lanes * plane; ++at)
    if ((at < first * plane || at >= end * plane) && !std::isnan(all[at]))
      own[0] = std::numeric_limits<float>::infinity();
  return own;
}

template <const Conv& S, class Algorithm, std::size_t... I>
void conv_case(const std::string& name, const Floats& in, std::index_sequence<I...>) {
  const std::ptrdiff_t plane = std::ptrdiff_t(S.out_height) * S.out_width;
  const Floats weight = random(std::size_t(S.out_channels) * (S.in_channels / S.group_count) *
                               S.kernel_height * S.kernel_width);
  const Floats bias = random(S.out_channels);
  const Floats more = S.adds ? random(S.out_channels * plane) : Floats{};
  const Floats added = S.adds ? blocked(more, S.out_channels, plane) : Floats{};
  if constexpr (S.adds) {
    Floats places(Algorithm::packed_places(S));
    Algorithm::pack_places(S, more.data(), places.data());
    verdict(name + " places", 1, difference(planar(places, S.out_channels, plane), more), 0);
  }
  Outputs expected(S, false), out(S, true);
  alone([&](Member& t) {
    if constexpr (S.adds)
      reference::conv_add(t, S, in.data(), weight.data(), bias.data(), more.data(),
                          expected.parts[I].data()...);
    else
      reference::conv(t, S, in.data(), weight.data(), bias.data(), expected.parts[I].data()...);
  });
  Floats packed(Algorithm::packed_weights(S)), packed_b(Algorithm::packed_bias(S));
  Algorithm::pack(S, weight.data(), packed.data());
  Algorithm::pack_bias(S, bias.data(), packed_b.data());
  const Floats source =
      S.planar_input ? in : blocked(in, S.in_channels, std::ptrdiff_t(S.in_height) * S.in_width);
  Floats workspace(Algorithm::workspace(S) / sizeof(float), kNaN), all_expected;
  for (const Floats& part : expected.parts)
    all_expected.insert(all_expected.end(), part.begin(), part.end());
  compare(
      name, all_expected,
      [&](Member& t) {
        if constexpr (S.adds)
          conv_add<S, Algorithm>(t, source.data(), packed.data(), packed_b.data(), added.data(),
                                 workspace.data(), out.parts[I].data()...);
        else
          conv<S, Algorithm>(t, source.data(), packed.data(), packed_b.data(), workspace.data(),
                             out.parts[I].data()...);
      },
      [&] {
        Floats result;
        for (int i = 0; i < S.segments; ++i) {
          const Floats part = segment_of(S, i, out.parts[i]);
          result.insert(result.end(), part.begin(), part.end());
          std::fill(out.parts[i].begin(), out.parts[i].end(), kNaN);
        }
        return result;
      },
      &workspace, rule_of<Algorithm>);
}

template <const Conv& S, class Algorithm>
void check_conv(const std::string& name) {
  const Floats in = random(std::size_t(S.in_channels) * S.in_height * S.in_width);
  conv_case<S, Algorithm>(name, in, std::make_index_sequence<S.segments>{});
  Floats bad = in;
  bad[bad.size() / 2] = kNaN;
  conv_case<S, Algorithm>(name + " NaN", bad, std::make_index_sequence<S.segments>{});
}

using Kernel = std::function<void(Member&, const float*, float*)>;

enum class Input {
  kBothSigns,  // Also once with a NaN and infinities among it.
  kPositive,   // For sums that would cancel to nearly nothing: that is no fault of a kernel.
};

// Runs `fast` and `plain` from one random image to another.
inline void image_case(const std::string& name, const Image& from, const Image& to,
                       const Kernel& fast, const Kernel& plain, Input kind = Input::kBothSigns,
                       Floats* workspace = nullptr) {
  std::vector<Floats> inputs{
      random(from.channels * from.plane(), kind == Input::kPositive ? 0 : -1)};
  if (kind == Input::kBothSigns) inputs.push_back(poisoned(inputs[0]));
  for (const Floats& in : inputs) {
    Floats expected(to.channels * to.plane());
    alone([&](Member& t) { plain(t, in.data(), expected.data()); });
    const Floats source = laid_out(from, in);
    Floats out = laid_out(to, Floats(expected.size(), kNaN));
    compare(
        name, expected, [&](Member& t) { fast(t, source.data(), out.data()); },
        [&] {
          Floats result = as_planar(to, out);
          std::fill(out.begin(), out.end(), kNaN);
          return result;
        },
        workspace);
  }
}

template <class S>
Image image_of(const S& s) {
  return s.blocked ? Image{}.image(s.channels, s.height, s.width) : Image{}.vector(s.channels);
}

// What a pool writes: an image of its own, or lanes of blocks that hold NaN beside it.
inline Image pooled(const Pool& s) {
  const int channels = s.apart ? blocks_of(s.lane + s.in_channels) * kBlock : s.in_channels;
  return Image{}.image(channels, s.out_height, s.out_width);
}

template <const Pool& S, class Plain>
Kernel pool_beside(Plain plain) {
  return [plain](Member& t, const float* in, float* out) {
    const Image to = pooled(S);
    if (S.apart) std::fill_n(out, to.channels * to.plane(), kNaN);
    plain(t, S, in, out + S.lane * to.plane());
  };
}

template <const Pool& S>
void check_pool(const std::string& name) {
  const Image from = Image{}.image(S.in_channels, S.in_height, S.in_width);
  image_case(
      name + " max", from, pooled(S), [](Member& t, auto in, auto out) { max_pool<S>(t, in, out); },
      pool_beside<S>(reference::max_pool));
  image_case(
      name + " avg", from, pooled(S), [](Member& t, auto in, auto out) { avg_pool<S>(t, in, out); },
      pool_beside<S>(reference::avg_pool));
}

// The pool `P` and behind it the convolution `S`, by their references one after the other.
template <const Pool& P, const Conv& S, class Algorithm>
void check_pool_conv(const std::string& name) {
  const Floats weight = random(std::size_t(S.out_channels) * S.in_channels);
  const Floats bias = random(S.out_channels);
  Floats packed(Algorithm::packed_weights(S)), packed_b(Algorithm::packed_bias(S));
  Algorithm::pack(S, weight.data(), packed.data());
  Algorithm::pack_bias(S, bias.data(), packed_b.data());
  const Image from = Image{}.image(P.in_channels, P.in_height, P.in_width);
  const Image to = Image{}.image(S.out_channels, S.out_height, S.out_width);
  Floats between(std::size_t(S.in_channels) * S.in_height * S.in_width);
  image_case(
      name + " max", from, to,
      [&](Member& t, auto in, auto out) {
        max_pool_conv<P, S, Algorithm>(t, in, packed.data(), packed_b.data(), out);
      },
      [&](Member& t, auto in, auto out) {
        reference::max_pool(t, P, in, between.data());
        reference::conv(t, S, between.data(), weight.data(), bias.data(), out);
      });
  image_case(
      name + " avg", from, to,
      [&](Member& t, auto in, auto out) {
        avg_pool_conv<P, S, Algorithm>(t, in, packed.data(), packed_b.data(), out);
      },
      [&](Member& t, auto in, auto out) {
        reference::avg_pool(t, P, in, between.data());
        reference::conv(t, S, between.data(), weight.data(), bias.data(), out);
      });
}

template <const AdaptivePool& S>
void check_adaptive(const std::string& name) {
  image_case(
      name, Image{}.image(S.channels, S.in_height, S.in_width),
      Image{}.image(S.channels, S.out_height, S.out_width),
      [](Member& t, auto in, auto out) { adaptive_avg_pool<S>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::adaptive_avg_pool(t, S, in, out); });
}

template <const Bilinear& S>
void check_bilinear(const std::string& name) {
  image_case(
      name, Image{}.image(S.channels, S.in_height, S.in_width),
      Image{}.image(S.channels, S.out_height(), S.out_width()),
      [](Member& t, auto in, auto out) { bilinear<S>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::bilinear(t, S, in, out); });
}

// Several images at once: to the same bit as each of them alone.
template <const Linear& S, class Algorithm>
void linear_batch_case(const std::string& name, const Floats& packed) {
  constexpr int images = 7;
  const std::ptrdiff_t pitch = extent(S) + 5, room = Algorithm::workspace(S) / sizeof(float);
  const Floats in = random(pitch * images);
  Floats workspace(room * images), out(S.feature_count * images), alone_out(out.size());
  alone([&](Member& t) {
    for (int i = 0; i < images; ++i) {
      linear<S, Algorithm>(t, in.data() + i * pitch, packed.data(), nullptr, workspace.data(),
                           alone_out.data() + i * S.feature_count);
      t.barrier();
    }
  });
  compare(
      name + " batch", alone_out,
      [&](Member& t) {
        linear<S, Algorithm>(t, {in.data(), pitch, images}, packed.data(), nullptr,
                             {workspace.data(), room, images},
                             {out.data(), S.feature_count, images});
      },
      [&] { return same_bits(out, alone_out) ? out : Floats(out.size(), kNaN); });
}

template <const Linear& S, class Algorithm>
void check_linear(const std::string& name) {
  const std::size_t n = S.channels * S.plane();
  const Floats weight = random(n * S.feature_count, 0), bias = random(S.feature_count);
  Floats packed(Algorithm::packed_weights(S));
  Floats workspace(Algorithm::workspace(S) / sizeof(float), kNaN);
  Algorithm::pack(S, weight.data(), packed.data());
  linear_batch_case<S, Algorithm>(name, packed);
  for (const float* b : {bias.data(), static_cast<const float*>(nullptr)})
    image_case(
        name, image_of(S), Image{}.vector(S.feature_count),
        [&](Member& t, auto in, auto out) {
          linear<S, Algorithm>(t, in, packed.data(), b, workspace.data(), out);
        },
        [&](Member& t, auto in, auto out) { reference::linear(t, S, in, weight.data(), b, out); },
        Input::kPositive, &workspace);
}

template <const Lrn& S>
void check_lrn(const std::string& name) {
  image_case(
      name, image_of(S), image_of(S), [](Member& t, auto in, auto out) { lrn<S>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::lrn(t, S, in, out); });
}

template <const Softmax& S>
void check_softmax(const std::string& name) {
  image_case(
      name, image_of(S), image_of(S), [](Member& t, auto in, auto out) { softmax<S>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::softmax(t, S, in, out); });
}

template <const Activate& S>
void check_activate(const std::string& name) {
  image_case(
      name, image_of(S), image_of(S), [](Member& t, auto in, auto out) { activate<S>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::activate(t, S, in, out); });
}

template <const Scale& S>
void check_scale(const std::string& name) {
  const Floats factors = random(S.channels), offsets = random(S.channels);
  image_case(
      name + " uniform", image_of(S), image_of(S),
      [](Member& t, auto in, auto out) { scale<S>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::scale(t, S, in, out); });
  image_case(
      name, image_of(S), image_of(S),
      [&](Member& t, auto in, auto out) { scale<S>(t, in, factors.data(), offsets.data(), out); },
      [&](Member& t, auto in, auto out) {
        reference::scale(t, S, in, factors.data(), offsets.data(), out);
      });
}

template <const PRelu& S>
void check_prelu(const std::string& name) {
  const Floats slopes = random(S.slopes());
  image_case(
      name, image_of(S), image_of(S),
      [&](Member& t, auto in, auto out) { prelu<S>(t, in, slopes.data(), out); },
      [&](Member& t, auto in, auto out) { reference::prelu(t, S, in, slopes.data(), out); });
}

template <const ImageNorm& S>
void check_image_norm(const std::string& name) {
  const Floats gamma = random(S.channels), beta = random(S.channels);
  for (const bool affine : {true, false}) {
    const float *g = affine ? gamma.data() : nullptr, *b = affine ? beta.data() : nullptr;
    image_case(
        name, image_of(S), image_of(S),
        [&](Member& t, auto in, auto out) { image_norm<S>(t, in, g, b, out); },
        [&](Member& t, auto in, auto out) { reference::image_norm(t, S, in, g, b, out); });
  }
}

template <const BatchNorm& S>
void check_batch_norm(const std::string& name) {
  const Floats gamma = random(S.channels), beta = random(S.channels), mean = random(S.channels);
  const Floats variance = random(S.channels, 0.1f, 2);
  for (const bool affine : {true, false}) {
    const float *g = affine ? gamma.data() : nullptr, *b = affine ? beta.data() : nullptr;
    image_case(
        name, image_of(S), image_of(S),
        [&](Member& t, auto in, auto out) {
          batch_norm<S>(t, in, g, b, mean.data(), variance.data(), out);
        },
        [&](Member& t, auto in, auto out) {
          reference::batch_norm(t, S, in, g, b, mean.data(), variance.data(), out);
        });
  }
}

// Three operands, the first of which is whole; `fast` and `plain` call the kernels.
template <const auto& S, class Fast, class Plain>
void check_join(const std::string& name, Fast&& fast, Plain&& plain) {
  const auto size = [](int k) { return S.channels * (S.spreads[k] ? 1 : S.plane()); };
  const auto laid = [](const Floats& values, int k) {
    if (!S.spreads[k]) return laid_out(S, values);
    return blocked(values, S.channels, 1);
  };
  const Floats second = random(size(1)), third = poisoned(random(size(2)));
  const Floats second_laid = laid(second, 1), third_laid = laid(third, 2);
  image_case(
      name, image_of(S), image_of(S),
      [&](Member& t, auto in, auto out) {
        fast(t, out, in, second_laid.data(), third_laid.data());
      },
      [&](Member& t, auto in, auto out) { plain(t, out, in, second.data(), third.data()); });
}

template <const Add& S>
void check_add(const std::string& name) {
  check_join<S>(
      name, [](Member& t, auto... x) { add<S>(t, x...); },
      [](Member& t, auto... x) { reference::add(t, S, x...); });
}

template <const Mul& S>
void check_mul(const std::string& name) {
  check_join<S>(
      name, [](Member& t, auto... x) { mul<S>(t, x...); },
      [](Member& t, auto... x) { reference::mul(t, S, x...); });
}

template <const Max& S>
void check_max(const std::string& name) {
  check_join<S>(
      name, [](Member& t, auto... x) { maximum<S>(t, x...); },
      [](Member& t, auto... x) { reference::maximum(t, S, x...); });
}

// Two branches into one value, at the same time, the second at any channel.
template <const Copy& A, const Copy& B>
void check_concat(const std::string& name) {
  const Floats second = random(B.channels * B.plane()), second_laid = laid_out(B, second);
  const Image whole =
      A.blocked ? Image{}.image(A.whole, A.height, A.width) : Image{}.vector(A.whole);
  image_case(
      name, image_of(A), whole,
      [&](Member& t, auto in, auto out) {
        copy<B>(t, second_laid.data(), out);
        copy<A>(t, in, out);
      },
      [&](Member& t, auto in, auto out) {
        reference::copy(t, A, in, out);
        reference::copy(t, B, second.data(), out);
      });
}

template <const Image& S>
void check_layout(const std::string& name) {
  Floats middle(std::size_t(blocks_of(S.channels)) * kBlock * S.plane(), kNaN);
  const Image flat = Image{}.vector(static_cast<int>(S.channels * S.plane()));
  image_case(
      name, flat, flat,
      [&](Member& t, auto in, auto out) {
        to_blocked<S>(t, in, middle.data());
        t.barrier();
        to_planar<S>(t, middle.data(), out);
      },
      [&](Member& t, auto in, auto out) {
        reference::copy(t, Copy{}.vector(flat.channels), in, out);
      });
}

}  // namespace check
