#include "parameters.hpp"

#include <algorithm>

#include "../shape.hpp"

namespace incept::cpu {
namespace {

constexpr std::size_t kPadding = 16;

void copy(const float* from, std::size_t parameter, float* to) {
  std::copy_n(from, training::info.parameters[parameter].count, to);
}

bool is_state(std::size_t parameter) {
  return training::info.gradients[parameter] == INCEPT_STATE;
}

float* kept_arena(const Arenas& arenas, incept_kept kept) {
  switch (kept) {
    case INCEPT_MOMENT_1:
      return arenas.moments[0];
    case INCEPT_MOMENT_2:
      return arenas.moments[1];
    case INCEPT_AVERAGE:
      return arenas.average;
    case INCEPT_VALUES:
      break;
  }
  return arenas.parameters;
}

}  // namespace

bool Parameters::learns(std::size_t parameter) const {
  return training::info.gradients[parameter] >= 0;
}

Parameters::Parameters(const incept_rate* rates) : offsets_(training::info.parameter_count) {
  for (const bool learning : {true, false}) {
    for (std::size_t i = 0; i < offsets_.size(); ++i) {
      if (learns(i) != learning) continue;
      const std::ptrdiff_t count = training::info.parameters[i].count;
      offsets_[i] = std::ptrdiff_t(all_);
      for (std::ptrdiff_t from = 0; learning && from < count; from += Piece::kMost) {
        const std::ptrdiff_t own = std::min(Piece::kMost, count - from);
        const auto padded = std::ptrdiff_t(round_up(std::size_t(own), kPadding));
        pieces_.push_back({offsets_[i] + from, own, padded, rates[i]});
      }
      all_ += round_up(std::size_t(count), kPadding);
    }
    if (learning) learning_ = all_;
  }
}

bool Parameters::allocate(const float* const* values, incept_optimizer optimizer, bool average) {
  const bool two = optimizer != INCEPT_SGD;
  if (!parameters_.allocate(all_) || !gradients_.allocate(learning_) ||
      !moments_[0].allocate(learning_) || (two && !moments_[1].allocate(learning_)) ||
      (average && !average_.allocate(all_)))
    return false;
  arenas_ = {parameters_.data(),
             gradients_.data(),
             {moments_[0].data(), moments_[1].data()},
             average_.data()};
  for (const std::ptrdiff_t offset : offsets_) values_.push_back(arenas_.parameters + offset);
  for (std::size_t i = 0; i < values_.size(); ++i) copy(values[i], i, values_[i]);
  if (average) std::copy_n(arenas_.parameters, all_, arenas_.average);
  return true;
}

void Parameters::move(int state, const float* to, double decay) {
  copy(to, std::size_t(state), values_[state]);
  if (arenas_.average)
    follow(training::info.parameters[state].count, decay, to, arenas_.average + offsets_[state]);
}

void Parameters::read(incept_kept kept, float* const* out) const {
  const float* const arena = kept_arena(arenas_, kept);
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    if (!out[i]) continue;
    if (learns(i) || kept == INCEPT_VALUES || kept == INCEPT_AVERAGE) {
      copy(arena + offsets_[i], i, out[i]);
    } else {
      std::fill_n(out[i], training::info.parameters[i].count, 0.0f);
    }
  }
}

void Parameters::write(incept_kept kept, const float* const* in) {
  float* const arena = kept_arena(arenas_, kept);
  for (std::size_t i = 0; i < offsets_.size(); ++i) {
    if (!in[i]) continue;
    if (learns(i) || kept == INCEPT_VALUES || (kept == INCEPT_AVERAGE && is_state(i)))
      copy(in[i], i, arena + offsets_[i]);
    // The average of what nothing moves.
    if (kept == INCEPT_VALUES && arenas_.average && !learns(i) && !is_state(i))
      copy(in[i], i, arenas_.average + offsets_[i]);
  }
}

}  // namespace incept::cpu
