// What a trainer keeps of the parameters: their values, gradients, an optimizer's moments and an
// average, each in one arena.
//
// In every arena what learns comes first, at the same places, each parameter on a cache line of its
// own with zeros after it; then, of the values and their average, what is frozen and the states.
#pragma once

#include <cstddef>
#include <vector>

#include "../memory.hpp"
#include "update.hpp"

namespace incept::cpu {

class Parameters {
 public:
  // `rates` by parameter.
  explicit Parameters(const incept_rate* rates);

  // Copies the parameters, and the average from them. False where there is no memory.
  bool allocate(const float* const* values, incept_optimizer optimizer, bool average);

  // By parameter, as the program reads them.
  const float* const* values() const { return values_.data(); }
  // Writes what a batch has made of a state, which the average follows as it does parameters.
  void move(int state, const float* to, double decay);

  bool learns(std::size_t parameter) const;
  // Of one that learns.
  float* gradient(std::size_t parameter) { return gradients_.data() + offsets_[parameter]; }

  Table<Piece> pieces() const { return {pieces_.data(), pieces_.size()}; }
  const Arenas& arenas() const { return arenas_; }

  void read(incept_kept kept, float* const* out) const;
  void write(incept_kept kept, const float* const* in);

 private:
  std::vector<std::ptrdiff_t> offsets_;  // In the arenas, by parameter.
  std::size_t learning_ = 0, all_ = 0;   // Floats.
  std::vector<Piece> pieces_;
  std::vector<float*> values_;
  Memory parameters_, gradients_, moments_[2], average_;
  Arenas arenas_ = {};
};

}  // namespace incept::cpu
