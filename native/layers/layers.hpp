// What a kernel is about, known at compile time: descriptors that read like the layer.
//
//   static constexpr Conv stem =
//       Conv{}.input(3, 224, 224).output(64, 112, 112).kernel(7, 7).stride(2, 2).pad(3, 3, 3, 3);
//
// The same for every target; what a target's kernels make of them is in the target's own folder.
#pragma once

#include <cstddef>

#include "activations.hpp"

namespace incept {

constexpr int kMaxSegments = 64;
constexpr int kMaxOperands = 1024;

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
  // Whether another value of the output's shape is added, before the activation.
  bool adds = false;
  // Output channels of each output value; several after merging siblings.
  int segments = 0;
  int segment[kMaxSegments] = {};
  // Whether its outputs lie in blocks that others lie in too; each begins at its lane of one.
  bool apart = false;
  int lane[kMaxSegments] = {};

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
  constexpr Conv& adding() {
    adds = true;
    return *this;
  }
  template <class... Channels>
  constexpr Conv& split(Channels... channels) {
    static_assert(sizeof...(channels) <= kMaxSegments, "too many merged siblings");
    segments = 0;
    ((segment[segments++] = channels), ...);
    return *this;
  }
  template <class... Lanes>
  constexpr Conv& lanes(Lanes... first) {
    static_assert(sizeof...(first) <= kMaxSegments, "too many merged siblings");
    apart = true;
    int i = 0;
    ((lane[i++] = first), ...);
    return *this;
  }
};

struct Pool : Window<Pool>, Activated<Pool> {
  bool counts_pad = true;
  int dilation_height = 1, dilation_width = 1;  // Of a max pool alone.
  // Its output may begin inside of a block, at this channel of it, and stores no others: see Conv.
  int lane = 0;
  bool apart = false;
  constexpr Pool& output(int h, int w) {
    out_channels = in_channels, out_height = h, out_width = w;
    return *this;
  }
  constexpr Pool& count_pad(bool counts) {
    counts_pad = counts;
    return *this;
  }
  constexpr Pool& dilation(int h, int w) {
    dilation_height = h, dilation_width = w;
    return *this;
  }
  constexpr Pool& lanes(int first) {
    lane = first, apart = true;
    return *this;
  }
  // Pixels from the first to the last tap, both counted.
  constexpr int span_height() const { return (kernel_height - 1) * dilation_height + 1; }
  constexpr int span_width() const { return (kernel_width - 1) * dilation_width + 1; }
};

struct AdaptivePool : Activated<AdaptivePool> {
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

// Where a row or column of an image made larger lies: between two of the image, by whose weights it
// is mixed. They are one where it lies in the middle of that, or beyond all middles.
struct Between {
  int before, behind;
  float share_before, share_behind;
};

// Bilinear interpolation by whole factors. A pixel is known in its middle: (at + 0.5) / factor -
// 0.5 is where `at` lies on the image (PyTorch's without align_corners).
struct Bilinear {
  int channels = 0, in_height = 0, in_width = 0, factor_height = 1, factor_width = 1;
  constexpr Bilinear& input(int c, int h, int w) {
    channels = c, in_height = h, in_width = w;
    return *this;
  }
  constexpr Bilinear& factor(int h, int w) {
    factor_height = h, factor_width = w;
    return *this;
  }
  constexpr int out_height() const { return in_height * factor_height; }
  constexpr int out_width() const { return in_width * factor_width; }

  // Of the `step`-th of as many as lie from one middle to the next: how far it is from there. Where
  // one binary is for several instruction sets, `Isa` gives each its own.
  template <class Isa = void>
  static constexpr float share(int step, int factor) {
    return static_cast<float>(2 * step + (factor % 2 == 0)) / static_cast<float>(2 * factor);
  }
  template <class Isa = void>
  static constexpr Between between(int at, int factor, int side) {
    const int half = factor / 2, own = at % factor;
    const int behind = at / factor + (own >= half), step = (own + factor - half) % factor;
    const bool middle = step == 0 && factor % 2 != 0;
    if (behind == 0) return {0, 0, 0.5f, 0.5f};
    if (behind == side || middle) return {behind - 1, behind - 1, 0.5f, 0.5f};
    const float own_share = share<Isa>(step, factor);
    return {behind - 1, behind, 1 - own_share, own_share};
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

// Distributions over the channels of each pixel, or over another side; or their logarithms.
struct Softmax : Extent<Softmax> {
  enum class Axis { kChannels, kHeight, kWidth };
  Axis axis = Axis::kChannels;
  bool logs = false;

  constexpr Softmax& over_height() {
    axis = Axis::kHeight;
    return *this;
  }
  constexpr Softmax& over_width() {
    axis = Axis::kWidth;
    return *this;
  }
  constexpr Softmax& log() {
    logs = true;
    return *this;
  }
  // Numbers of a distribution, and how far they lie apart in a planar image.
  constexpr int count() const {
    return axis == Axis::kChannels ? channels : axis == Axis::kHeight ? height : width;
  }
  constexpr std::ptrdiff_t step() const {
    return axis == Axis::kChannels ? plane() : axis == Axis::kHeight ? width : 1;
  }
  // Where the first number of a distribution lies there.
  constexpr std::ptrdiff_t start(std::ptrdiff_t line) const {
    return line / step() * step() * count() + line % step();
  }
};

struct Activate : Extent<Activate>, Activated<Activate> {};

// A slope a channel, or one for all of them.
struct PRelu : Extent<PRelu> {
  bool one_slope = false;
  constexpr PRelu& shared() {
    one_slope = true;
    return *this;
  }
  constexpr int slopes() const { return one_slope ? 1 : channels; }
};

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

struct BatchNorm : Extent<BatchNorm>, Activated<BatchNorm> {
  float epsilon = 1e-5f;
  float momentum_ = 0.1f;  // In training: the weight of a batch in the running statistics.
  constexpr BatchNorm& eps(float value) {
    epsilon = value;
    return *this;
  }
  constexpr BatchNorm& momentum(float value) {
    momentum_ = value;
    return *this;
  }
};

// By the statistics of each image alone: of groups of channels over the plane, or of the channels
// of each pixel. Not centred it is by the sum of squares.
struct ImageNorm : Extent<ImageNorm> {
  int group_count = 0;
  bool is_centred = false;
  float epsilon = 1e-5f;

  constexpr ImageNorm& groups(int count) {
    group_count = count;
    return *this;
  }
  constexpr ImageNorm& centred() {
    is_centred = true;
    return *this;
  }
  constexpr ImageNorm& eps(float value) {
    epsilon = value;
    return *this;
  }
  // How many share statistics with one another, and what their squares' sum is divided by.
  constexpr std::ptrdiff_t sets() const { return group_count > 0 ? group_count : plane(); }
  constexpr std::ptrdiff_t size() const { return channels * plane() / sets(); }
  constexpr double count() const { return is_centred ? double(size()) : 1.0; }
  // Where the i-th number of a set lies in a planar image.
  constexpr std::ptrdiff_t place(std::ptrdiff_t set, std::ptrdiff_t i) const {
    return group_count > 0 ? set * size() + i : i * plane() + set;
  }
};

// Values that are joined element by element. An operand of one pixel may be spread over the plane.
template <class Self>
struct Joined : Extent<Self>, Activated<Self> {
  int operand_count = 0;
  bool spreads[kMaxOperands] = {};
  bool any_spread = false;

  constexpr Self& operands(int count) {
    operand_count = count;
    return static_cast<Self&>(*this);
  }
  template <class... Places>
  constexpr Self& spread(Places... places) {
    ((spreads[places] = true), ...);
    any_spread = true;
    return static_cast<Self&>(*this);
  }
};

struct Add : Joined<Add> {
  float scale[kMaxOperands] = {};
  template <class... Scales>
  constexpr Add& scales(Scales... values) {
    static_assert(sizeof...(values) <= kMaxOperands, "too many operands");
    operand_count = 0;
    ((scale[operand_count++] = static_cast<float>(values)), ...);
    return *this;
  }
};
struct Mul : Joined<Mul> {};
struct Max : Joined<Max> {};

// Where a copied branch goes: channels `channel`.. of a value of `whole` channels.
struct Copy : Extent<Copy> {
  int channel = 0, whole = 0;
  constexpr Copy& into(int first, int channels_of_whole) {
    channel = first, whole = channels_of_whole;
    return *this;
  }
};

// A stretch of channels, from `channel` on, of a value of `whole` channels.
struct Slice : Extent<Slice> {
  int channel = 0, whole = 0;
  constexpr Slice& from(int first, int channels_of_whole) {
    channel = first, whole = channels_of_whole;
    return *this;
  }
};

// Channels in another order: as a table with a row a group, read by columns.
struct Shuffle : Extent<Shuffle> {
  int group_count = 1;
  constexpr Shuffle& groups(int count) {
    group_count = count;
    return *this;
  }
  // Where channel `channel` of the result comes from.
  constexpr int source(int channel) const {
    return channel % group_count * (channels / group_count) + channel / group_count;
  }
};

}  // namespace incept
