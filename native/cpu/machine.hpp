// What both engines ask of the machine before any kernel runs.
#pragma once

#include <cstdint>
#include <new>
#include <system_error>

#include "../abi/error.hpp"
#include "cores.hpp"
#include "level.hpp"
#include "network.hpp"

namespace incept::cpu {

// Whether the processor has the instructions that the kernels were compiled for.
inline incept_status check_level() {
  const char* missing = missing_feature(network::level, read_cpu());
  if (!missing) return INCEPT_OK;
  return fail("cpu/unsupported", "%s was compiled for %s, but this processor lacks %s.",
              network::info.model, network::info.target, missing);
}

// `work(threads)`, which needs them; that the system gives none is a failure.
template <class Work>
incept_status with_threads(std::int32_t asked, Work&& work) {
  try {
    return work(asked > 0 ? asked : physical_cores());
  } catch (const std::system_error& error) {
    return fail("threads/exhausted", "The system gives no thread: %s.", error.what());
  } catch (const std::bad_alloc&) {
    return out_of_memory("what each thread works in");
  }
}

}  // namespace incept::cpu
