// What the emitted files of a training program define, and the trainer uses.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../../abi/trainer.hpp"

namespace incept::cpu {
class Member;     // team.hpp
struct BatchRun;  // run.hpp

// A state that a batch changes: `count` floats of the batch arena, `offset` bytes into it, are what
// the parameter becomes.
struct StateUpdate {
  int parameter;
  std::ptrdiff_t offset, count;
};

// Where the floats of a value are once a level has ended.
struct Watched {
  const char* what;  // "conv_1: conv 3x3 32 (spec.incept:3:5)"
  int level;
  incept_extent extent;
  // In bytes, as in an ImageValue. Of what there is one of a batch `buffer` is where it begins in
  // the batch arena, and the other two are 0.
  std::ptrdiff_t buffer, pitch, shift;
  int channels;
  std::ptrdiff_t plane;
  bool blocked;  // [ceil(channels/16)][plane][16], where lanes past the channels hold rubbish.
};

template <class Row>
struct Table {
  const Row* rows;
  std::size_t count;
  const Row* begin() const { return rows; }
  const Row* end() const { return rows + count; }
};

}  // namespace incept::cpu

namespace incept::training {

// Floats of scratch that `prepare` needs.
extern const std::size_t staging_floats;

// From parameters `p`, in the order of info.parameters, to prepared weights `w`, by way of the
// scratch `s`.
void prepare(const float* const* p, float* s, float* w);

// Called by every member of a team: the results, the gradients, and what the states become.
void run(cpu::Member& t, const cpu::BatchRun& run);

extern const cpu::Table<cpu::StateUpdate> updates;

// In the order of the program: of several values that are not finite the first is to blame.
extern const cpu::Table<cpu::Watched> watched;

}  // namespace incept::training
