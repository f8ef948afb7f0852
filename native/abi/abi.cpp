// incept.h around the emitted code of one network.
#include <cinttypes>
#include <cstring>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <vector>

#include "../cpu/team.hpp"
#include "cores.hpp"
#include "error.hpp"
#include "incept.h"
#include "memory.hpp"
#include "network.hpp"

namespace incept {

thread_local LastError last_error = {"", ""};

namespace {

int team_size(std::int32_t threads) {
  return threads > 0 ? threads : physical_cores();
}

incept_status out_of_memory(const char* what) {
  return fail("memory/exhausted", "There is not enough memory for %s of %s.", what,
              network::info.model);
}

// The names, at most three of them.
std::string shorten(const std::vector<const char*>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 3; ++i) {
    if (i > 0) text += ", ";
    text += names[i];
  }
  return names.size() > 3 ? text + ", ..." : text;
}

// Finds the data of every parameter, in the network's order.
incept_status match(const incept_tensor* tensors, std::size_t count,
                    std::vector<const float*>& found) {
  std::vector<const char*> missing;
  for (std::size_t i = 0; i < network::info.parameter_count; ++i) {
    const incept_port& parameter = network::info.parameters[i];
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
              network::info.parameter_count, network::info.model, shorten(missing).c_str());
}

}  // namespace
}  // namespace incept

struct incept_instance {
  explicit incept_instance(int threads) : team(threads) {}
  incept::Floats arena;
  incept::Floats weights;
  bool loaded = false;
  incept::Team team;
};

using namespace incept;

extern "C" {

const incept_info* incept_describe(void) {
  return &network::info;
}

incept_status incept_create(int32_t threads, incept_instance** out) {
  *out = nullptr;
  const char* missing = missing_feature(network::level, read_cpu());
  if (missing) {
    return fail("cpu/unsupported", "%s was compiled for %s, but this processor lacks %s.",
                network::info.model, network::info.target, missing);
  }
  try {
    incept_instance* instance = new incept_instance(team_size(threads));
    if (!instance->arena.allocate(network::info.arena_bytes / sizeof(float))) {
      delete instance;
      return out_of_memory("the activations");
    }
    if (!instance->weights.allocate(network::info.weight_bytes / sizeof(float))) {
      delete instance;
      return out_of_memory("the weights");
    }
    *out = instance;
    return INCEPT_OK;
  } catch (const std::system_error& error) {
    return fail("threads/exhausted", "The system gives no thread: %s.", error.what());
  } catch (const std::exception&) {
    return out_of_memory("an instance");
  }
}

incept_status incept_load_weights(incept_instance* instance, const incept_tensor* tensors,
                                  size_t tensor_count) {
  try {
    std::vector<const float*> parameters;
    if (match(tensors, tensor_count, parameters) != INCEPT_OK) return INCEPT_ERROR;
    Floats staging;
    if (!staging.allocate(network::staging_floats)) return out_of_memory("preparing the weights");
    network::prepare(parameters.data(), staging.data(), instance->weights.data());
    instance->loaded = true;
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("preparing the weights");
  }
}

// No exception can come from here: nothing below allocates.
incept_status incept_run(incept_instance* instance, int64_t batch, const float* const* inputs,
                         float* const* outputs) {
  if (!instance->loaded) {
    return fail("weights/missing", "%s has no weights yet.", network::info.model);
  }
  if (batch < 1 || batch > network::info.max_batch) {
    return fail("run/batch", "The batch is %" PRId64 ", %s takes 1 to %" PRId64 " images.", batch,
                network::info.model, network::info.max_batch);
  }
  instance->team.run([&](Member& t) {
    for (int64_t image = 0; image < batch; ++image) {
      if (image > 0) t.barrier();  // The arena is the next image's.
      network::forward(t,
                       {inputs, outputs, image, instance->arena.data(), instance->weights.data()});
    }
  });
  return INCEPT_OK;
}

void incept_destroy(incept_instance* instance) {
  delete instance;
}

const char* incept_last_error_code(void) {
  return last_error.code;
}

const char* incept_last_error(void) {
  return last_error.message;
}

}  // extern "C"
