// The calling thread's last error. Plain arrays: reporting one neither allocates nor throws, and
// the path to cpu/unsupported shares no inline function with the kernels' files.
#pragma once

#include <cstdarg>
#include <cstdio>

#include "incept.h"

namespace incept {

struct LastError {
  char code[64];
  char message[1024];
};

extern thread_local LastError last_error;

// Keeps code and message, and returns INCEPT_ERROR. A message that is too long is cut.
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
inline incept_status fail(const char* code, const char* format, ...) {
  std::snprintf(last_error.code, sizeof last_error.code, "%s", code);
  va_list args;
  va_start(args, format);
  std::vsnprintf(last_error.message, sizeof last_error.message, format, args);
  va_end(args);
  return INCEPT_ERROR;
}

}  // namespace incept
