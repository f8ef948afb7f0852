// incept.h around the engine of one network: what is asked is checked here, once for all targets.
#include <cinttypes>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "engine.hpp"
#include "error.hpp"
#include "incept.h"

namespace incept {

thread_local LastError last_error = {"", ""};

incept_status out_of_memory(const char* what) {
  return fail("memory/exhausted", "There is not enough memory for %s of %s.", what,
              network::info.model);
}

incept_status unread_parameter(std::size_t index) {
  return fail("file/unreadable", "The values of %s could not be read.",
              network::info.parameters[index].name);
}

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

constexpr incept_session_options kSessionDefaults = INCEPT_SESSION_OPTIONS;

incept_status check_batch(int64_t batch) {
  if (batch >= 1 && batch <= network::info.max_batch) return INCEPT_OK;
  return fail("run/batch", "The batch is %" PRId64 ", %s takes 1 to %" PRId64 " images.", batch,
              network::info.model, network::info.max_batch);
}

}  // namespace

extern "C" {

const incept_info* incept_describe(void) {
  return &engine_describe();
}

incept_status incept_probe(const incept_session_options* options) {
  try {
    return engine_probe(known(options, kSessionDefaults));
  } catch (const std::exception&) {
    return out_of_memory("a look at the machine");
  }
}

incept_status incept_model_create(const incept_tensor* tensors, size_t tensor_count,
                                  incept_model** out) {
  *out = nullptr;
  try {
    std::vector<const float*> parameters;
    if (match(network::info.parameters, network::info.parameter_count, tensors, tensor_count,
              parameters) != INCEPT_OK)
      return INCEPT_ERROR;
    const auto values = [](void* context, std::size_t index, float*) {
      return (*static_cast<const std::vector<const float*>*>(context))[index];
    };
    const incept_source source = {&parameters, values};
    return incept_model_create_from(&source, out);
  } catch (const std::exception&) {
    return out_of_memory("preparing the weights");
  }
}

incept_status incept_model_create_from(const incept_source* source, incept_model** out) {
  *out = nullptr;
  try {
    auto made = std::make_unique<incept_model>();
    if (engine_prepare(*source, made->model) != INCEPT_OK) return INCEPT_ERROR;
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
    if (engine_open(model->model, known(options, kSessionDefaults), &session) != INCEPT_OK)
      return INCEPT_ERROR;
    *out = new incept_session(session);
    return INCEPT_OK;
  } catch (const std::exception&) {
    return out_of_memory("a session");
  }
}

void incept_session_destroy(incept_session* session) {
  delete session;
}

uint64_t incept_session_arena_bytes(const incept_session* session) {
  return engine_arena_bytes(*session->session);
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
