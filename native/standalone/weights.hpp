// From a checkpoint to the parameters of the network, by name and shape.
#pragma once

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "abi/incept.h"
#include "safetensors.hpp"

namespace incept::standalone {

// A parameter that the checkpoint has, with its values.
struct Loaded {
  std::string name;
  std::vector<float> values;
};

inline std::string layer_of(const std::string& name) {
  const std::size_t dot = name.rfind('.');
  return dot == std::string::npos ? "" : name.substr(0, dot);
}

inline bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

// A count of training batches is no weight. Tensors of other layers are another head's.
inline void refuse_extras(const TensorFile& file, const incept_info& network) {
  std::set<std::string> names, layers;
  for (std::size_t i = 0; i < network.parameter_count; ++i) {
    names.insert(network.parameters[i].name);
    layers.insert(layer_of(network.parameters[i].name));
  }
  for (const Entry& entry : file.entries()) {
    if (names.count(entry.name) > 0 || ends_with("." + entry.name, ".num_batches_tracked"))
      continue;
    if (layers.count(layer_of(entry.name)) > 0)
      throw Failure(
          "weights/extra",
          shown(file.path()) + " has what the network's layers do not: " + shown(entry.name));
  }
}

inline void require_parameter(const TensorFile& file, const Entry& entry,
                              const incept_port& parameter) {
  const std::string is = shown(file.path()) + ": " + shown(entry.name) + " is ";
  const std::vector<std::uint64_t> shape(parameter.shape, parameter.shape + parameter.rank);
  if (entry.shape != shape)
    throw Failure("weights/shape",
                  is + sizes_text(entry.shape) + ", expected " + sizes_text(shape));
  if (!is_float(entry.dtype))
    throw Failure("weights/dtype", is + shown(entry.dtype) + ", expected F32, F16, BF16 or F64");
}

// Values with which a network gives no results: not finite, or a running variance below 0.
inline std::size_t count_odd(const Loaded& tensor) {
  const bool variance = ends_with(tensor.name, ".running_var");
  std::size_t count = 0;
  for (const float value : tensor.values)
    if (!std::isfinite(value) || (variance && value < 0)) ++count;
  return count;
}

// Those parameters of the network that the file has: what lacks is told by incept_model_create.
// Throws Failure.
inline std::vector<Loaded> read_weights(TensorFile& file, const incept_info& network) {
  std::vector<Loaded> found;
  for (std::size_t i = 0; i < network.parameter_count; ++i) {
    const incept_port& parameter = network.parameters[i];
    const Entry* entry = file.find(parameter.name);
    if (entry == nullptr) continue;
    require_parameter(file, *entry, parameter);
    found.push_back({parameter.name, file.read(*entry)});
  }
  if (found.size() == network.parameter_count) refuse_extras(file, network);
  return found;
}

}  // namespace incept::standalone
