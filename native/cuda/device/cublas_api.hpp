// What is used of cuBLASLt's ABI, declared by ourselves so that building needs no header of its.
// The names are cuBLASLt's without their prefixes; test/cuda/device compares every value with its
// headers.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <cstdint>

namespace incept::cuda::cublas {

using Handle = struct Context*;             // cublasLtHandle_t
using Operation = struct OperationData*;    // cublasLtMatmulDesc_t
using Layout = struct LayoutData*;          // cublasLtMatrixLayout_t
using Preference = struct PreferenceData*;  // cublasLtMatmulPreference_t

// cublasStatus_t: CUBLAS_STATUS_*
enum class Status : int {
  SUCCESS = 0,
  ALLOC_FAILED = 3,
  NOT_SUPPORTED = 15,
};

// cudaDataType: CUDA_*
enum class DataType : int {
  R_32F = 0,
  R_16F = 2,
  R_16BF = 14,
};

// cublasComputeType_t: CUBLAS_COMPUTE_*
enum class ComputeType : int {
  F32 = 68,            // CUBLAS_COMPUTE_32F
  F32_FAST_TF32 = 77,  // CUBLAS_COMPUTE_32F_FAST_TF32
};

// cublasOperation_t: CUBLAS_OP_*
enum class Transpose : int { N = 0, T = 1 };

// cublasLtEpilogue_t: CUBLASLT_EPILOGUE_*
enum class Epilogue : int { DEFAULT = 1, BIAS = 4 };

// cublasLtMatmulDescAttributes_t: CUBLASLT_MATMUL_DESC_*
enum class OperationAttribute : int {
  TRANSA = 3,
  TRANSB = 4,
  EPILOGUE = 7,
  BIAS_POINTER = 8,
  BIAS_DATA_TYPE = 26,
};

// cublasLtMatmulPreferenceAttributes_t: CUBLASLT_MATMUL_PREF_*
enum class PreferenceAttribute : int {
  MAX_WORKSPACE_BYTES = 1,
  REDUCTION_SCHEME_MASK = 3,
  MIN_ALIGNMENT_A_BYTES = 5,
  MIN_ALIGNMENT_B_BYTES = 6,
  MIN_ALIGNMENT_C_BYTES = 7,
  MIN_ALIGNMENT_D_BYTES = 8,
};

// cublasLtReductionScheme_t: CUBLASLT_REDUCTION_SCHEME_*
enum class ReductionScheme : int {
  COMPUTE_TYPE = 2,
};

// cublasLtMatmulAlgoConfigAttributes_t: CUBLASLT_ALGO_CONFIG_*
enum class AlgorithmAttribute : int { ID = 0 };

// cublasLtMatmulAlgo_t
struct Algorithm {
  std::uint64_t data[8];
};

// cublasLtMatmulHeuristicResult_t
struct Heuristic {
  Algorithm algo;
  std::size_t workspaceSize;
  Status state;
  float wavesCount;
  int reserved[4];
};

// Each member is the function whose name it has after "cublasLt".
struct Functions {
  std::size_t (*GetVersion)();
  const char* (*GetStatusString)(Status);
  Status (*Create)(Handle*);
  Status (*Destroy)(Handle);
  Status (*MatmulDescCreate)(Operation*, ComputeType, DataType scale);
  Status (*MatmulDescDestroy)(Operation);
  Status (*MatmulDescSetAttribute)(Operation, OperationAttribute, const void*, std::size_t);
  Status (*MatrixLayoutCreate)(Layout*, DataType, std::uint64_t rows, std::uint64_t columns,
                               std::int64_t pitch);
  Status (*MatrixLayoutDestroy)(Layout);
  Status (*MatmulPreferenceCreate)(Preference*);
  Status (*MatmulPreferenceDestroy)(Preference);
  Status (*MatmulPreferenceSetAttribute)(Preference, PreferenceAttribute, const void*, std::size_t);
  Status (*MatmulAlgoGetHeuristic)(Handle, Operation, Layout a, Layout b, Layout c, Layout d,
                                   Preference, int asked, Heuristic*, int* count);
  Status (*MatmulAlgoConfigGetAttribute)(const Algorithm*, AlgorithmAttribute, void*, std::size_t,
                                         std::size_t* written);
  Status (*Matmul)(Handle, Operation, const void* alpha, const void* a, Layout, const void* b,
                   Layout, const void* beta, const void* c, Layout, void* d, Layout,
                   const Algorithm*, void* workspace, std::size_t, cudaStream_t);
};

}  // namespace incept::cuda::cublas
