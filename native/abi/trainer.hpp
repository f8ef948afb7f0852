// What a target puts behind train.h: train.cpp checks the calls, an engine carries them out. As
// engine.hpp has it for inference.
#pragma once

#include <cstdint>

#include "train.h"

namespace incept {

// The description that the emitted training program defines.
namespace training {
extern const incept_train_info info;
}

// Parameters and what an optimizer keeps of them, memory for a batch, and threads. Defined by the
// target.
class Trainer;

// `parameters` in the order of incept_train_info.parameters; they are copied. `rates` likewise.
incept_status trainer_open(const float* const* parameters, const incept_rate* rates,
                           const incept_trainer_options& options, Trainer** out);

void trainer_close(Trainer* trainer);

// 1 <= batch <= options.batch.
incept_status trainer_train(Trainer& trainer, std::int64_t batch, const void* const* inputs,
                            const incept_train_numbers& numbers, float* results,
                            double* gradient_norm);

// Only of what the trainer keeps.
void trainer_read(const Trainer& trainer, incept_kept kept, float* const* out);
void trainer_write(Trainer& trainer, incept_kept kept, const float* const* in);

}  // namespace incept
