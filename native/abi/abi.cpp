// incept.h around the engine of one network: what is asked is checked here, once for all targets.
#include <algorithm>
#include <cinttypes>
#include <cstring>
#include <exception>
#include <memory>
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

// What the caller knows of the options, defaults for the rest.
incept_session_options read(const incept_session_options* given) {
  incept_session_options options = INCEPT_SESSION_OPTIONS;
  if (given) std::memcpy(&options, given, std::min(given->size, sizeof options));
  options.size = sizeof options;
  return options;
}

}  // namespace
}  // namespace incept

struct incept_model {
  std::shared_ptr<const incept::Model> model;
};

struct incept_session {
  explicit incept_session(incept::Session* opened) : session(opened) {}
  ~incept_session() { incept::engine_close(session); }
  incept::Session* session;
  std::string report;
};

using namespace incept;

namespace {

incept_status check_batch(int64_t batch) {
  if (batch >= 1 && batch <= network::info.max_batch) return INCEPT_OK;
  return fail("run/batch", "The batch is %" PRId64 ", %s takes 1 to %" PRId64 " images.", batch,
              network::info.model, network::info.max_batch);
}

}  // namespace

extern "C" {

const incept_info* incept_describe(void) {
  return &network::info;
}

incept_status incept_probe(const incept_session_options* options) {
  try {
    return engine_probe(read(options));
  } catch (const std::exception&) {
    return out_of_memory("a look at the machine");
  }
}

incept_status incept_model_create(const incept_tensor* tensors, size_t tensor_count,
                                  incept_model** out) {
  *out = nullptr;
  try {
    std::vector<const float*> parameters;
    if (match(tensors, tensor_count, parameters) != INCEPT_OK) return INCEPT_ERROR;
    auto made = std::make_unique<incept_model>();
    if (engine_prepare(parameters.data(), made->model) != INCEPT_OK) return INCEPT_ERROR;
    *out = made.release();
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("preparing the weights");
  }
}

void incept_model_destroy(incept_model* model) {
  delete model;
}

incept_status incept_session_create(const incept_model* model,
                                    const incept_session_options* options, incept_session** out) {
  *out = nullptr;
  try {
    Session* session = nullptr;
    if (engine_open(model->model, read(options), &session) != INCEPT_OK) return INCEPT_ERROR;
    *out = new incept_session(session);
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("a session");
  }
}

void incept_session_destroy(incept_session* session) {
  delete session;
}

incept_status incept_run(incept_session* session, int64_t batch, const void* const* inputs,
                         void* const* outputs) {
  if (check_batch(batch) != INCEPT_OK) return INCEPT_ERROR;
  try {
    return engine_run(*session->session, batch, inputs, outputs);
  } catch (const std::exception&) {
    return out_of_memory("a run");
  }
}

const char* incept_report(incept_session* session) {
  try {
    session->report = engine_report(*session->session);
    return session->report.c_str();
  } catch (const std::exception&) {
    return "";
  }
}

incept_status incept_time(incept_session* session, int64_t batch, int32_t runs,
                          double* milliseconds) {
  if (check_batch(batch) != INCEPT_OK) return INCEPT_ERROR;
  try {
    return engine_time(*session->session, batch, runs > 0 ? runs : 1, milliseconds);
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
