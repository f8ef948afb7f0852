// What a kernel is about, known at compile time: descriptors that read like the layer.
//
//   static constexpr Conv stem =
//       Conv{}.input(3, 224, 224).output(64, 112, 112).kernel(7, 7).stride(2, 2).pad(3, 3, 3, 3);
//
// A fast kernel takes one as `template <const Conv& S>`, a reference kernel as an argument.
#pragma once

#include <cstddef>

namespace incept {

// Channels of one block of the blocked layout [ceil(C / 16)][H][W][16].
constexpr int kBlock = 16;
constexpr int kMaxSegments = 64;
constexpr int kMaxOperands = 1024;

constexpr int ceil_div(int a, int b) {
  return (a + b - 1) / b;
}
constexpr int blocks_of(int channels) {
  return ceil_div(channels, kBlock);
}
constexpr std::size_t round_up(std::size_t n, std::size_t unit) {
  return (n + unit - 1) / unit * unit;
}

enum class Activation { kNone, kRelu, kSigmoid, kTanh };

// A value's extent; `blocked` only matters to the fast kernels. Base of the elementwise
// descriptors.
template <class Self>
struct Extent {
  int channels = 0, height = 1, width = 1;
  bool blocked = true;

  constexpr Self& image(int c, int h, int w) {
    channels = c, height = h, width = w, blocked = true;
    return static_cast<Self&>(*this);
  }
  constexpr Self& vector(int n) {
    channels = n, height = 1, width = 1, blocked = false;
    return static_cast<Self&>(*this);
  }
  constexpr std::ptrdiff_t plane() const { return std::ptrdiff_t(height) * width; }
};

// Mixed into descriptors with a function on each result.
template <class Self>
struct Activated {
  Activation activation = Activation::kNone;
  constexpr Self& with(Activation a) {
    activation = a;
    return static_cast<Self&>(*this);
  }
  constexpr Self& relu() { return with(Activation::kRelu); }
  constexpr Self& sigmoid() { return with(Activation::kSigmoid); }
  constexpr Self& tanh() { return with(Activation::kTanh); }
};

// Input image, output image and the window between them: what convolutions and pools share.
template <class Self>
struct Window {
  int in_channels = 0, in_height = 0, in_width = 0;
  int out_channels = 0, out_height = 0, out_width = 0;
  int kernel_height = 1, kernel_width = 1;
  int stride_height = 1, stride_width = 1;
  int pad_top = 0, pad_left = 0, pad_bottom = 0, pad_right = 0;

  constexpr Self& input(int c, int h, int w) {
    in_channels = c, in_height = h, in_width = w;
    return self();
  }
  constexpr Self& kernel(int h, int w) {
    kernel_height = h, kernel_width = w;
    return self();
  }
  constexpr Self& stride(int h, int w) {
    stride_height = h, stride_width = w;
    return self();
  }
  constexpr Self& pad(int top, int left, int bottom, int right) {
    pad_top = top, pad_left = left, pad_bottom = bottom, pad_right = right;
    return self();
  }
  constexpr bool padded() const { return pad_top || pad_left || pad_bottom || pad_right; }
  constexpr int padded_height() const { return in_height + pad_top + pad_bottom; }
  constexpr int padded_width() const { return in_width + pad_left + pad_right; }

 private:
  constexpr Self& self() { return static_cast<Self&>(*this); }
};

struct Conv : Window<Conv>, Activated<Conv> {
  int dilation_height = 1, dilation_width = 1;
  int group_count = 1;
  bool planar_input = false;
  // Output channels of each output value; several after merging siblings.
  int segments = 0;
  int segment[kMaxSegments] = {};

  constexpr Conv& output(int c, int h, int w) {
    out_channels = c, out_height = h, out_width = w;
    if (segments <= 1) segments = 1, segment[0] = c;
    return *this;
  }
  constexpr Conv& dilation(int h, int w) {
    dilation_height = h, dilation_width = w;
    return *this;
  }
  constexpr Conv& groups(int count) {
    group_count = count;
    return *this;
  }
  constexpr Conv& planar() {
    planar_input = true;
    return *this;
  }
  template <class... Channels>
  constexpr Conv& split(Channels... channels) {
    static_assert(sizeof...(channels) <= kMaxSegments, "too many merged siblings");
    segments = 0;
    ((segment[segments++] = channels), ...);
    return *this;
  }
};

struct Pool : Window<Pool> {
  bool counts_pad = true;
  constexpr Pool& output(int h, int w) {
    out_channels = in_channels, out_height = h, out_width = w;
    return *this;
  }
  constexpr Pool& count_pad(bool counts) {
    counts_pad = counts;
    return *this;
  }
};

struct AdaptivePool {
  int channels = 0, in_height = 0, in_width = 0, out_height = 1, out_width = 1;
  constexpr AdaptivePool& input(int c, int h, int w) {
    channels = c, in_height = h, in_width = w;
    return *this;
  }
  constexpr AdaptivePool& output(int h, int w) {
    out_height = h, out_width = w;
    return *this;
  }
};

struct Linear : Extent<Linear>, Activated<Linear> {
  int feature_count = 0;
  constexpr Linear& features(int count) {
    feature_count = count;
    return *this;
  }
};

struct Lrn : Extent<Lrn> {
  int size = 5;
  float alpha_ = 1e-4f, beta_ = 0.75f, k_ = 1.0f;
  constexpr Lrn& window(int channels) {
    size = channels;
    return *this;
  }
  constexpr Lrn& alpha(float value) {
    alpha_ = value;
    return *this;
  }
  constexpr Lrn& beta(float value) {
    beta_ = value;
    return *this;
  }
  constexpr Lrn& k(float value) {
    k_ = value;
    return *this;
  }
};

struct Image : Extent<Image> {};
struct Softmax : Extent<Softmax> {};
struct Activate : Extent<Activate>, Activated<Activate> {};

struct Scale : Extent<Scale> {
  float factor_ = 1, offset_ = 0;
  constexpr Scale& factor(float value) {
    factor_ = value;
    return *this;
  }
  constexpr Scale& offset(float value) {
    offset_ = value;
    return *this;
  }
};

struct BatchNorm : Extent<BatchNorm> {
  float epsilon = 1e-5f;
  constexpr BatchNorm& eps(float value) {
    epsilon = value;
    return *this;
  }
};

struct Add : Extent<Add> {
  int operands = 0;
  float scale[kMaxOperands] = {};
  template <class... Scales>
  constexpr Add& scales(Scales... values) {
    static_assert(sizeof...(values) <= kMaxOperands, "too many operands");
    operands = 0;
    ((scale[operands++] = static_cast<float>(values)), ...);
    return *this;
  }
};

// Where a copied branch goes: channels `channel`.. of a value of `whole` channels.
struct Copy : Extent<Copy> {
  int channel = 0, whole = 0;
  constexpr Copy& into(int first, int channels_of_whole) {
    channel = first, whole = channels_of_whole;
    return *this;
  }
};

// How a convolution is computed; decides the packing of its weights too.
enum class ConvKind { kBlocked, kDepthwise, kPlain };

constexpr ConvKind kind_of(const Conv& s) {
  if (s.group_count == 1) return ConvKind::kBlocked;
  if (s.group_count == s.in_channels && s.group_count == s.out_channels)
    return ConvKind::kDepthwise;
  const bool whole_blocks =
      s.in_channels / s.group_count % kBlock == 0 && s.out_channels / s.group_count % kBlock == 0;
  return whole_blocks ? ConvKind::kBlocked : ConvKind::kPlain;
}

// Output blocks: every segment is padded to whole blocks.
constexpr int blocks(const Conv& s) {
  int count = 0;
  for (int i = 0; i < s.segments; ++i) count += blocks_of(s.segment[i]);
  return count;
}

// Lanes of one input block as the kernel reads it: a planar image of few channels is interleaved.
constexpr int input_lanes(const Conv& s) {
  return s.planar_input && s.group_count == 1 && s.in_channels < kBlock ? s.in_channels : kBlock;
}

constexpr std::size_t packed_weights(const Conv& s) {
  const std::size_t taps = std::size_t(s.kernel_height) * s.kernel_width;
  if (kind_of(s) == ConvKind::kDepthwise) return taps * kBlock * blocks(s);
  const std::size_t per_channel = taps * (s.in_channels / s.group_count);
  return per_channel * (kind_of(s) == ConvKind::kPlain ? s.out_channels : kBlock * blocks(s));
}

constexpr std::size_t packed_bias(const Conv& s) {
  return std::size_t(kBlock) * blocks(s);
}

constexpr bool needs_border(const Conv& s) {
  return s.planar_input || s.padded();
}

constexpr std::size_t scratch_bytes(const Conv& s) {
  if (!needs_border(s)) return 0;
  return round_up(sizeof(float) * blocks_of(s.in_channels) * s.padded_height() * s.padded_width() *
                      input_lanes(s),
                  64);
}

// One packed row of a linear layer: the input as it lies in memory, to whole blocks.
constexpr std::size_t row_length(const Linear& s) {
  return round_up(s.channels, kBlock) * static_cast<std::size_t>(s.plane());
}

constexpr std::size_t packed_weights(const Linear& s) {
  return s.feature_count * row_length(s);
}

// Few features are not enough work to share: then the row is cut too, and the parts are added.
constexpr int row_chunks(const Linear& s) {
  if (s.feature_count >= 256) return 1;
  const std::size_t chunks = (row_length(s) + 1023) / 1024;
  return chunks < 16 ? static_cast<int>(chunks) : 16;
}

constexpr std::size_t scratch_bytes(const Linear& s) {
  if (row_chunks(s) == 1) return 0;
  return round_up(sizeof(float) * s.feature_count * row_chunks(s), 64);
}

}  // namespace incept
