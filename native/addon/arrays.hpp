// Typed arrays and lists of them as arguments.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../abi/incept.h"
#include "napi.hpp"

namespace incept::addon {

// The array that holds numbers of an incept_dtype.
struct Numbers {
  napi_typedarray_type array;
  const char* name;
};

inline Numbers numbersOf(incept_dtype dtype) {
  switch (dtype) {
    case INCEPT_I32:
      return {napi_int32_array, "an Int32Array"};
    case INCEPT_U8:
      return {napi_uint8_array, "a Uint8Array"};
    case INCEPT_F32:
      break;
  }
  return {napi_float32_array, "a Float32Array"};
}

inline Napi::Array arrayOf(const Napi::Value& value, const char* what, size_t expected) {
  if (!value.IsArray()) {
    throw Napi::TypeError::New(value.Env(), std::string(what) + " must be an array.");
  }
  const Napi::Array array = value.As<Napi::Array>();
  if (array.Length() != expected) {
    throw Napi::RangeError::New(value.Env(), std::string(what) + " has the wrong length.");
  }
  return array;
}

inline Napi::TypedArray typedArray(const Napi::Value& value, const std::string& what,
                                   incept_dtype dtype) {
  const Numbers numbers = numbersOf(dtype);
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != numbers.array) {
    throw Napi::TypeError::New(value.Env(), what + " must be " + numbers.name + ".");
  }
  return value.As<Napi::TypedArray>();
}

// Valid as long as nobody detaches the array.
inline void* dataOf(const Napi::TypedArray& array) {
  return static_cast<char*>(array.ArrayBuffer().Data()) + array.ByteOffset();
}

// Float32Arrays by name, as the ABI takes them: `names` and `arrays`, which are of one length.
// Valid as long as nobody detaches the arrays.
struct NamedArrays {
  std::vector<std::string> names;
  std::vector<Napi::Object> arrays;  // For Job::start to keep, which takes them from here.
  std::vector<incept_tensor> tensors;

  NamedArrays(const Napi::Value& given_names, const Napi::Value& given_arrays) {
    if (!given_names.IsArray())
      throw Napi::TypeError::New(given_names.Env(), "names must be an array.");
    const Napi::Array list = given_names.As<Napi::Array>();
    const Napi::Array values = arrayOf(given_arrays, "arrays", list.Length());
    for (uint32_t i = 0; i < list.Length(); ++i) names.push_back(list.Get(i).ToString());
    for (uint32_t i = 0; i < list.Length(); ++i) {
      const Napi::TypedArray array = typedArray(values.Get(i), names[i], INCEPT_F32);
      arrays.push_back(array.As<Napi::Object>());
      tensors.push_back({names[i].c_str(), static_cast<const float*>(dataOf(array)),
                         static_cast<int64_t>(array.ElementLength())});
    }
  }
  NamedArrays(const NamedArrays&) = delete;  // Tensors point into names.
};

// The numbers of a port, for so many images.
inline Napi::TypedArray portArray(const Napi::Value& value, const incept_port& port,
                                  int64_t images) {
  const Napi::TypedArray array = typedArray(value, port.name, port.dtype);
  if (static_cast<int64_t>(array.ElementLength()) != images * port.count) {
    throw Napi::RangeError::New(value.Env(),
                                std::string(port.name) + " has the wrong number of values.");
  }
  return array;
}

// A batch of numbers for each port.
inline std::vector<Napi::TypedArray> batchArrays(const Napi::Value& value, const char* what,
                                                 const incept_port* ports, size_t count,
                                                 int64_t batch) {
  const Napi::Array array = arrayOf(value, what, count);
  std::vector<Napi::TypedArray> result;
  for (uint32_t i = 0; i < count; ++i) {
    result.push_back(portArray(array.Get(i), ports[i], batch));
  }
  return result;
}

}  // namespace incept::addon
