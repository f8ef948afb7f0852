// A cuBLASLt that computes f32 products on the host, in the order of columns, from what it was
// told.
#include <cstring>
#include <map>

#include "../../../../native/cuda/device/cublas_api.hpp"

using namespace incept::cuda::cublas;

struct incept::cuda::cublas::Context {};
struct incept::cuda::cublas::PreferenceData {};
struct incept::cuda::cublas::OperationData {
  Transpose a = Transpose::N, b = Transpose::N;
  Epilogue epilogue = Epilogue::DEFAULT;
  const float* bias = nullptr;
};
struct incept::cuda::cublas::LayoutData {
  std::uint64_t rows, columns;
  std::int64_t pitch;
  float& at(void* data, std::uint64_t r, std::uint64_t c) const {
    return static_cast<float*>(data)[r + c * static_cast<std::uint64_t>(pitch)];
  }
  float at(const void* data, std::uint64_t r, std::uint64_t c) const {
    return at(const_cast<void*>(data), r, c);
  }
};

extern "C" {

std::size_t cublasLtGetVersion() {
  return 130101;
}
const char* cublasLtGetStatusString(Status) {
  return "the fake's words";
}
Status cublasLtCreate(Handle* handle) {
  *handle = new Context;
  return Status::SUCCESS;
}
Status cublasLtDestroy(Handle handle) {
  delete handle;
  return Status::SUCCESS;
}
Status cublasLtMatmulDescCreate(Operation* made, ComputeType, DataType) {
  *made = new OperationData;
  return Status::SUCCESS;
}
Status cublasLtMatmulDescDestroy(Operation operation) {
  delete operation;
  return Status::SUCCESS;
}
Status cublasLtMatmulDescSetAttribute(Operation operation, OperationAttribute attribute,
                                      const void* value, std::size_t size) {
  OperationData& product = *operation;
  if (attribute == OperationAttribute::TRANSA) std::memcpy(&product.a, value, size);
  if (attribute == OperationAttribute::TRANSB) std::memcpy(&product.b, value, size);
  if (attribute == OperationAttribute::EPILOGUE) std::memcpy(&product.epilogue, value, size);
  if (attribute == OperationAttribute::BIAS_POINTER) std::memcpy(&product.bias, value, size);
  return Status::SUCCESS;
}
Status cublasLtMatrixLayoutCreate(Layout* made, DataType, std::uint64_t rows, std::uint64_t columns,
                                  std::int64_t pitch) {
  *made = new LayoutData{rows, columns, pitch};
  return Status::SUCCESS;
}
Status cublasLtMatrixLayoutDestroy(Layout layout) {
  delete layout;
  return Status::SUCCESS;
}
Status cublasLtMatmulPreferenceCreate(Preference* made) {
  *made = new PreferenceData;
  return Status::SUCCESS;
}
Status cublasLtMatmulPreferenceDestroy(Preference preference) {
  delete preference;
  return Status::SUCCESS;
}
Status cublasLtMatmulPreferenceSetAttribute(Preference, PreferenceAttribute, const void*,
                                            std::size_t) {
  return Status::SUCCESS;
}
Status cublasLtMatmulAlgoGetHeuristic(Handle, Operation, Layout, Layout, Layout, Layout, Preference,
                                      int, Heuristic* found, int* count) {
  found->workspaceSize = 1 << 20;
  found->state = Status::SUCCESS;
  *count = 1;
  return Status::SUCCESS;
}
Status cublasLtMatmulAlgoConfigGetAttribute(const Algorithm*, AlgorithmAttribute, void* value,
                                            std::size_t, std::size_t*) {
  *static_cast<int*>(value) = 66;
  return Status::SUCCESS;
}
Status cublasLtMatmul(Handle, Operation operation, const void* alpha, const void* a, Layout of_a,
                      const void* b, Layout of_b, const void* beta, const void* c, Layout of_c,
                      void* d, Layout of_d, const Algorithm*, void* workspace, std::size_t,
                      cudaStream_t) {
  const OperationData& product = *operation;
  const LayoutData &A = *of_a, &B = *of_b, &D = *of_d;
  if (workspace == nullptr || c != d || of_c != of_d) return Status::NOT_SUPPORTED;
  const bool turned = product.a == Transpose::T, wrong = product.b == Transpose::T;
  const std::uint64_t depth = turned ? A.rows : A.columns;
  if (wrong || B.rows != depth || (turned ? A.columns : A.rows) != D.rows || B.columns != D.columns)
    return Status::NOT_SUPPORTED;
  const float scale = *static_cast<const float*>(alpha), keep = *static_cast<const float*>(beta);
  for (std::uint64_t m = 0; m < D.rows; ++m)
    for (std::uint64_t n = 0; n < D.columns; ++n) {
      float sum = 0;
      for (std::uint64_t k = 0; k < depth; ++k)
        sum += (turned ? A.at(a, k, m) : A.at(a, m, k)) * B.at(b, k, n);
      float& to = D.at(d, m, n);
      to = scale * sum + (keep == 0 ? 0 : keep * to);
      if (product.epilogue == Epilogue::BIAS) to += product.bias[m];
    }
  return Status::SUCCESS;
}

}  // extern "C"
