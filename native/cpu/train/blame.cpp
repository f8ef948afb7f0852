#include "blame.hpp"

#include "program.hpp"
#include "watch.hpp"

namespace incept::cpu {
namespace {

using training::info;

// What the batch was given.
std::string bad_input(const BatchRun& run) {
  for (std::size_t i = 0; i < info.input_count; ++i) {
    const auto& [port, extent] = info.inputs[i];
    const std::int64_t images = extent == INCEPT_IMAGE ? run.images : 1;
    if (port.dtype == INCEPT_F32 &&
        !all_finite(static_cast<const float*>(run.inputs[i]), images * port.count))
      return std::string("the input ") + port.name;
  }
  return "";
}

std::string bad_parameter(const Parameters& parameters) {
  for (std::size_t i = 0; i < info.parameter_count; ++i)
    if (!all_finite(parameters.values()[i], info.parameters[i].count))
      return std::string("the parameter ") + info.parameters[i].name;
  return "";
}

// What the program gave, where no value on the way to it was to blame.
std::string bad_gradient(Parameters& parameters) {
  for (std::size_t i = 0; i < info.parameter_count; ++i)
    if (parameters.learns(i) && !all_finite(parameters.gradient(i), info.parameters[i].count))
      return std::string("the gradient of ") + info.parameters[i].name;
  return "";
}

std::string bad_state(const BatchRun& run) {
  for (const StateUpdate& row : training::updates)
    if (!all_finite(run(BatchValue<const float>{row.offset}), row.count))
      return std::string("what becomes of ") + info.parameters[row.parameter].name;
  return "";
}

}  // namespace

std::string first_not_finite(Team& team, BatchRun run, Parameters& parameters) {
  std::string found = bad_input(run);
  if (found.empty()) found = bad_parameter(parameters);
  if (!found.empty()) return found;
  Watch watch;
  run.watch = &watch;
  team.run([&](Member& t) { training::run(t, run); });
  if (watch.found()) return watch.found()->what;
  found = bad_gradient(parameters);
  if (found.empty()) found = bad_state(run);
  return found.empty() ? "the loss" : found;
}

}  // namespace incept::cpu
