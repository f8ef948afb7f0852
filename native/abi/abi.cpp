// incept.h around the engine of one network: what is asked is checked here, once for all targets.
#include <cinttypes>
#include <cstring>
#include <exception>
#include <string>
#include <vector>

#include "engine.hpp"
#include "error.hpp"
#include "incept.h"

namespace incept {

thread_local LastError last_error = {"", ""};

incept_status out_of_memory(const char* what) {
  return fail("memory/exhausted", "There is not enough memory for %s of %s.", what,
              network::info.model);
}

namespace {

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
  explicit incept_instance(incept::Engine* made) : engine(made) {}
  incept::Engine* engine;
  bool loaded = false;
  std::string report;
  ~incept_instance() { incept::engine_destroy(engine); }
};

using namespace incept;

namespace {

incept_status check_run(const incept_instance* instance, int64_t batch) {
  if (!instance->loaded) {
    return fail("weights/missing", "%s has no weights yet.", network::info.model);
  }
  if (batch < 1 || batch > network::info.max_batch) {
    return fail("run/batch", "The batch is %" PRId64 ", %s takes 1 to %" PRId64 " images.", batch,
                network::info.model, network::info.max_batch);
  }
  return INCEPT_OK;
}

}  // namespace

extern "C" {

const incept_info* incept_describe(void) {
  return &network::info;
}

incept_status incept_create(int32_t threads, incept_instance** out) {
  *out = nullptr;
  try {
    Engine* engine = nullptr;
    if (engine_create(threads, &engine) != INCEPT_OK) return INCEPT_ERROR;
    *out = new incept_instance(engine);
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("an instance");
  }
}

incept_status incept_load_weights(incept_instance* instance, const incept_tensor* tensors,
                                  size_t tensor_count) {
  try {
    std::vector<const float*> parameters;
    if (match(tensors, tensor_count, parameters) != INCEPT_OK) return INCEPT_ERROR;
    if (engine_load(instance->engine, parameters.data()) != INCEPT_OK) return INCEPT_ERROR;
    instance->loaded = true;
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("preparing the weights");
  }
}

incept_status incept_run(incept_instance* instance, int64_t batch, const float* const* inputs,
                         float* const* outputs) {
  if (check_run(instance, batch) != INCEPT_OK) return INCEPT_ERROR;
  try {
    return engine_run(instance->engine, batch, inputs, outputs);
  } catch (const std::exception&) {
    return out_of_memory("a run");
  }
}

void incept_destroy(incept_instance* instance) {
  delete instance;
}

const char* incept_report(incept_instance* instance) {
  try {
    instance->report = engine_report(instance->engine);
    return instance->report.c_str();
  } catch (const std::exception&) {
    return "";
  }
}

incept_status incept_time(incept_instance* instance, int64_t batch, int32_t runs,
                          double* milliseconds) {
  if (check_run(instance, batch) != INCEPT_OK) return INCEPT_ERROR;
  try {
    return engine_time(instance->engine, batch, runs > 0 ? runs : 1, milliseconds);
  } catch (const std::exception&) {
    return out_of_memory("a run");
  }
}

incept_status incept_verify(int64_t batch, size_t* count) {
  try {
    return engine_verify(batch, count);
  } catch (const std::exception&) {
    return out_of_memory("a description");
  }
}

const char* incept_last_error_code(void) {
  return last_error.code;
}

const char* incept_last_error(void) {
  return last_error.message;
}

}  // extern "C"
