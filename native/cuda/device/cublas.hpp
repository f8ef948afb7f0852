// cuBLASLt: the library and its descriptors. MatmulPlan (matmul_plan.cpp) says what is described.
#pragma once

#include <string>
#include <utility>

#include "../failure.hpp"
#include "cublas_api.hpp"
#include "library.hpp"

namespace incept::cuda::cublas {

class Api : public Functions {
 public:
  Api();
  Handle open() const;
  void close(Handle handle) const noexcept { (void)Destroy(handle); }
  // "cuBLASLt 13.1.1"
  std::string name() const;

 private:
  Library library_;
};

// Opens it the first time. Failure cuda/no-cublas.
const Api& api();

// A failure with the code, what was tried and cuBLASLt's words; cuda/lost after a crash.
Failure failure_of(Status status, const std::string& tried, const char* code);

// Throws cuda/descriptor.
void check(Status status, const char* tried);

// Owns an operation, layout or preference.
template <class Pointer, Status (*Functions::*kDestroy)(Pointer)>
class Owned {
 public:
  Owned() = default;
  explicit Owned(Pointer pointer) : pointer_(pointer) {}
  ~Owned() {
    if (pointer_ != nullptr) (void)(api().*kDestroy)(pointer_);
  }
  Owned(Owned&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
  Owned& operator=(Owned&&) = delete;
  Pointer get() const { return pointer_; }

 private:
  Pointer pointer_ = nullptr;
};
using OwnedOperation = Owned<Operation, &Functions::MatmulDescDestroy>;
using OwnedLayout = Owned<Layout, &Functions::MatrixLayoutDestroy>;
using OwnedPreference = Owned<Preference, &Functions::MatmulPreferenceDestroy>;

// Scales and sums are f32.
OwnedOperation operation(ComputeType compute, Transpose a, Transpose b);
// In the library's order: columns lie one after the other, `pitch` elements apart.
OwnedLayout layout(DataType type, std::int64_t rows, std::int64_t columns, std::int64_t pitch);
OwnedPreference preference();

template <class Value>
void set(const OwnedOperation& to, OperationAttribute attribute, const Value& value) {
  check(api().MatmulDescSetAttribute(to.get(), attribute, &value, sizeof value),
        "describing the product");
}
template <class Value>
void set(const OwnedPreference& to, PreferenceAttribute attribute, const Value& value) {
  check(api().MatmulPreferenceSetAttribute(to.get(), attribute, &value, sizeof value),
        "describing what is preferred");
}

}  // namespace incept::cuda::cublas
