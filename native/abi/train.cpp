// train.h around the trainer of one network: what is asked is checked here, once for all targets.
#include <cinttypes>
#include <climits>
#include <exception>
#include <memory>
#include <vector>

#include "arguments.hpp"
#include "error.hpp"
#include "train.h"
#include "trainer.hpp"

struct incept_trainer {
  incept_trainer(incept::Trainer* opened, const incept_trainer_options& made_with)
      : trainer(opened), options(made_with) {}
  ~incept_trainer() { incept::trainer_close(trainer); }
  incept::Trainer* trainer;
  incept_trainer_options options;
};

using namespace incept;

namespace {

constexpr incept_trainer_options kTrainerDefaults = INCEPT_TRAINER_OPTIONS;
constexpr incept_train_numbers kNumberDefaults = INCEPT_TRAIN_NUMBERS;

incept_status check_options(const incept_trainer_options& options) {
  if (options.batch < 1 || options.batch > INT_MAX)
    return fail("train/batch", "The batch is %" PRId64 ", a trainer takes 1 to %d images.",
                options.batch, INT_MAX);
  if (options.optimizer < INCEPT_SGD || options.optimizer > INCEPT_RMSPROP)
    return fail("train/optimizer", "There is no optimizer %d.", int(options.optimizer));
  return INCEPT_OK;
}

incept_status check_kept(const incept_trainer_options& options, incept_kept kept) {
  switch (kept) {
    case INCEPT_VALUES:
    case INCEPT_MOMENT_1:
      return INCEPT_OK;
    case INCEPT_MOMENT_2:
      if (options.optimizer != INCEPT_SGD) return INCEPT_OK;
      return fail("train/kept", "Stochastic gradient descent keeps one moment, not two.");
    case INCEPT_AVERAGE:
      if (options.average != 0) return INCEPT_OK;
      return fail("train/kept", "The trainer was not made to keep an average.");
  }
  return fail("train/kept", "A trainer keeps nothing of kind %d.", int(kept));
}

}  // namespace

extern "C" {

const incept_train_info* incept_train_describe(void) {
  return &training::info;
}

incept_status incept_trainer_create(const incept_tensor* tensors, size_t tensor_count,
                                    const incept_rate* rates, const incept_trainer_options* given,
                                    incept_trainer** out) {
  *out = nullptr;
  try {
    const incept_trainer_options options = known(given, kTrainerDefaults);
    if (check_options(options) != INCEPT_OK) return INCEPT_ERROR;
    const std::size_t count = training::info.parameter_count;
    std::vector<const float*> parameters;
    if (match(training::info.parameters, count, tensors, tensor_count, parameters) != INCEPT_OK)
      return INCEPT_ERROR;
    const std::vector<incept_rate> ones(rates ? 0 : count, incept_rate{1, 1});
    Trainer* trainer = nullptr;
    if (trainer_open(parameters.data(), rates ? rates : ones.data(), options, &trainer) !=
        INCEPT_OK)
      return INCEPT_ERROR;
    std::unique_ptr<Trainer, decltype(&trainer_close)> opened(trainer, trainer_close);
    *out = new incept_trainer(trainer, options);
    opened.release();
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("a trainer");
  }
}

void incept_trainer_destroy(incept_trainer* trainer) {
  delete trainer;
}

incept_status incept_train(incept_trainer* trainer, int64_t batch, const void* const* inputs,
                           const incept_train_numbers* numbers, float* results,
                           double* gradient_norm) {
  const int64_t most = trainer->options.batch;
  if (batch < 1 || batch > most)
    return fail("train/batch",
                "The batch is %" PRId64 ", the trainer was made for 1 to %" PRId64 " images.",
                batch, most);
  try {
    return trainer_train(*trainer->trainer, batch, inputs, known(numbers, kNumberDefaults), results,
                         gradient_norm);
  } catch (const std::exception&) {
    return out_of_memory("a batch");
  }
}

incept_status incept_trainer_read(incept_trainer* trainer, incept_kept kept, float* const* out) {
  if (check_kept(trainer->options, kept) != INCEPT_OK) return INCEPT_ERROR;
  trainer_read(*trainer->trainer, kept, out);
  return INCEPT_OK;
}

incept_status incept_trainer_write(incept_trainer* trainer, incept_kept kept,
                                   const float* const* in) {
  if (check_kept(trainer->options, kept) != INCEPT_OK) return INCEPT_ERROR;
  trainer_write(*trainer->trainer, kept, in);
  return INCEPT_OK;
}

}  // extern "C"
