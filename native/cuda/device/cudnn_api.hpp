// What is used of cuDNN 9's ABI, declared by ourselves so that building needs no header of its. The
// names are cuDNN's without their prefixes; test/cuda/device compares every value with its headers.
#pragma once

#include <driver_types.h>

#include <cstddef>
#include <cstdint>

namespace incept::cuda::cudnn {

using Handle = struct Context*;             // cudnnHandle_t
using DescriptorPtr = struct BackendData*;  // cudnnBackendDescriptor_t

// cudnnStatus_t: CUDNN_STATUS_*
enum class Status : int {
  SUCCESS = 0,
  SUBLIBRARY_VERSION_MISMATCH = 1002,
  SUBLIBRARY_LOADING_FAILED = 1008,
  INTERNAL_ERROR_HOST_ALLOCATION_FAILED = 4003,
  INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED = 4004,
};

// cudnnDataType_t: CUDNN_DATA_*
enum class DataType : int {
  FLOAT = 0,
  HALF = 2,
  BFLOAT16 = 9,
};

// cudnnConvolutionMode_t: CUDNN_*
enum class ConvolutionMode : int { CROSS_CORRELATION = 1 };

// cudnnPointwiseMode_t: CUDNN_POINTWISE_*
enum class PointwiseMode : int {
  ADD = 0,
  RELU_FWD = 100,
  TANH_FWD = 101,
  SIGMOID_FWD = 102,
  SWISH_FWD = 106,
};

// cudnnBackendHeurMode_t: CUDNN_HEUR_MODE_*
enum class HeurMode : int { B = 1, A = 3 };

// cudnnBackendNumericalNote_t: CUDNN_NUMERICAL_NOTE_*
enum class NumericalNote : int {
  TENSOR_CORE = 0,
  DOWN_CONVERT_INPUTS = 1,
  REDUCED_PRECISION_REDUCTION = 2,
  FFT = 3,
  NONDETERMINISTIC = 4,
  WINOGRAD = 5,
};

// cudnnBackendDescriptorType_t: CUDNN_BACKEND_*_DESCRIPTOR
enum class DescriptorType : int {
  POINTWISE = 0,
  CONVOLUTION = 1,
  ENGINE = 2,
  ENGINECFG = 3,
  ENGINEHEUR = 4,
  EXECUTION_PLAN = 5,
  OPERATION_CONVOLUTION_FORWARD = 10,
  OPERATION_POINTWISE = 13,
  OPERATIONGRAPH = 15,
  VARIANT_PACK = 16,
  TENSOR = 17,
  DEVICEPROP = 38,
};

// cudnnBackendAttributeType_t: CUDNN_TYPE_*
enum class AttributeType : int {
  HANDLE = 0,
  DATA_TYPE = 1,
  BOOLEAN = 2,
  INT64 = 3,
  FLOAT = 4,
  VOID_PTR = 6,
  CONVOLUTION_MODE = 7,
  HEUR_MODE = 8,
  NUMERICAL_NOTE = 11,
  POINTWISE_MODE = 14,
  BACKEND_DESCRIPTOR = 15,
  CHAR = 24,
};

// cudnnBackendAttributeName_t: CUDNN_ATTR_*
enum class Attribute : int {
  POINTWISE_MODE = 0,
  POINTWISE_MATH_PREC = 1,
  CONVOLUTION_COMP_TYPE = 100,
  CONVOLUTION_CONV_MODE = 101,
  CONVOLUTION_DILATIONS = 102,
  CONVOLUTION_FILTER_STRIDES = 103,
  CONVOLUTION_POST_PADDINGS = 104,
  CONVOLUTION_PRE_PADDINGS = 105,
  CONVOLUTION_SPATIAL_DIMS = 106,
  ENGINEHEUR_MODE = 200,
  ENGINEHEUR_OPERATION_GRAPH = 201,
  ENGINEHEUR_RESULTS = 202,
  ENGINEHEUR_DEVICEPROP = 204,
  ENGINECFG_ENGINE = 300,
  EXECUTION_PLAN_ENGINE_CONFIG = 401,
  EXECUTION_PLAN_WORKSPACE_SIZE = 402,
  EXECUTION_PLAN_DEVICEPROP = 407,
  OPERATION_CONVOLUTION_FORWARD_ALPHA = 700,
  OPERATION_CONVOLUTION_FORWARD_BETA = 701,
  OPERATION_CONVOLUTION_FORWARD_CONV_DESC = 702,
  OPERATION_CONVOLUTION_FORWARD_W = 703,
  OPERATION_CONVOLUTION_FORWARD_X = 704,
  OPERATION_CONVOLUTION_FORWARD_Y = 705,
  OPERATION_POINTWISE_PW_DESCRIPTOR = 750,
  OPERATION_POINTWISE_XDESC = 751,
  OPERATION_POINTWISE_BDESC = 752,
  OPERATION_POINTWISE_YDESC = 753,
  OPERATIONGRAPH_OPS = 801,
  TENSOR_BYTE_ALIGNMENT = 900,
  TENSOR_DATA_TYPE = 901,
  TENSOR_DIMENSIONS = 902,
  TENSOR_STRIDES = 903,
  TENSOR_UNIQUE_ID = 906,
  TENSOR_IS_VIRTUAL = 907,
  VARIANT_PACK_UNIQUE_IDS = 1000,
  VARIANT_PACK_DATA_POINTERS = 1001,
  VARIANT_PACK_WORKSPACE = 1003,
  ENGINE_GLOBAL_INDEX = 1301,
  ENGINE_NUMERICAL_NOTE = 1303,
  DEVICEPROP_HANDLE = 2701,
  DEVICEPROP_JSON_REPRESENTATION = 2702,
};

// Each member is the function whose name it has after "cudnn".
struct Functions {
  std::size_t (*GetVersion)();
  const char* (*GetErrorString)(Status);
  void (*GetLastErrorString)(char* message, std::size_t size);
  Status (*Create)(Handle*);
  Status (*Destroy)(Handle);
  Status (*SetStream)(Handle, cudaStream_t);
  Status (*BackendCreateDescriptor)(DescriptorType, DescriptorPtr*);
  Status (*BackendDestroyDescriptor)(DescriptorPtr);
  Status (*BackendFinalize)(DescriptorPtr);
  Status (*BackendSetAttribute)(DescriptorPtr, Attribute, AttributeType, std::int64_t count,
                                const void* values);
  Status (*BackendGetAttribute)(DescriptorPtr, Attribute, AttributeType, std::int64_t asked,
                                std::int64_t* count, void* values);
  Status (*BackendExecute)(Handle, DescriptorPtr plan, DescriptorPtr pack);
};

}  // namespace incept::cuda::cudnn
