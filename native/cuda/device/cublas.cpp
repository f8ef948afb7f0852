#include "cublas.hpp"

#include "error.hpp"

namespace incept::cuda::cublas {
namespace {

constexpr char kAdvice[] =
    "Install it (`pip install nvidia-cublas`, which nvidia-cudnn-cu13 brings along, and set "
    "CUDNN_PATH to the folder nvidia/cudnn in site-packages; or `apt-get install libcublas-13-0`)";

}  // namespace

Api::Api()
    : library_({"cuBLASLt of CUDA 13 or 12",
                "cuda/no-cublas",
                {"libcublasLt.so.13", "libcublasLt.so.12"},
                kAdvice}) {
  library_.find(GetVersion, "cublasLtGetVersion");
  library_.find(GetStatusString, "cublasLtGetStatusString");
  library_.find(Create, "cublasLtCreate");
  library_.find(Destroy, "cublasLtDestroy");
  library_.find(MatmulDescCreate, "cublasLtMatmulDescCreate");
  library_.find(MatmulDescDestroy, "cublasLtMatmulDescDestroy");
  library_.find(MatmulDescSetAttribute, "cublasLtMatmulDescSetAttribute");
  library_.find(MatrixLayoutCreate, "cublasLtMatrixLayoutCreate");
  library_.find(MatrixLayoutDestroy, "cublasLtMatrixLayoutDestroy");
  library_.find(MatmulPreferenceCreate, "cublasLtMatmulPreferenceCreate");
  library_.find(MatmulPreferenceDestroy, "cublasLtMatmulPreferenceDestroy");
  library_.find(MatmulPreferenceSetAttribute, "cublasLtMatmulPreferenceSetAttribute");
  library_.find(MatmulAlgoGetHeuristic, "cublasLtMatmulAlgoGetHeuristic");
  library_.find(MatmulAlgoConfigGetAttribute, "cublasLtMatmulAlgoConfigGetAttribute");
  library_.find(Matmul, "cublasLtMatmul");
}

const Api& api() {
  static const Api* const the = new Api;  // Instances may go after the statics.
  return *the;
}

std::string Api::name() const {
  const std::size_t version = GetVersion();
  return text("cuBLASLt %zu.%zu.%zu", version / 10000, version % 10000 / 100, version % 100);
}

Handle Api::open() const {
  Handle handle = nullptr;
  const Status status = Create(&handle);
  if (status != Status::SUCCESS) throw failure_of(status, "making a handle", "cuda/failed");
  return handle;
}

Failure failure_of(Status status, const std::string& tried, const char* code) {
  const std::string message = api().name() + ", " + tried + ": " + api().GetStatusString(status);
  return library_failure(status == Status::ALLOC_FAILED ? "memory/exhausted" : code, message);
}

void check(Status status, const char* tried) {
  if (status != Status::SUCCESS) throw failure_of(status, tried, "cuda/descriptor");
}

OwnedOperation operation(ComputeType compute, Transpose a, Transpose b) {
  Operation made = nullptr;
  check(api().MatmulDescCreate(&made, compute, DataType::R_32F), "describing the product");
  OwnedOperation owned(made);
  set(owned, OperationAttribute::TRANSA, a);
  set(owned, OperationAttribute::TRANSB, b);
  return owned;
}

OwnedLayout layout(DataType type, std::int64_t rows, std::int64_t columns, std::int64_t pitch) {
  Layout made = nullptr;
  check(api().MatrixLayoutCreate(&made, type, static_cast<std::uint64_t>(rows),
                                 static_cast<std::uint64_t>(columns), pitch),
        "describing a matrix");
  return OwnedLayout(made);
}

OwnedPreference preference() {
  Preference made = nullptr;
  check(api().MatmulPreferenceCreate(&made), "describing what is preferred");
  return OwnedPreference(made);
}

}  // namespace incept::cuda::cublas
