// For the programs of this folder: each case prints a line, what it returns or what it fails with.
#pragma once

#include <cstdio>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "kernel.hpp"
#include "machine.hpp"
#include "sim/faults.hpp"

namespace incept::cuda {

// "name: passes", or what the case returns, or "name: code: message".
template <class Case>
void report(const char* name, Case&& run) {
  try {
    if constexpr (std::is_void_v<decltype(run())>) {
      run();
      std::printf("%s: passes\n", name);
    } else {
      std::printf("%s: %s\n", name, std::string(run()).c_str());
    }
  } catch (const Failure& failure) {
    std::printf("%s: %s: %s\n", name, failure.code.c_str(), failure.message.c_str());
  }
  std::fflush(stdout);
}

// What a case holds that needs no tasks of its own.
struct Bench {
  Device device;
  std::vector<std::unique_ptr<Memory>> memories;
  std::vector<std::unique_ptr<HostMemory>> hosts;

  Memory& fresh(std::size_t bytes) {
    memories.push_back(std::make_unique<Memory>());
    memories.back()->allocate(device, bytes);
    return *memories.back();
  }
  template <class T>
  Memory& uploaded(const std::vector<T>& values) {
    Memory& memory = fresh(values.size() * sizeof(T));
    device.upload(memory, values.data(), memory.bytes());
    return memory;
  }
  // 0, 1, 2, ...
  Memory& counting(int count) {
    std::vector<float> values(count);
    for (int i = 0; i < count; ++i) values[i] = static_cast<float>(i);
    return uploaded(values);
  }
  HostMemory& host(std::size_t floats) {
    hosts.push_back(std::make_unique<HostMemory>());
    hosts.back()->allocate(device, floats);
    return *hosts.back();
  }
};

template <class T>
Global<T> whole(Recorder& recorder, Memory& memory) {
  const auto bytes = static_cast<std::int64_t>(memory.bytes());
  return recorder.view<T>(memory, 0, 1, bytes, bytes);
}

// `pixels` stretches of `channels` floats, from channel `first` of `pitch`.
template <class T>
Global<T> slice(Recorder& recorder, Memory& memory, int pixels, int first, int channels,
                int pitch) {
  return recorder.view<T>(memory, first * 4, pixels, pitch * 4, channels * 4);
}

template <class Body>
void task(Recorder& recorder, int id, std::initializer_list<int> after, Body&& body) {
  recorder.begin_task(id, after.begin(), after.size());
  body();
  recorder.end_task();
}

// One task, in as many replays.
template <class Body>
void one_task(Bench& bench, Body&& body, int replays = 1) {
  Recorder recorder(bench.device, Recorder::Mode::kGraph, 1);
  task(recorder, 0, {}, [&] { body(recorder); });
  recorder.finish();
  for (int i = 0; i < replays; ++i) {
    recorder.replay();
    bench.device.synchronize();
  }
}

}  // namespace incept::cuda
