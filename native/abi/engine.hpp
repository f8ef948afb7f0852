// What a target puts behind the C ABI: abi.cpp checks the calls, an engine carries them out. Each
// function reports through fail() and gives INCEPT_ERROR, or throws std::bad_alloc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "incept.h"

namespace incept {

// The description that the emitted network.cpp defines.
namespace network {
extern const incept_info info;
}

// One instance's memory, threads or device, and prepared weights. Defined by the target.
class Engine;

// `threads` <= 0 leaves the number to the engine.
incept_status engine_create(std::int32_t threads, Engine** out);

// `parameters` in the order of incept_info.parameters; they are copied.
incept_status engine_load(Engine* engine, const float* const* parameters);

// 1 <= batch <= max_batch, and the weights are there.
incept_status engine_run(Engine* engine, std::int64_t batch, const float* const* inputs,
                         float* const* outputs);

void engine_destroy(Engine* engine);

// See incept_report, incept_time and incept_verify.
std::string engine_report(Engine* engine);
incept_status engine_time(Engine* engine, std::int64_t batch, std::int32_t runs,
                          double* milliseconds);
incept_status engine_verify(std::int64_t batch, std::size_t* count);

// "There is not enough memory for the weights of GoogLeNet."
incept_status out_of_memory(const char* what);

}  // namespace incept
