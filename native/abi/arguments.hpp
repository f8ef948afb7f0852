// What the checks of calls share: parameters by name, and options of callers of other versions.
#pragma once

#include <algorithm>
#include <cinttypes>
#include <cstddef>
#include <cstring>
#include <string>
#include <vector>

#include "engine.hpp"
#include "error.hpp"
#include "incept.h"

namespace incept {

// What the caller knows of a struct that begins with its size, defaults for the rest.
template <class Options>
Options known(const Options* given, Options options) {
  if (given) std::memcpy(&options, given, std::min(given->size, sizeof options));
  options.size = sizeof options;
  return options;
}

// The names, at most three of them.
inline std::string shorten(const std::vector<const char*>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 3; ++i) {
    if (i > 0) text += ", ";
    text += names[i];
  }
  return names.size() > 3 ? text + ", ..." : text;
}

// Finds the data of every parameter, in the order of `parameters`.
inline incept_status match(const incept_port* parameters, std::size_t parameter_count,
                           const incept_tensor* tensors, std::size_t count,
                           std::vector<const float*>& found) {
  std::vector<const char*> missing;
  for (std::size_t i = 0; i < parameter_count; ++i) {
    const incept_port& parameter = parameters[i];
    const incept_tensor* end = tensors + count;
    const incept_tensor* tensor = tensors;
    while (tensor != end && std::strcmp(tensor->name, parameter.name) != 0) ++tensor;
    if (tensor == end) {
      missing.push_back(parameter.name);
    } else if (tensor->count != parameter.count) {
      return fail("weights/shape", "%s holds %" PRId64 " values, %s expects %" PRId64 ".",
                  parameter.name, tensor->count, network::info.model, parameter.count);
    } else {
      found.push_back(tensor->data);
    }
  }
  if (missing.empty()) return INCEPT_OK;
  return fail("weights/missing", "%zu of %zu parameters of %s are missing: %s", missing.size(),
              parameter_count, network::info.model, shorten(missing).c_str());
}

}  // namespace incept
