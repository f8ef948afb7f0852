// The values of all parameters as JavaScript gives them: arrays, or places in a file.
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

#include "../abi/incept.h"
#include "arrays.hpp"
#include "file.hpp"
#include "napi.hpp"

namespace incept::addon {

// In the order of incept_info.parameters. Valid as long as nobody detaches the arrays.
class GivenWeights {
 public:
  // `values`: for each parameter a Float32Array, or where its bytes begin in the file `descriptor`.
  GivenWeights(const Napi::Value& values, const Napi::Value& descriptor)
      : file_(descriptor.IsNumber() ? descriptor.As<Napi::Number>().Int32Value() : -1) {
    const incept_info* network = incept_describe();
    const Napi::Array list = arrayOf(values, "values", network->parameter_count);
    for (uint32_t i = 0; i < list.Length(); ++i) {
      const incept_port& port = network->parameters[i];
      const Napi::Value given = list.Get(i);
      if (given.IsNumber()) {
        places_.push_back({nullptr, given.As<Napi::Number>().Int64Value()});
        continue;
      }
      const Napi::TypedArray array = portArray(given, port, 1);
      arrays.push_back(array.As<Napi::Object>());
      places_.push_back({static_cast<const float*>(dataOf(array)), 0});
    }
    odd_ = std::make_unique<std::atomic<bool>[]>(places_.size());
  }
  GivenWeights(const GivenWeights&) = delete;

  // For whoever keeps them, who takes them from here.
  std::vector<Napi::Object> arrays;

  incept_source source() { return {this, valuesOf}; }

  // The parameters that were read from the file and hold NaN or infinities.
  Napi::Array odd(Napi::Env env) const {
    Napi::Array result = Napi::Array::New(env);
    uint32_t count = 0;
    for (size_t i = 0; i < places_.size(); ++i)
      if (odd_[i].load()) result.Set(count++, static_cast<double>(i));
    return result;
  }

 private:
  struct Place {
    const float* data;
    int64_t position;  // Without data.
  };

  static const float* valuesOf(void* context, size_t index, float* room) {
    auto* given = static_cast<GivenWeights*>(context);
    const Place& place = given->places_[index];
    if (place.data) return place.data;
    const auto count = static_cast<size_t>(incept_describe()->parameters[index].count);
    if (!given->file_.read(room, count * sizeof(float), place.position)) return nullptr;
    if (!finite(room, count)) given->odd_[index].store(true);
    return room;
  }

  // While they are in the cache. Infinities and NaN have all bits of the exponent: a one more, and
  // it runs over.
  static bool finite(const float* values, size_t count) {
    constexpr uint32_t kExponent = 0x7f800000, kOne = 0x00800000, kBeyond = 0x80000000;
    uint32_t all = 0;
    for (size_t i = 0; i < count; ++i) {
      uint32_t bits;
      std::memcpy(&bits, values + i, sizeof bits);
      all |= (bits & kExponent) + kOne;
    }
    return (all & kBeyond) == 0;
  }

  File file_;
  std::vector<Place> places_;
  std::unique_ptr<std::atomic<bool>[]> odd_;
};

}  // namespace incept::addon
