// What a target puts behind the C ABI: abi.cpp checks the calls, an engine carries them out. Each
// function reports through fail() and gives INCEPT_ERROR, or throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "incept.h"

namespace incept {

// The description that the emitted network.cpp defines, of the best of its programs.
namespace network {
extern const incept_info info;
}

// Prepared weights, which nothing writes any more. Defined by the target.
class Model;

// Memory for activations, and threads or a device. Defined by the target.
class Session;

// See incept_describe: the same of the program that runs.
const incept_info& engine_describe();

// See incept_probe.
incept_status engine_probe(const incept_session_options& options);

// What is needed of the parameters is copied.
incept_status engine_prepare(const incept_source& source, std::shared_ptr<const Model>& out);

incept_status engine_open(std::shared_ptr<const Model> model, const incept_session_options& options,
                          Session** out);

void engine_close(Session* session);

// See incept_session_arena_bytes.
std::uint64_t engine_arena_bytes(const Session& session);

// 1 <= batch <= max_batch.
incept_status engine_run(Session& session, std::int64_t batch, const void* const* inputs,
                         void* const* outputs);

// See incept_report, incept_time and incept_verify.
std::string engine_report(Session& session);
incept_status engine_time(Session& session, std::int64_t batch, std::int32_t runs,
                          double* milliseconds);
incept_status engine_verify(std::int64_t batch, std::size_t* count);

// "The values of conv_1.0.weight could not be read."
incept_status unread_parameter(std::size_t index);

// "There is not enough memory for the weights of GoogLeNet."
incept_status out_of_memory(const char* what);

}  // namespace incept
