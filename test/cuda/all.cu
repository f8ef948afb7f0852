// Every kernel in every precision, for the test that has nvcc compile them.
#include "cuda/bilinear.cuh"
#include "cuda/copy.cuh"
#include "cuda/elementwise.cuh"
#include "cuda/image_norm.cuh"
#include "cuda/join.cuh"
#include "cuda/lrn.cuh"
#include "cuda/planar.cuh"
#include "cuda/pool.cuh"
#include "cuda/shuffle.cuh"
#include "cuda/softmax.cuh"

namespace incept::cuda {
namespace {

inline constexpr Pool padded =
    Pool{}.input(64, 28, 28).output(28, 28).kernel(3, 3).pad(1, 1, 1, 1).count_pad(false);
inline constexpr Pool halved =
    Pool{}.input(33, 56, 56).output(28, 28).kernel(2, 2).stride(2, 2).silu();
inline constexpr Pool large = Pool{}.input(64, 28, 28).output(3, 3).kernel(9, 9).stride(9, 9);
inline constexpr Pool whole = Pool{}.input(1024, 7, 7).output(1, 1).kernel(7, 7);
inline constexpr AdaptivePool global = AdaptivePool{}.input(1024, 7, 7);
inline constexpr AdaptivePool bins = AdaptivePool{}.input(20, 13, 13).output(6, 6).relu();
inline constexpr Bilinear doubled = Bilinear{}.input(64, 14, 14).factor(2, 2);
inline constexpr Bilinear wider = Bilinear{}.input(20, 13, 13).factor(1, 3);
inline constexpr Lrn usual = Lrn{}.image(64, 56, 56);
inline constexpr Lrn general = Lrn{}.image(64, 56, 56).beta(0.6f).window(63);
inline constexpr Shuffle halves = Shuffle{}.image(64, 5, 5).groups(2);
inline constexpr ImageNorm grouped = ImageNorm{}.image(64, 14, 14).groups(32).centred();
inline constexpr ImageNorm layered = ImageNorm{}.image(96, 5, 5).centred();
inline constexpr ImageNorm lengths = ImageNorm{}.vector(512);
inline constexpr Softmax classes = Softmax{}.vector(1000);
inline constexpr Softmax pixels = Softmax{}.image(21, 5, 5);
inline constexpr Softmax columns = Softmax{}.image(21, 5, 5).over_height();
inline constexpr Softmax logarithms = Softmax{}.image(21, 5, 5).log();
inline constexpr Activate relu = Activate{}.image(64, 5, 5).relu();
inline constexpr Activate sigmoid = Activate{}.image(33, 5, 5).sigmoid();
inline constexpr Activate hyperbolic = Activate{}.vector(64).tanh();
inline constexpr Activate swish = Activate{}.vector(64).silu();
inline constexpr Activate leaky = Activate{}.vector(64).leakyrelu(0.1f);
inline constexpr Activate smooth = Activate{}.vector(64).gelu();
inline constexpr PRelu learned = PRelu{}.image(64, 5, 5);
inline constexpr PRelu alike = PRelu{}.vector(33).shared();
inline constexpr Scale scaled = Scale{}.image(64, 5, 5).factor(2).offset(1);
inline constexpr BatchNorm normal = BatchNorm{}.image(64, 5, 5);
inline constexpr Add sum = Add{}.image(64, 5, 5).scales(1, 0.5, 1);
inline constexpr Mul product = Mul{}.image(64, 5, 5).operands(2).spread(1);
inline constexpr Max largest = Max{}.image(64, 5, 5).operands(2);

template <class P>
void all(Walk& g, const Value& x, const Value& y) {
  using T = Element<P>;
  max_pool<padded, P>(g, x, y);
  max_pool<halved, P>(g, x, y);
  max_pool<large, P>(g, x, y);
  avg_pool<padded, P>(g, x, y);
  avg_pool<halved, P>(g, x, y);
  avg_pool<whole, P>(g, x, y);
  adaptive_avg_pool<global, P>(g, x, y);
  adaptive_avg_pool<bins, P>(g, x, y);
  bilinear<doubled, P>(g, x, y);
  bilinear<wider, P>(g, x, y);
  lrn<usual, P>(g, x, y);
  lrn<general, P>(g, x, y);
  image_norm<grouped, P>(g, x, none, none, y);
  image_norm<layered, P>(g, x, Weights{}, Weights{}, y);
  image_norm<lengths, P>(g, x, Weights{}, none, y);
  softmax<classes, P>(g, x, y);
  softmax<pixels, P>(g, x, y);
  softmax<columns, P>(g, x, y);
  softmax<logarithms, P>(g, x, y);
  activate<relu, P>(g, x, y);
  activate<sigmoid, P>(g, x, y);
  activate<hyperbolic, P>(g, x, y);
  activate<swish, P>(g, x, y);
  activate<leaky, P>(g, x, y);
  activate<smooth, P>(g, x, y);
  prelu<learned, P>(g, x, Weights{}, y);
  prelu<alike, P>(g, x, Weights{}, y);
  scale<scaled, P>(g, x, y);
  scale<scaled, P>(g, x, Weights{}, Weights{}, y);
  batch_norm<normal, P>(g, x, none, none, Weights{}, Weights{}, y);
  add<P>(g, sum, y, x, x, x);
  add<P>(g, sum, y, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x,
         x);
  mul<P>(g, product, y, x, x);
  maximum<P>(g, largest, y, x, x);
  copy<P>(g, x, y);
  shuffle<halves, P>(g, x, y);
  pad<P>(g, 1, 1, x, y);
  spread<P>(g, 2, 2, 1, 1, x, y);
  load_input<P>(g, 0, y);
  store_output<P>(g, x, 0);
  flatten<P>(g, x, y);
  copy_pixels<T>(g.recorder(), g.at<const T>(x), 64, g.at<T>(y), 64, 64, 9);
  bias_activate<T>(g.recorder(), g.at<T>(y), 64, 64, 9, nullptr, Activation::kRelu, 0);
}

}  // namespace

void every_precision(Walk& g, const Value& x, const Value& y) {
  all<f32>(g, x, y);
  all<tf32>(g, x, y);
  all<f16>(g, x, y);
  all<bf16>(g, x, y);
  // The most operands that a layer has room for: their places fill half of a kernel's parameters.
  const auto kernel = join_kernel<8, JoinSum, Element<f16>, kMaxOperands>;
  g.recorder().launch("add", kernel, dim3(1), 32, Operands<Element<f16>, kMaxOperands>{},
                      g.at<Element<f16>>(y), 64, 64, std::int64_t{1}, 0);
}

}  // namespace incept::cuda
