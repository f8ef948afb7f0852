// Prints what the trainer of quadratic.cpp does, a line a fact; trainer.test.ts knows the answers.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "abi/train.h"

namespace {

using Floats = std::vector<float>;

constexpr int kWeights = 9000, kTargets = 6, kFrozens = 5000;
constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

void check(const char* what, bool good) {
  std::printf("%s %s\n", good ? "ok" : "FAIL", what);
}

void check_failure(const char* what, incept_status status) {
  std::printf("%s: %s\n", what,
              status == INCEPT_OK
                  ? "succeeded"
                  : (std::string(incept_last_error_code()) + ": " + incept_last_error()).c_str());
}

// By parameter: frozen, mean, weight, bias.
using All = std::vector<Floats>;
All zeros() {
  return {Floats(kFrozens), Floats(kTargets), Floats(kWeights), Floats(kTargets)};
}

All first_values() {
  All all = zeros();
  all[0].assign(kFrozens, 7), all[1].assign(kTargets, 1), all[3] = {1, -2, 0.5f, 3, 4, -1};
  for (int i = 0; i < kWeights; ++i) all[2][i] = float(std::sin(i));
  return all;
}

struct Batch {
  std::vector<float> x;
  std::vector<int32_t> target;
  float scale = 0.01f;
  int64_t images;

  explicit Batch(int count, int seed = 0)
      : x(count * kWeights), target(count * kTargets), images(count) {
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = float(std::cos(double(i) * 0.7 + seed));
    for (std::size_t i = 0; i < target.size(); ++i) target[i] = int(i + seed) % 5;
  }
};

class Trainer {
 public:
  explicit Trainer(incept_optimizer optimizer, int threads = 1, bool average = false,
                   const incept_rate* rates = nullptr, const All& values = first_values()) {
    incept_trainer_options options = INCEPT_TRAINER_OPTIONS;
    options.threads = threads, options.batch = 8, options.optimizer = optimizer;
    options.average = average;
    const char* names[] = {"frozen", "mean", "weight", "bias"};
    std::vector<incept_tensor> tensors;
    for (int i = 3; i >= 0; --i)
      tensors.push_back({names[i], values[i].data(), int64_t(values[i].size())});
    if (incept_trainer_create(tensors.data(), 4, rates, &options, &trainer_) != INCEPT_OK)
      std::printf("FAIL create: %s\n", incept_last_error());
  }
  ~Trainer() { incept_trainer_destroy(trainer_); }
  Trainer(const Trainer&) = delete;

  incept_status train(const Batch& batch, const incept_train_numbers& numbers) {
    const void* inputs[] = {batch.x.data(), batch.target.data(), &batch.scale};
    return incept_train(trainer_, batch.images, inputs, &numbers, results, &norm);
  }
  All read(incept_kept kept) {
    All all = zeros();
    float* const out[] = {all[0].data(), all[1].data(), all[2].data(), all[3].data()};
    if (incept_trainer_read(trainer_, kept, out) != INCEPT_OK)
      std::printf("FAIL read: %s\n", incept_last_error());
    return all;
  }
  void write(incept_kept kept, const All& all) {
    const float* const in[] = {all[0].data(), all[1].data(), all[2].data(), all[3].data()};
    if (incept_trainer_write(trainer_, kept, in) != INCEPT_OK)
      std::printf("FAIL write: %s\n", incept_last_error());
  }
  incept_trainer* get() { return trainer_; }

  float results[2] = {-1, -1};
  double norm = -1;

 private:
  incept_trainer* trainer_ = nullptr;
};

incept_train_numbers numbers(int64_t step) {
  incept_train_numbers n = INCEPT_TRAIN_NUMBERS;
  n.step = step, n.rate = 0.1, n.momentum = 0.9, n.decay = 0.01, n.average = 0.75;
  return n;
}

bool same(const All& a, const All& b) {
  for (std::size_t i = 0; i < a.size(); ++i)
    if (std::memcmp(a[i].data(), b[i].data(), a[i].size() * 4) != 0) return false;
  return true;
}

double off(const Floats& got, const std::vector<double>& expected) {
  double error = 0, norm = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    error += std::pow(got[i] - expected[i], 2);
    norm += std::pow(expected[i], 2);
  }
  return std::sqrt(error / norm);
}

// The gradients of a batch, as quadratic.cpp's comment gives them.
struct Gradients {
  std::vector<double> weight, bias;
  double loss = 0, norm = 0;
  Gradients(const Batch& batch, const All& at) : weight(kWeights), bias(kTargets) {
    const double share = 1.0 / double(batch.images);
    for (int64_t n = 0; n < batch.images; ++n) {
      for (int i = 0; i < kWeights; ++i) {
        const double d = double(at[2][i]) - batch.x[n * kWeights + i];
        weight[i] += batch.scale * d * share;
        loss += batch.scale * d * d / 2 * share;
      }
      for (int i = 0; i < kTargets; ++i) {
        const double d = double(at[3][i]) - batch.target[n * kTargets + i];
        bias[i] += d * share;
        loss += d * d / 2 * share;
      }
    }
    for (const auto* each : {&weight, &bias})
      for (double g : *each) norm += g * g;
    norm = std::sqrt(norm);
  }
};

// One batch by the formulas, with factors on the bias's rate and decay, and clipped.
void check_first_batch() {
  const All start = first_values();
  const incept_rate rates[] = {{1, 1}, {1, 1}, {1, 1}, {0.5, 0}};
  Trainer trainer(INCEPT_SGD, 2, true, rates);
  incept_train_numbers n = numbers(1);
  n.clip_norm = 0.5;
  const Batch batch(5);
  check("a batch succeeds", trainer.train(batch, n) == INCEPT_OK);
  const Gradients g(batch, start);
  check("loss", std::abs(trainer.results[0] - g.loss) < 1e-5 * g.loss &&
                    trainer.results[1] == trainer.results[0]);
  check("norm before clipping", std::abs(trainer.norm - g.norm) < 1e-6 * g.norm && g.norm > 0.5);
  const double clip = 0.5 / (g.norm + 1e-6);
  std::vector<double> weight(kWeights), bias(kTargets), average(kWeights);
  for (int i = 0; i < kWeights; ++i) {
    weight[i] = start[2][i] - 0.1 * (clip * g.weight[i] + 0.01 * start[2][i]);
    average[i] = 0.75 * start[2][i] + 0.25 * weight[i];
  }
  for (int i = 0; i < kTargets; ++i) bias[i] = start[3][i] - 0.05 * clip * g.bias[i];
  const All values = trainer.read(INCEPT_VALUES), means = trainer.read(INCEPT_AVERAGE);
  check("weight", off(values[2], weight) < 1e-6);
  check("bias, with factors of its own", off(values[3], bias) < 1e-6);
  check("average", off(means[2], average) < 1e-6);
  check("what is frozen stays, its average too", values[0] == start[0] && means[0] == start[0]);
  // Targets are 0 1 2 3 4 0 1 2 3 4 ..., and of five images each is there once.
  const float mean = float(0.5 + 0.5 * 0.01f * 2);
  check("state", values[1] == Floats(kTargets, mean));
  const std::vector<double> between(kTargets, 0.75 * start[1][0] + 0.25 * double(mean));
  check("the average of a state", off(means[1], between) < 1e-6);
  check("prepared anew: the next gradient is of the new weight",
        trainer.train(batch, n) == INCEPT_OK &&
            std::abs(trainer.norm - Gradients(batch, values).norm) < 1e-6 * g.norm);
}

// Small gradients are not made larger.
void check_loose_clip() {
  Trainer clipped(INCEPT_SGD), free(INCEPT_SGD);
  incept_train_numbers n = numbers(1);
  free.train(Batch(3), n);
  n.clip_norm = 2 * free.norm;
  clipped.train(Batch(3), n);
  check("a norm below the most", same(clipped.read(INCEPT_VALUES), free.read(INCEPT_VALUES)));
}

All state_after(incept_optimizer optimizer, int threads, int batches, Trainer* trainer) {
  Trainer own(optimizer, threads, true);
  Trainer& used = trainer ? *trainer : own;
  for (int i = 0; i < batches; ++i) {
    incept_train_numbers n = numbers(i + 1);
    n.clip_norm = i % 2;
    n.nesterov = 1;
    if (used.train(Batch(3 + i, i), n) != INCEPT_OK) std::printf("FAIL %s\n", incept_last_error());
  }
  All all;
  for (const auto kept : {INCEPT_VALUES, INCEPT_MOMENT_1, INCEPT_MOMENT_2, INCEPT_AVERAGE}) {
    if (optimizer == INCEPT_SGD && kept == INCEPT_MOMENT_2) continue;
    for (Floats& own_values : used.read(kept)) all.push_back(own_values);
  }
  return all;
}

const char* const optimizers[] = {"sgd", "adam", "adamw", "rmsprop"};

void check_threads(incept_optimizer optimizer) {
  const All alone = state_after(optimizer, 1, 4, nullptr);
  for (int threads : {2, 3})
    check((std::string(optimizers[optimizer]) + " with other threads, to the bit").c_str(),
          same(alone, state_after(optimizer, threads, 4, nullptr)));
}

// Two batches, all written to another trainer, two more: as four in one.
void check_resumed(incept_optimizer optimizer) {
  Trainer first(optimizer, 2, true), second(optimizer, 1, true, nullptr, zeros());
  const Batch batches[] = {Batch(3, 0), Batch(4, 1), Batch(5, 2), Batch(2, 3)};
  for (int i : {0, 1}) first.train(batches[i], numbers(i + 1));
  for (const auto kept : {INCEPT_VALUES, INCEPT_MOMENT_1, INCEPT_MOMENT_2, INCEPT_AVERAGE})
    if (optimizer != INCEPT_SGD || kept != INCEPT_MOMENT_2) second.write(kept, first.read(kept));
  bool equal = true;
  for (int i : {2, 3}) {
    first.train(batches[i], numbers(i + 1)), second.train(batches[i], numbers(i + 1));
    equal = equal && first.norm == second.norm && first.results[0] == second.results[0];
  }
  for (const auto kept : {INCEPT_VALUES, INCEPT_MOMENT_1, INCEPT_AVERAGE})
    equal = equal && same(first.read(kept), second.read(kept));
  check((std::string(optimizers[optimizer]) + " resumed, to the bit").c_str(), equal);
}

// Fails for the reason that `spoil` makes, and goes on as if the batch had not been.
void check_not_finite(const char* what, const std::function<void(Batch&)>& spoil) {
  Trainer trainer(INCEPT_ADAM, 3, true), other(INCEPT_ADAM, 1, true);
  for (Trainer* each : {&trainer, &other}) each->train(Batch(3), numbers(1));
  Batch bad(4, 1);
  spoil(bad);
  trainer.results[0] = -1;
  check_failure(what, trainer.train(bad, numbers(2)));
  for (const auto kept : {INCEPT_VALUES, INCEPT_MOMENT_1, INCEPT_MOMENT_2, INCEPT_AVERAGE})
    check("nothing changed", same(trainer.read(kept), other.read(kept)));
  check("no results", trainer.results[0] == -1);
  for (Trainer* each : {&trainer, &other}) each->train(Batch(2, 5), numbers(2));
  check("goes on",
        same(trainer.read(INCEPT_VALUES), other.read(INCEPT_VALUES)) && trainer.norm == other.norm);
}

// What is not the input's fault: at these values the second of two images goes wrong on its way.
void check_place(const char* what, float weight, float x, float scale, int32_t target) {
  Trainer trainer(INCEPT_SGD, 2);
  All values = first_values();
  Batch batch(2);
  for (int image : {0, 1})
    std::copy(values[2].begin(), values[2].end(), batch.x.begin() + image * kWeights);
  values[2][5] = weight, batch.x[5] = 0, batch.x[kWeights + 5] = x;
  batch.scale = scale;
  std::fill(batch.target.begin(), batch.target.end(), target);
  trainer.write(INCEPT_VALUES, values);
  check_failure(what, trainer.train(batch, numbers(2)));
  check("nothing changed", same(trainer.read(INCEPT_VALUES), values));
}

// Moments have no place for what does not learn, and the average of what is frozen is its value.
void check_written_frozen() {
  Trainer trainer(INCEPT_ADAM, 1, true);
  const All moments = trainer.read(INCEPT_MOMENT_1), means = trainer.read(INCEPT_AVERAGE);
  All other = means;
  std::fill(other[0].begin(), other[0].end(), 5.0f);
  trainer.write(INCEPT_AVERAGE, other);
  check("what is frozen has no average to write",
        same(trainer.read(INCEPT_AVERAGE), means) && same(trainer.read(INCEPT_MOMENT_1), moments) &&
            same(trainer.read(INCEPT_MOMENT_2), moments));
  All own = means;
  own[1][0] = 7.0f;
  trainer.write(INCEPT_AVERAGE, own);
  check("the average of a state is written", same(trainer.read(INCEPT_AVERAGE), own));
}

void check_written_nan() {
  Trainer trainer(INCEPT_SGD);
  All values = trainer.read(INCEPT_VALUES);
  values[3][1] = kInfinity;
  trainer.write(INCEPT_VALUES, values);
  check_failure("a bad parameter", trainer.train(Batch(1), numbers(1)));
}

void check_refusals() {
  Trainer trainer(INCEPT_SGD);
  const All values = first_values();
  check_failure("no images", trainer.train(Batch(0), numbers(1)));
  check_failure("too many images", trainer.train(Batch(9), numbers(1)));
  float* const none[] = {nullptr, nullptr, nullptr, nullptr};
  check_failure("second moment", incept_trainer_read(trainer.get(), INCEPT_MOMENT_2, none));
  check_failure("average", incept_trainer_write(trainer.get(), INCEPT_AVERAGE, none));
  check_failure("null leaves out", incept_trainer_read(trainer.get(), INCEPT_VALUES, none));
  incept_trainer* out = nullptr;
  const incept_tensor tensors[] = {{"weight", values[2].data(), kWeights},
                                   {"bias", values[3].data(), 2}};
  check_failure("missing", incept_trainer_create(tensors, 1, nullptr, nullptr, &out));
  check_failure("shape", incept_trainer_create(tensors, 2, nullptr, nullptr, &out));
  incept_trainer_options options = INCEPT_TRAINER_OPTIONS;
  options.batch = 0;
  check_failure("batch", incept_trainer_create(tensors, 2, nullptr, &options, &out));
  options.batch = 1, options.optimizer = 9;
  check_failure("optimizer", incept_trainer_create(tensors, 2, nullptr, &options, &out));
  check("no trainer", out == nullptr);
}

}  // namespace

int main() {
  check_first_batch();
  check_loose_clip();
  for (const auto optimizer : {INCEPT_SGD, INCEPT_ADAM, INCEPT_ADAMW, INCEPT_RMSPROP}) {
    check_threads(optimizer);
    check_resumed(optimizer);
  }
  check_not_finite("a bad input", [](Batch& batch) { batch.x[kWeights + 4] = kNaN; });
  check_not_finite("an input that is too large", [](Batch& batch) {
    batch.x[3 * kWeights + 7] = -3e38f;
    batch.x[3 * kWeights + 8] = 3e38f;
  });
  check_place("a layer", 3e38f, -3e38f, 1, 0);
  check_place("a gradient", 1.5f, 0, 3e38f, 0);
  check_place("a state", 0, 0, 3e38f, 1 << 30);
  check_written_frozen();
  check_written_nan();
  check_refusals();
}
