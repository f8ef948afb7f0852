// Kernels on images of bf16, held against the references in f32 on the same numbers, whose results
// are rounded once: few sums lie so near the middle of two numbers that a kernel's become the other
// one.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "check.hpp"
#include "conv/amx.hpp"
#include "cpu/level.cpp"

namespace check {

// A batch of inputs stays one that is not written.
static_assert(std::is_same_v<decltype(bf16(Batch<const float>{})), Batch<const Bfloat>>);

using Bfloats = std::vector<Bfloat>;
// Of a number by rounding it, at most.
constexpr double kRounding = 0x1p-8;
// Where one result in a hundred is rounded to the other side. Rounding a sum, a bias or what is
// added on the way turns a quarter of them.
constexpr double kOnce = 0x1p-11;

inline Bfloats stored(const Floats& values) {
  Bfloats result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), Bf16::write);
  return result;
}

inline Floats restored(const Bfloats& values) {
  Floats result(values.size());
  std::transform(values.begin(), values.end(), result.begin(), Bf16::read);
  return result;
}

inline Floats rounded(const Floats& values) {
  return restored(stored(values));
}

// Numbers with nothing behind them: who reads on is stopped. Sanitizers do not see what tiles read.
class AtTheEnd {
 public:
  explicit AtTheEnd(const Bfloats& values) {
    const std::size_t page = std::size_t(sysconf(_SC_PAGESIZE));
    const std::size_t bytes = values.size() * sizeof(Bfloat);
    const std::size_t own = (bytes + page - 1) / page * page;
    size_ = own + page;
    memory_ = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory_ == MAP_FAILED) std::abort();
    std::byte* const end = static_cast<std::byte*>(memory_) + own;
    if (mprotect(end, page, PROT_NONE) != 0) std::abort();
    data_ = reinterpret_cast<Bfloat*>(end - bytes);
    std::copy(values.begin(), values.end(), data_);
  }
  AtTheEnd(const AtTheEnd&) = delete;
  ~AtTheEnd() { munmap(memory_, size_); }

  const Bfloat* data() const { return data_; }

 private:
  void* memory_;
  std::size_t size_;
  Bfloat* data_;
};

template <const Conv& S, class Algorithm>
using Weights = std::vector<typename Algorithm::template Packed<Bf16>>;

template <const Conv& S, class Algorithm, std::size_t... I>
void bf16_conv_case(const std::string& name, const Floats& in, std::index_sequence<I...>) {
  const std::ptrdiff_t plane = std::ptrdiff_t(S.out_height) * S.out_width;
  const Floats weight =
      rounded(random(std::size_t(S.out_channels) * (S.in_channels / S.group_count) *
                     S.kernel_height * S.kernel_width));
  const Floats bias = random(S.out_channels);
  const Floats more = S.adds ? rounded(random(S.out_channels * plane)) : Floats{};
  const Bfloats added = S.adds ? stored(blocked(more, S.out_channels, plane)) : Bfloats{};
  Outputs expected(S, false);
  alone([&](Member& t) {
    if constexpr (S.adds)
      reference::conv_add(t, S, in.data(), weight.data(), bias.data(), more.data(),
                          expected.parts[I].data()...);
    else
      reference::conv(t, S, in.data(), weight.data(), bias.data(), expected.parts[I].data()...);
  });
  std::vector<Bfloats> out;
  for (const Floats& part : Outputs(S, true).parts) out.push_back(stored(part));
  Weights<S, Algorithm> packed(Algorithm::packed_weights(S));
  Floats packed_b(Algorithm::packed_bias(S));
  Algorithm::template pack<Bf16>(S, weight.data(), packed.data());
  Algorithm::template pack_bias<Bf16>(S, bias.data(), packed_b.data());
  const AtTheEnd image(
      stored(blocked(in, S.in_channels, std::ptrdiff_t(S.in_height) * S.in_width)));
  Floats workspace(Algorithm::template workspace<Bf16>(S) / sizeof(float), kNaN), all_expected;
  for (const Floats& part : expected.parts)
    all_expected.insert(all_expected.end(), part.begin(), part.end());
  compare(
      name, rounded(all_expected),
      [&](Member& t) {
        const auto* source = [&] {
          if constexpr (S.planar_input)
            return in.data();
          else
            return image.data();
        }();
        if constexpr (S.adds)
          conv_add<S, Algorithm, Bf16>(t, source, packed.data(), packed_b.data(), added.data(),
                                       workspace.data(), out[I].data()...);
        else
          conv<S, Algorithm, Bf16>(t, source, packed.data(), packed_b.data(), workspace.data(),
                                   out[I].data()...);
      },
      [&] {
        Floats result;
        for (int i = 0; i < S.segments; ++i) {
          const Floats part = segment_of(S, i, restored(out[i]));
          result.insert(result.end(), part.begin(), part.end());
          std::fill(out[i].begin(), out[i].end(), Bf16::write(kNaN));
        }
        return result;
      },
      &workspace, {kOnce, rule_of<Algorithm>.nan});
}

template <const Conv& S, class Algorithm>
void check_bf16_conv(const std::string& name) {
  const Floats in = rounded(random(std::size_t(S.in_channels) * S.in_height * S.in_width));
  bf16_conv_case<S, Algorithm>(name, in, std::make_index_sequence<S.segments>{});
  Floats bad = in;
  bad[bad.size() / 2] = kNaN;
  bf16_conv_case<S, Algorithm>(name + " NaN", bad, std::make_index_sequence<S.segments>{});
}

using Bf16Kernel = std::function<void(Member&, const Bfloat*, Bfloat*)>;

inline void bf16_case(const std::string& name, const Image& from, const Image& to,
                      const Bf16Kernel& fast, const Kernel& plain, float low = -1) {
  const Floats numbers = rounded(random(from.channels * from.plane(), low));
  for (const Floats& in : {numbers, rounded(poisoned(numbers))}) {
    Floats expected(to.channels * to.plane());
    alone([&](Member& t) { plain(t, in.data(), expected.data()); });
    const Bfloats source = stored(laid_out(from, in));
    Bfloats out = stored(laid_out(to, Floats(expected.size(), kNaN)));
    compare(
        name, rounded(expected), [&](Member& t) { fast(t, source.data(), out.data()); },
        [&] {
          const Floats result = as_planar(to, restored(out));
          std::fill(out.begin(), out.end(), Bf16::write(kNaN));
          return result;
        },
        nullptr, {kOnce});
    if (low == 0) return;  // Of infinities a norm makes NaN of its own.
  }
}

template <const Pool& S>
void check_bf16_pool(const std::string& name) {
  const Image from = Image{}.image(S.in_channels, S.in_height, S.in_width);
  bf16_case(
      name + " max", from, pooled(S),
      [](Member& t, auto in, auto out) { max_pool<S, Bf16>(t, in, out); },
      pool_beside<S>(reference::max_pool));
  bf16_case(
      name + " avg", from, pooled(S),
      [](Member& t, auto in, auto out) { avg_pool<S, Bf16>(t, in, out); },
      pool_beside<S>(reference::avg_pool));
}

template <const AdaptivePool& S>
void check_bf16_adaptive(const std::string& name) {
  bf16_case(
      name, Image{}.image(S.channels, S.in_height, S.in_width),
      Image{}.image(S.channels, S.out_height, S.out_width),
      [](Member& t, auto in, auto out) { adaptive_avg_pool<S, Bf16>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::adaptive_avg_pool(t, S, in, out); });
}

template <const Lrn& S>
void check_bf16_lrn(const std::string& name) {
  bf16_case(
      name, image_of(S), image_of(S),
      [](Member& t, auto in, auto out) { lrn<S, Bf16>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::lrn(t, S, in, out); }, 0);
}

template <const Activate& S>
void check_bf16_activate(const std::string& name) {
  bf16_case(
      name, image_of(S), image_of(S),
      [](Member& t, auto in, auto out) { activate<S, Bf16>(t, in, out); },
      [](Member& t, auto in, auto out) { reference::activate(t, S, in, out); });
}

// From a blocked image, or a vector: both have f32 results.
template <const Linear& S, class Algorithm>
void check_bf16_linear(const std::string& name) {
  const std::size_t n = S.channels * S.plane();
  const Floats weight = rounded(random(n * S.feature_count, 0)), bias = random(S.feature_count);
  Bfloats packed(Algorithm::packed_weights(S));
  Floats workspace(Algorithm::template workspace<Bf16>(S) / sizeof(float), kNaN);
  Algorithm::template pack<Bf16>(S, weight.data(), packed.data());
  const Floats in = rounded(random(n));
  Floats expected(S.feature_count), out(S.feature_count, kNaN);
  alone([&](Member& t) {
    reference::linear(t, S, in.data(), weight.data(), bias.data(), expected.data());
  });
  const Floats laid = laid_out(S, in);
  const Bfloats image = stored(laid);
  compare(
      name, expected,
      [&](Member& t) {
        if constexpr (S.blocked)
          linear<S, Algorithm, Bf16>(t, image.data(), packed.data(), bias.data(), workspace.data(),
                                     out.data());
        else
          linear<S, Algorithm, Bf16>(t, laid.data(), packed.data(), bias.data(), workspace.data(),
                                     out.data());
      },
      [&] { return out; }, &workspace, {4 * kTolerance});
}

// Every number of 16 bits, and numbers between two of them, by one register and one by one.
inline void check_rounding() {
  using Simd = cpu::Simd<Bf16, Native>;
  int wrong = 0;
  const auto check = [&](std::uint32_t bits) {
    float x;
    std::memcpy(&x, &bits, sizeof x);
    if (std::fpclassify(x) == FP_SUBNORMAL) return;  // Some processors store 0.
    Floats all(Native::kLanes, x);
    Bfloat lanes[Native::kLanes];
    Simd::store(lanes, Simd::at(all.data()));
    const float one = Bf16::read(Bf16::write(x)), lane = Bf16::read(lanes[Native::kLanes - 1]);
    const float loaded = Simd::load(lanes)[0];
    const double off = std::fabs(double(one) - x);
    const std::uint32_t fraction = bits & 0xffff;
    const bool tie = fraction == 0x8000;
    bool good = std::isnan(x) ? std::isnan(one) && std::isnan(lane)
                              : one == lane && one == loaded &&
                                    (fraction != 0 || std::memcmp(&one, &x, sizeof x) == 0);
    if (std::isfinite(x) && std::isfinite(one)) good &= off <= std::fabs(x) * kRounding;
    if (tie && std::isfinite(one)) good &= (Bf16::write(x).bits & 1) == 0;
    wrong += !good;
  };
  for (std::uint32_t high = 0; high < 0x10000; ++high)
    for (const std::uint32_t low : {0u, 1u, 0x7fffu, 0x8000u, 0x8001u, 0xffffu})
      check(high << 16 | low);
  verdict("rounding", 1, wrong);
}

}  // namespace check
