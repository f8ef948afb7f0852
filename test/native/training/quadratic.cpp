// A network as --train would emit it, by hand. Its loss is the mean over the images of
//
//   scale / 2 * |weight - x|^2 + 1 / 2 * |bias - target|^2
//
// so that the gradients are scale * (weight - mean of x) and bias - mean of target. The state
// follows scale times the mean of the targets, and the frozen parameter does nothing. Kernels read
// prepared weights, which are half the parameters.
#include <algorithm>
#include <cmath>
#include <limits>

#include "cpu/network.hpp"
#include "cpu/train/program.hpp"
#include "cpu/train/run.hpp"

namespace incept {
namespace {

constexpr int kWeights = 9000;  // Of three pieces.
constexpr int kFrozens = 5000;  // More than a page.
constexpr int kChannels = 3, kPlane = 2, kTargets = kChannels * kPlane;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

const int64_t weight_shape[] = {kWeights}, target_shape[] = {kTargets}, frozen_shape[] = {kFrozens},
              one[] = {1};

const incept_port network_inputs[] = {{"x", weight_shape, 1, kWeights, INCEPT_F32}};
const incept_port outputs[] = {{"y", one, 1, 1, INCEPT_F32}};

const incept_train_port inputs[] = {
    {{"x", weight_shape, 1, kWeights, INCEPT_F32}, INCEPT_IMAGE},
    {{"target", target_shape, 1, kTargets, INCEPT_I32}, INCEPT_IMAGE},
    {{"scale", one, 1, 1, INCEPT_F32}, INCEPT_BATCH},
};
const char* const results[] = {"loss", "loss:y"};
const incept_port parameters[] = {
    {"frozen", frozen_shape, 1, kFrozens, INCEPT_F32},
    {"mean", target_shape, 1, kTargets, INCEPT_F32},
    {"weight", weight_shape, 1, kWeights, INCEPT_F32},
    {"bias", target_shape, 1, kTargets, INCEPT_F32},
};
enum { kFrozen, kMean, kWeight, kBias };
const int32_t gradients[] = {INCEPT_NO_GRADIENT, INCEPT_STATE, 3, 2};

// Of an image: how far it is off, planar and in one block of channels. Of the batch: the loss, and
// what the state becomes.
constexpr cpu::ImageValue<float> off = {0, kWeights * 4, 0};
constexpr cpu::ImageValue<float> off_target = {kWeights * 4, kPlane * 64, 0};
constexpr cpu::BatchValue<float> loss = {0};
constexpr cpu::BatchValue<float> next_mean = {64};

// Where the block has target `i`.
constexpr int blocked(int i) {
  return i % kPlane * 16 + i / kPlane;
}

constexpr cpu::ImageInput<float> x = {0, kWeights};
constexpr cpu::ImageInput<std::int32_t> target = {1, kTargets};
constexpr cpu::BatchInput<float> scale = {2};

float weight_of(const cpu::BatchRun& run, int i) {
  return run.weights[i] * 2;
}
float bias_of(const cpu::BatchRun& run, int i) {
  return run.weights[kWeights + i] * 2;
}

void subtract(cpu::Member& t, const cpu::OneImage& image) {
  if (t.rank() == 0) std::fill_n(image.scratch, 25, kNaN);
  for (auto [i, end] = cpu::share(t, kWeights); i < end; ++i)
    image(off)[i] = weight_of(image.run, int(i)) - image(x)[i];
  if (t.rank() != 0) return;
  std::fill_n(image(off_target), kPlane * 16, kNaN);
  for (int i = 0; i < kTargets; ++i)
    image(off_target)[blocked(i)] = bias_of(image.run, i) - float(image(target)[i]);
}

float sum_loss(const cpu::BatchRun& run) {
  double sum = 0;
  for (int image = 0; image < run.images; ++image) {
    for (int i = 0; i < kWeights; ++i) sum += *run(scale) / 2.0 * std::pow(run(off)(image)[i], 2);
    for (int i = 0; i < kTargets; ++i) sum += std::pow(run(off_target)(image)[blocked(i)], 2) / 2.0;
  }
  return float(sum / run.images);
}

void differentiate(cpu::Member& t, const cpu::BatchRun& run, float* weight, float* bias) {
  for (auto [i, end] = cpu::share(t, kWeights); i < end; ++i) {
    double sum = 0;
    for (int image = 0; image < run.images; ++image) sum += run(off)(image)[i];
    weight[i] = float(*run(scale) * sum / run.images);
  }
  for (auto [i, end] = cpu::share(t, kTargets); i < end; ++i) {
    double sum = 0, mean = 0;
    for (int image = 0; image < run.images; ++image) {
      sum += run(off_target)(image)[blocked(int(i))];
      mean += run(target)(image)[i];
    }
    bias[i] = float(sum / run.images);
    run(next_mean)[i] =
        float(0.5 * run.parameters[kMean][i] + 0.5 * *run(scale) * mean / run.images);
  }
}

const cpu::StateUpdate update_rows[] = {{kMean, next_mean.offset, kTargets}};
const cpu::Watched watched_rows[] = {
    {"off: subtract (hand.incept:1:1)", 0, INCEPT_IMAGE, off.buffer, off.pitch, 0, kWeights, 1,
     false},
    {"off_target: subtract (hand.incept:2:1)", 0, INCEPT_IMAGE, off_target.buffer, off_target.pitch,
     0, kChannels, kPlane, true},
    {"loss: sum (hand.incept:3:1)", 1, INCEPT_BATCH, loss.offset, 0, 0, 1, 1, false},
};

}  // namespace

namespace training {

const incept_train_info info = {
    inputs,
    3,
    results,
    2,
    parameters,
    4,
    gradients,
    kWeights * 4 + kPlane * 64,
    128,
    100,
    (kWeights + kTargets) * 4,
};
const std::size_t staging_floats = 0;
const cpu::Table<cpu::StateUpdate> updates = {update_rows, 1};
const cpu::Table<cpu::Watched> watched = {watched_rows, 3};

void prepare(const float* const* p, float*, float* w) {
  for (int i = 0; i < kWeights; ++i) w[i] = p[kWeight][i] / 2;
  for (int i = 0; i < kTargets; ++i) w[kWeights + i] = p[kBias][i] / 2;
}

void run(cpu::Member& t, const cpu::BatchRun& run) {
  cpu::each_image(t, run,
                  [](cpu::Member& own, const cpu::OneImage& image) { subtract(own, image); });
  run.barrier(t, 0);
  if (t.rank() == 0) *run(loss) = sum_loss(run);
  run.barrier(t, 1);
  if (t.rank() == 0)
    for (int port : {0, 1}) *run(cpu::BatchOutput<float>{port}) = *run(loss);
  differentiate(t, run, run(cpu::BatchOutput<float>{3}), run(cpu::BatchOutput<float>{2}));
  run.barrier(t, 2);
  // Another value would lie here.
  if (t.rank() == 0) std::fill_n(run(off)(0), kWeights, kNaN);
  run.barrier(t, 3);
}

}  // namespace training

// The inference program beside it, of which nothing is asked here.
namespace network {

const incept_info info = {
    INCEPT_ABI_VERSION, "Hand", "cpu (test)", 8, network_inputs, 1, outputs, 1, parameters, 4, 0, 0,
    "(test)",           0};
const Program programs[] = {{cpu::Level::kBaseline, "cpu (test)", 0, 0, 0, 1, 0, nullptr, 0,
                             [](cpu::Member&, const Run&) {}}};
const std::size_t program_count = 1;

}  // namespace network
}  // namespace incept
