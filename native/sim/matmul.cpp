// A matrix product that asks for no speed beyond what tests can bear.
#include <algorithm>
#include <vector>

#include "faults.hpp"
#include "library.hpp"
#include "plans.hpp"

namespace incept::cuda {
namespace {

using sim::kLanes;
using sim::number;
using sim::require;
using sim::size;

void check_rows(const char* name, std::int64_t rows, std::int64_t length, std::int64_t pitch,
                std::int64_t alignment, std::int64_t element) {
  require(rows == 1 || pitch >= length,
          text("rows of %s have %lld elements, %lld apart: they would overlap", name,
               number(length), number(pitch)));
  sim::require_alignment(name, alignment, element);
  require(rows == 1 || pitch * element % alignment == 0,
          text("%s is aligned to %lld bytes, but its rows are %lld apart", name, number(alignment),
               number(pitch * element)));
}

// Sixteen rows of w side by side, for features `first` and on.
void gather_weights(const MatmulProblem& p, Address w, std::int64_t first, float* line,
                    float* rows) {
  for (std::int64_t j = 0; j < kLanes && first + j < p.features; ++j) {
    sim::read_numbers(w, (first + j) * p.inputs * size(p), p.inputs, p.type, p.tf32, line);
    for (std::int64_t i = 0; i < p.inputs; ++i) rows[i * kLanes + j] = line[i];
  }
}

constexpr std::int64_t kPiece = 1024;

void multiply(const MatmulProblem& p, Address x, Address w, Address bias, Address y) {
  std::vector<float> in(p.rows * p.inputs), out(p.rows * p.features), offsets(p.features);
  std::vector<float> line(p.inputs), rows(p.inputs * kLanes);
  if (p.bias) sim::read_numbers(bias, 0, p.features, p.type, false, offsets.data());
  for (std::int64_t row = 0; row < p.rows; ++row)
    sim::read_numbers(x, row * p.x_pitch * size(p), p.inputs, p.type, p.tf32,
                      in.data() + row * p.inputs);
  for (std::int64_t first = 0; first < p.features; first += kLanes) {
    gather_weights(p, w, first, line.data(), rows.data());
    for (std::int64_t row = 0; row < p.rows; ++row) {
      // Piece by piece, so that a long sum is no less exact than a library's own tree of sums.
      double sums[kLanes] = {};
      for (std::int64_t i = 0; i < p.inputs; i += kPiece) {
        float piece[kLanes] = {};
        sim::accumulate(in.data() + row * p.inputs + i, rows.data() + i * kLanes,
                        std::min(kPiece, p.inputs - i), piece);
        for (int j = 0; j < kLanes; ++j) sums[j] += piece[j];
      }
      for (std::int64_t j = 0; j < kLanes && first + j < p.features; ++j)
        out[row * p.features + first + j] = static_cast<float>(sums[j] + offsets[first + j]);
    }
  }
  for (std::int64_t row = 0; row < p.rows; ++row)
    sim::write_numbers(y, row * p.y_pitch * size(p), p.features, p.type,
                       out.data() + row * p.features);
}

}  // namespace

void MatmulPlan::describe(Device*, const MatmulProblem& p) {
  require(p.rows > 0 && p.inputs > 0 && p.features > 0,
          text("%lld rows of %lld inputs to %lld features: all must be positive", number(p.rows),
               number(p.inputs), number(p.features)));
  check_rows("x", p.rows, p.inputs, p.x_pitch, p.x_alignment, size(p));
  check_rows("y", p.rows, p.features, p.y_pitch, p.y_alignment, size(p));
  require(!p.tf32 || p.type == Type::kF32, text("tf32 is asked for of %s", name_of(p.type)));
}

std::unique_ptr<MatmulPlan> MatmulPlan::make(Device& device, const MatmulProblem& p) {
  describe(&device, p);
  if (sim::faults().no_engine) return nullptr;
  const std::uint64_t hash = sim::hash({static_cast<int>(p.type), p.tf32, p.rows, p.inputs,
                                        p.features, p.x_pitch, p.y_pitch, p.bias});
  return std::unique_ptr<MatmulPlan>(new MatmulPlan(p, sim::workspace_for(hash)));
}

std::string MatmulPlan::engine() const {
  return text("simulated, %zu bytes", workspace_);
}

void MatmulPlan::run(Recorder& recorder, Address x, Address w, Address bias, Address y,
                     Address workspace) const {
  for (const Address& one : {x, w, bias, y, workspace}) recorder.check_view("linear", one.view());
  recorder.library("linear", [p = problem_, space = workspace_, x, w, bias, y, workspace] {
    sim::require_address("x", x, p.x_alignment);
    sim::require_address("w", w, 16);
    if (p.bias) sim::require_address("bias", bias, 16);
    sim::require_address("y", y, p.y_alignment);
    sim::spoil(workspace, space);
    multiply(p, x, w, bias, y);
    sim::spoil(workspace, space);
  });
}

}  // namespace incept::cuda
