// What both engines ask of the machine before any kernel runs.
#pragma once

#include <cstdint>
#include <new>
#include <system_error>

#include "../abi/error.hpp"
#include "cores.hpp"

namespace incept::cpu {

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
