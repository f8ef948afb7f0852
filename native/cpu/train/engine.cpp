// The CPU behind train.h: parameters, a team of threads, and arenas for a batch.
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "../../abi/engine.hpp"
#include "../../abi/error.hpp"
#include "../choice.hpp"
#include "../machine.hpp"
#include "../memory.hpp"
#include "../shape.hpp"
#include "../team.hpp"
#include "blame.hpp"
#include "parameters.hpp"
#include "program.hpp"
#include "run.hpp"
#include "update.hpp"
#include "watch.hpp"

namespace incept {

using training::info;

class Trainer {
 public:
  Trainer(const incept_rate* rates, incept_optimizer chosen, int threads)
      : team(threads), parameters(rates), optimizer(chosen), squares(parameters.pieces().count) {}

  cpu::Team team;
  cpu::Parameters parameters;
  const incept_optimizer optimizer;
  cpu::Memory image_arena, batch_arena, scratch, weights, staging;
  std::vector<float> results;
  std::vector<void*> outputs;   // Of the program: the results and the gradients.
  std::vector<double> squares;  // A sum a piece.
};

namespace {

// Floats that hold so many bytes for each of `images`; more than there are where it overflows.
std::size_t floats_of(std::uint64_t bytes, std::uint64_t images) {
  constexpr std::uint64_t most = std::numeric_limits<std::size_t>::max() / sizeof(float) / 2;
  const std::uint64_t floats = bytes / sizeof(float) + (bytes % sizeof(float) != 0);
  return std::size_t(floats > most / images ? most : floats * images);
}

// Of each thread: on cache lines of its own.
std::size_t scratch_bytes() {
  return cpu::round_up(info.thread_bytes, 64);
}

bool allocate(Trainer& trainer, std::uint64_t images) {
  return trainer.image_arena.allocate(floats_of(info.image_bytes, images)) &&
         trainer.batch_arena.allocate(floats_of(info.batch_bytes, 1)) &&
         trainer.scratch.allocate(
             floats_of(scratch_bytes(), std::uint64_t(trainer.team.size()) + 1)) &&
         trainer.weights.allocate(floats_of(info.weight_bytes, 1)) &&
         trainer.staging.allocate(training::staging_floats);
}

std::byte* bytes(cpu::Memory& arena) {
  return reinterpret_cast<std::byte*>(arena.data());
}

void connect(Trainer& trainer) {
  trainer.results.resize(info.result_count);
  for (float& result : trainer.results) trainer.outputs.push_back(&result);
  for (std::size_t i = 0; i < info.parameter_count; ++i) {
    if (!trainer.parameters.learns(i)) continue;
    const auto output = std::size_t(info.gradients[i]);
    if (output >= trainer.outputs.size()) trainer.outputs.resize(output + 1);
    trainer.outputs[output] = trainer.parameters.gradient(i);
  }
}

void prepare(Trainer& trainer) {
  training::prepare(trainer.parameters.values(), trainer.staging.data(), trainer.weights.data());
}

// Everything that a batch would change is finite.
bool finite(const Trainer& trainer, const cpu::BatchRun& run, double norm) {
  if (!std::isfinite(norm) || !cpu::all_finite(trainer.results.data(), info.result_count))
    return false;
  return std::all_of(
      training::updates.begin(), training::updates.end(), [&](const cpu::StateUpdate& row) {
        return cpu::all_finite(run(cpu::BatchValue<const float>{row.offset}), row.count);
      });
}

// The results and gradients of a batch, and their norm.
double compute(Trainer& trainer, const cpu::BatchRun& run) {
  trainer.team.run([&](cpu::Member& t) {
    training::run(t, run);
    t.barrier();
    cpu::square_sums(t, trainer.parameters.pieces(), trainer.parameters.arenas().gradients,
                     trainer.squares.data());
  });
  double sum = 0;
  for (const double own : trainer.squares) sum += own;
  return std::sqrt(sum);
}

// As PyTorch's clip_grad_norm_.
double clip_factor(double norm, double most) {
  return most > 0 ? std::min(1.0, most / (norm + 1e-6)) : 1.0;
}

void apply(Trainer& trainer, const cpu::BatchRun& run, const incept_train_numbers& numbers,
           double clip) {
  trainer.team.run([&](cpu::Member& t) {
    cpu::update(t, trainer.parameters.pieces(), trainer.parameters.arenas(), trainer.optimizer,
                numbers, clip);
  });
  for (const cpu::StateUpdate& row : training::updates)
    trainer.parameters.move(row.parameter, run(cpu::BatchValue<const float>{row.offset}),
                            numbers.average);
  prepare(trainer);
}

}  // namespace

incept_status trainer_open(const float* const* parameters, const incept_rate* rates,
                           const incept_trainer_options& options, Trainer** out) {
  if (cpu::check_program() != INCEPT_OK) return INCEPT_ERROR;
  return cpu::with_threads(options.threads, [&](int threads) {
    const auto optimizer = incept_optimizer(options.optimizer);
    auto trainer = std::make_unique<Trainer>(rates, optimizer, threads);
    if (!trainer->parameters.allocate(parameters, optimizer, options.average != 0))
      return out_of_memory("the parameters and their moments");
    if (!allocate(*trainer, std::uint64_t(options.batch)))
      return fail("memory/exhausted",
                  "There is not enough memory for a batch of %" PRId64 " images of %s.",
                  options.batch, network::info.model);
    connect(*trainer);
    prepare(*trainer);
    *out = trainer.release();
    return INCEPT_OK;
  });
}

void trainer_close(Trainer* trainer) {
  delete trainer;
}

incept_status trainer_train(Trainer& trainer, std::int64_t batch, const void* const* inputs,
                            const incept_train_numbers& numbers, float* results,
                            double* gradient_norm) {
  const cpu::BatchRun run = {int(batch),
                             bytes(trainer.image_arena),
                             bytes(trainer.batch_arena),
                             bytes(trainer.scratch),
                             std::ptrdiff_t(scratch_bytes()),
                             trainer.weights.data(),
                             trainer.parameters.values(),
                             inputs,
                             trainer.outputs.data()};
  const double norm = compute(trainer, run);
  if (!finite(trainer, run, norm))
    return fail("train/not-finite",
                "Step %" PRId64 " of %s is not finite: the first NaN or infinity is in %s.",
                numbers.step, network::info.model,
                cpu::first_not_finite(trainer.team, run, trainer.parameters).c_str());
  apply(trainer, run, numbers, clip_factor(norm, numbers.clip_norm));
  std::copy(trainer.results.begin(), trainer.results.end(), results);
  *gradient_norm = norm;
  return INCEPT_OK;
}

void trainer_read(const Trainer& trainer, incept_kept kept, float* const* out) {
  trainer.parameters.read(kept, out);
}

void trainer_write(Trainer& trainer, incept_kept kept, const float* const* in) {
  trainer.parameters.write(kept, in);
  if (kept == INCEPT_VALUES) prepare(trainer);
}

}  // namespace incept
