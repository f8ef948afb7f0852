// For the parts of the test program that machine.cpp runs, on the fakes beside.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

#include "device/machine.hpp"
#include "failure.hpp"
#include "fake/gpu.hpp"

namespace incept::cuda {

using fake::gpu;

// The parts: each prints what does not hold.
void errors();
void memory();
void tasks();
void crash();
void gpus();
void threads();
void numbers();

inline void expect(bool holds, const std::string& what) {
  if (!holds) std::printf("FAILED: %s\n", what.c_str());
}

// "code: message" of what is thrown.
inline std::string failure_of(const std::function<void()>& work) {
  try {
    work();
  } catch (const Failure& failure) {
    return failure.code + ": " + failure.message;
  }
  return "nothing";
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

inline void expect_failure(const std::string& code, const std::string& words,
                           const std::function<void()>& work) {
  const std::string failure = failure_of(work);
  expect(failure.rfind(code + ": ", 0) == 0 && has(failure, words),
         "expected " + code + " with '" + words + "', not " + failure);
}

inline void make_device() {
  Device device;
}

// A kernel, where no more than its launch matters.
inline void kernel(const float*, float*, int) {}

inline void launch(Recorder& recorder, Memory& memory, const char* name) {
  gpu.next = name;
  recorder.launch(name, kernel, dim3(2), 128, recorder.view<const float>(memory, 0, 1, 4, 4),
                  recorder.view<float>(memory, 4, 1, 4, 4), 3);
}

}  // namespace incept::cuda
