// What goes wrong below the C ABI of a GPU network; the engine turns it into the last error.
#pragma once

#include <cstdarg>
#include <cstdio>
#include <exception>
#include <string>

namespace incept::cuda {

struct Failure : std::exception {
  std::string code;  // "cuda/no-gpu"
  std::string message;
  Failure(std::string code_, std::string message_)
      : code(std::move(code_)), message(std::move(message_)) {}
  const char* what() const noexcept override { return message.c_str(); }
};

#if defined(__GNUC__)
__attribute__((format(printf, 1, 2)))
#endif
inline std::string text(const char* format, ...) {
  char buffer[1024];
  va_list args;
  va_start(args, format);
  std::vsnprintf(buffer, sizeof buffer, format, args);
  va_end(args);
  return buffer;
}

}  // namespace incept::cuda
