// What the generated tests of derivatives share: cases that a file holds, and one checker a family
// that compares a kernel's results with those of the definition, on teams of 1, 2 and 3.
#pragma once

#include <cstring>
#include <fstream>

#include "check.hpp"
#include "gradient/conv_input.hpp"
#include "gradient/conv_weight_blocked.hpp"
#include "gradient/conv_weight_depthwise.hpp"
#include "gradient/conv_weight_planar.hpp"
#include "gradient/linear.hpp"

namespace check {

// Numbers of all cases, one after the other.
class Cases {
 public:
  explicit Cases(const char* path) : file_(path, std::ios::binary) {}

  Floats take(std::size_t count) {
    Floats values(count);
    file_.read(reinterpret_cast<char*>(values.data()),
               static_cast<std::streamsize>(count * sizeof(float)));
    if (!file_) values.assign(count, kNaN);
    return values;
  }

 private:
  std::ifstream file_;
};

// A batch of images as kernels get it, with NaN between the images, which may lie apart.
struct Images {
  int count;
  std::ptrdiff_t pitch;
  Floats values;

  // `planar` holds them densely; `size` numbers each.
  template <class Layout>
  Images(int images, const Floats& planar, Layout&& laid) : count(images), pitch(0) {
    const std::size_t size = planar.size() / images;
    for (int i = 0; i < images; ++i) {
      Floats one = laid(Floats(planar.begin() + i * size, planar.begin() + (i + 1) * size));
      one.resize(one.size() + 32, kNaN);
      pitch = static_cast<std::ptrdiff_t>(one.size());
      values.insert(values.end(), one.begin(), one.end());
    }
  }

  operator Batch<const float>() const { return {values.data(), pitch, count}; }
};

inline Images in_blocks(int images, const Floats& planar, int channels, std::ptrdiff_t plane) {
  return {images, planar, [=](const Floats& one) { return blocked(one, channels, plane); }};
}
inline Images as_it_is(int images, const Floats& planar) {
  return {images, planar, [](const Floats& one) { return one; }};
}

// `run(member, out)` computes `expected`, the same to the bit on every team; what it writes and
// what lies behind is NaN before.
inline void same_on_all(const std::string& name, const Floats& expected, std::size_t written,
                        Floats* workspace, const std::function<void(Member&, float*)>& run,
                        const std::function<Floats(const Floats&)>& got) {
  constexpr std::size_t behind = 16;
  Floats first;
  for (const int threads : {1, 2, 3, 7}) {
    Team team(threads);
    if (workspace) std::fill(workspace->begin(), workspace->end(), kNaN);
    Floats out(written + behind, kNaN);
    team.run([&](Member& t) { run(t, out.data()); });
    bool good = true;
    for (std::size_t i = written; i < out.size(); ++i) good = good && std::isnan(out[i]);
    const Floats result = got(out);
    if (threads == 1) first = result;
    good = good && std::memcmp(first.data(), result.data(), result.size() * sizeof(float)) == 0;
    verdict(name, threads,
            good ? difference(result, expected) : std::numeric_limits<double>::infinity());
  }
}
// Of what is written densely.
inline void same_on_all(const std::string& name, const Floats& expected, Floats* workspace,
                        const std::function<void(Member&, float*)>& run) {
  same_on_all(name, expected, expected.size(), workspace, run, [&](const Floats& out) {
    return Floats(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(expected.size()));
  });
}

template <const Conv& S, class Algorithm>
void check_conv_weight(const std::string& name, int images, Cases& cases) {
  const std::ptrdiff_t in_plane = std::ptrdiff_t(S.in_height) * S.in_width;
  const std::ptrdiff_t out_plane = std::ptrdiff_t(S.out_height) * S.out_width;
  const Floats x = cases.take(images * S.in_channels * in_plane);
  const Floats dy = cases.take(images * S.out_channels * out_plane);
  const Floats expected = cases.take(std::size_t(S.out_channels) * (S.in_channels / S.group_count) *
                                     S.kernel_height * S.kernel_width);
  const Images from =
      S.planar_input ? as_it_is(images, x) : in_blocks(images, x, S.in_channels, in_plane);
  const Images by = in_blocks(images, dy, S.out_channels, out_plane);
  Floats workspace(Algorithm::workspace(S) / sizeof(float));
  same_on_all(name, expected, &workspace, [&](Member& t, float* dw) {
    conv_weight_gradient<S, Algorithm>(t, from, by, workspace.data(), dw);
  });
}

template <const Conv& S, class Algorithm>
void check_conv_input(const std::string& name, int images, Cases& cases) {
  const std::ptrdiff_t in_plane = std::ptrdiff_t(S.in_height) * S.in_width;
  const std::ptrdiff_t out_plane = std::ptrdiff_t(S.out_height) * S.out_width;
  const Floats dy = cases.take(images * S.out_channels * out_plane);
  const Floats weight = cases.take(std::size_t(S.out_channels) * (S.in_channels / S.group_count) *
                                   S.kernel_height * S.kernel_width);
  const Floats expected = cases.take(images * S.in_channels * in_plane);
  const Images by = in_blocks(images, dy, S.out_channels, out_plane);
  Floats packed(Algorithm::packed_weights(S), kNaN);
  Algorithm::pack(S, weight.data(), packed.data());
  const std::ptrdiff_t size = blocks_of(S.in_channels) * kBlock * in_plane;
  const auto got = [&](const Floats& out) {
    Floats all;
    for (int i = 0; i < images; ++i) {
      const Floats one(out.begin() + i * size, out.begin() + (i + 1) * size);
      const Floats dense = planar(one, S.in_channels, in_plane);
      all.insert(all.end(), dense.begin(), dense.end());
    }
    return all;
  };
  same_on_all(
      name, expected, images * size, nullptr,
      [&](Member& t, float* dx) {
        const Batch<const float> from = by;
        for (int i = 0; i < images; ++i)
          conv_input_gradient<S, Algorithm>(t, from(i), packed.data(), dx + i * size);
      },
      got);
}

template <const Linear& S>
void check_linear_batch(const std::string& name, int images, Cases& cases) {
  const std::ptrdiff_t n = S.channels * S.plane();
  const Floats x = cases.take(images * n), weight = cases.take(S.feature_count * n);
  const Floats bias = cases.take(S.feature_count);
  const Floats expected = cases.take(images * S.feature_count);
  const Images from = as_it_is(images, x);
  same_on_all(name, expected, nullptr, [&](Member& t, float* out) {
    linear_batch<S>(t, from, weight.data(), bias.data(), {out, S.feature_count, images});
  });
}

template <const Linear& S>
void check_linear_input(const std::string& name, int images, Cases& cases) {
  const std::ptrdiff_t n = S.channels * S.plane();
  const Floats dy = cases.take(images * S.feature_count), weight = cases.take(S.feature_count * n);
  const Floats expected = cases.take(images * n);
  const Images by = as_it_is(images, dy);
  same_on_all(name, expected, nullptr, [&](Member& t, float* dx) {
    linear_input_gradient<S>(t, by, weight.data(), {dx, n, images});
  });
}

template <const Linear& S>
void check_linear_weight(const std::string& name, int images, Cases& cases) {
  const std::ptrdiff_t n = S.channels * S.plane();
  const Floats x = cases.take(images * n), dy = cases.take(images * S.feature_count);
  const Floats expected = cases.take(S.feature_count * n);
  const Images from = as_it_is(images, x), by = as_it_is(images, dy);
  same_on_all(name, expected, nullptr,
              [&](Member& t, float* dw) { linear_weight_gradient<S>(t, from, by, dw); });
}

}  // namespace check
