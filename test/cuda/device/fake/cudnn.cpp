// A cuDNN that keeps attributes as they are set and computes f32 graphs on the host from them, by
// the definition of each operation.
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <vector>

#include "../../../../native/cuda/device/cudnn_api.hpp"

using namespace incept::cuda::cudnn;

#ifndef VERSION
#define VERSION 92400
#endif

struct incept::cuda::cudnn::Context {};

struct incept::cuda::cudnn::BackendData {
  DescriptorType type;
  std::map<Attribute, std::vector<char>> attributes;

  template <class T>
  std::vector<T> all(Attribute attribute) const {
    const std::vector<char>& bytes = attributes.at(attribute);
    std::vector<T> values(bytes.size() / sizeof(T));
    std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  template <class T>
  T one(Attribute attribute) const {
    T value;
    std::memcpy(&value, attributes.at(attribute).data(), sizeof value);
    return value;
  }
  const BackendData& part(Attribute attribute) const { return *one<DescriptorPtr>(attribute); }
  bool has(Attribute attribute) const { return attributes.count(attribute) != 0; }
};

namespace {

using Object = BackendData;

// A tensor with its numbers: the caller's, or our own where it is virtual.
struct Tensor {
  std::vector<std::int64_t> dims, strides;
  float* data = nullptr;
  float& at(std::int64_t n, std::int64_t c, std::int64_t h, std::int64_t w) const {
    return data[n * strides[0] + c * strides[1] + h * strides[2] + w * strides[3]];
  }
};

using Virtual = std::map<std::int64_t, std::vector<float>>;

Tensor tensor_of(const Object& of, const Object& pack, Virtual& own) {
  Tensor tensor{of.all<std::int64_t>(Attribute::TENSOR_DIMENSIONS),
                of.all<std::int64_t>(Attribute::TENSOR_STRIDES), nullptr};
  const auto id = of.one<std::int64_t>(Attribute::TENSOR_UNIQUE_ID);
  if (of.one<bool>(Attribute::TENSOR_IS_VIRTUAL)) {
    own[id].resize(static_cast<std::size_t>(tensor.dims[0] * tensor.strides[0]));
    tensor.data = own[id].data();
    return tensor;
  }
  const auto ids = pack.all<std::int64_t>(Attribute::VARIANT_PACK_UNIQUE_IDS);
  const auto pointers = pack.all<void*>(Attribute::VARIANT_PACK_DATA_POINTERS);
  for (std::size_t i = 0; i < ids.size(); ++i)
    if (ids[i] == id) tensor.data = static_cast<float*>(pointers[i]);
  return tensor;
}

void convolve(const Object& window, const Tensor& x, const Tensor& w, const Tensor& y) {
  const auto stride = window.all<std::int64_t>(Attribute::CONVOLUTION_FILTER_STRIDES);
  const auto dilation = window.all<std::int64_t>(Attribute::CONVOLUTION_DILATIONS);
  const auto pad = window.all<std::int64_t>(Attribute::CONVOLUTION_PRE_PADDINGS);
  const std::int64_t groups = x.dims[1] / w.dims[1], per_group = y.dims[1] / groups;
  for (std::int64_t n = 0; n < y.dims[0]; ++n)
    for (std::int64_t k = 0; k < y.dims[1]; ++k)
      for (std::int64_t p = 0; p < y.dims[2]; ++p)
        for (std::int64_t q = 0; q < y.dims[3]; ++q) {
          float sum = 0;
          for (std::int64_t c = 0; c < w.dims[1]; ++c)
            for (std::int64_t r = 0; r < w.dims[2]; ++r)
              for (std::int64_t s = 0; s < w.dims[3]; ++s) {
                const std::int64_t h = p * stride[0] + r * dilation[0] - pad[0];
                const std::int64_t v = q * stride[1] + s * dilation[1] - pad[1];
                if (h < 0 || v < 0 || h >= x.dims[2] || v >= x.dims[3]) continue;
                sum += x.at(n, k / per_group * w.dims[1] + c, h, v) * w.at(k, c, r, s);
              }
          y.at(n, k, p, q) = sum;
        }
}

void point(PointwiseMode mode, const Tensor& x, const Tensor* b, const Tensor& y) {
  for (std::int64_t n = 0; n < y.dims[0]; ++n)
    for (std::int64_t c = 0; c < y.dims[1]; ++c)
      for (std::int64_t h = 0; h < y.dims[2]; ++h)
        for (std::int64_t w = 0; w < y.dims[3]; ++w) {
          const float value = x.at(n, c, h, w);
          y.at(n, c, h, w) = mode == PointwiseMode::ADD           ? value + b->at(0, c, 0, 0)
                             : mode == PointwiseMode::RELU_FWD    ? std::fmax(value, 0.0f)
                             : mode == PointwiseMode::TANH_FWD    ? std::tanh(value)
                             : mode == PointwiseMode::SIGMOID_FWD ? 1 / (1 + std::exp(-value))
                             : mode == PointwiseMode::SWISH_FWD   ? value / (1 + std::exp(-value))
                                                                  : std::nanf("");
        }
}

}  // namespace

extern "C" {

std::size_t cudnnGetVersion() {
  return VERSION;
}
const char* cudnnGetErrorString(Status) {
  return "CUDNN_STATUS_FAKE";
}
void cudnnGetLastErrorString(char* message, std::size_t size) {
  std::snprintf(message, size, "the fake's words");
}
Status cudnnCreate(Handle* handle) {
  std::puts("cudnnCreate");
  *handle = new Context;
  return Status::SUCCESS;
}
Status cudnnDestroy(Handle handle) {
  std::puts("cudnnDestroy");
  delete handle;
  return Status::SUCCESS;
}
Status cudnnSetStream(Handle, cudaStream_t stream) {
  return stream == nullptr ? Status::SUBLIBRARY_VERSION_MISMATCH : Status::SUCCESS;
}
Status cudnnBackendCreateDescriptor(DescriptorType type, DescriptorPtr* made) {
  *made = new Object{type, {}};
  return Status::SUCCESS;
}
Status cudnnBackendDestroyDescriptor(DescriptorPtr descriptor) {
  if (descriptor->type == DescriptorType::EXECUTION_PLAN) std::puts("cudnn plan destroyed");
  delete descriptor;
  return Status::SUCCESS;
}
Status cudnnBackendSetAttribute(DescriptorPtr descriptor, Attribute attribute, AttributeType type,
                                std::int64_t count, const void* values) {
  const std::int64_t size = type == AttributeType::BOOLEAN || type == AttributeType::CHAR ? 1
                            : type == AttributeType::INT64 || type == AttributeType::VOID_PTR ||
                                    type == AttributeType::HANDLE ||
                                    type == AttributeType::BACKEND_DESCRIPTOR
                                ? 8
                                : 4;
  const char* bytes = static_cast<const char*>(values);
  descriptor->attributes[attribute].assign(bytes, bytes + count * size);
  return Status::SUCCESS;
}
#ifndef WITHOUT_FINALIZE
Status cudnnBackendFinalize(DescriptorPtr) {
  return Status::SUCCESS;
}
#endif
// The heuristics suggest two engines: 7, on tensor cores, and 8. What they are for goes with them.
Status cudnnBackendGetAttribute(DescriptorPtr descriptor, Attribute attribute, AttributeType,
                                std::int64_t asked, std::int64_t* count, void* values) {
  const Object& of = *descriptor;
  const auto results = static_cast<Object**>(values);
  constexpr Attribute kGraph = Attribute::ENGINEHEUR_OPERATION_GRAPH;
  constexpr Attribute kIndex = Attribute::ENGINE_GLOBAL_INDEX;
  *count = 1;
  switch (attribute) {
    case Attribute::ENGINEHEUR_RESULTS:
      *count = 2;
      for (std::int64_t i = 0; i < asked; ++i) {
        const std::int64_t index = 7 + i;
        const char* bytes = reinterpret_cast<const char*>(&index);
        results[i]->attributes[kGraph] = of.attributes.at(kGraph);
        results[i]->attributes[kIndex].assign(bytes, bytes + 8);
      }
      return Status::SUCCESS;
    case Attribute::ENGINECFG_ENGINE:
      results[0]->attributes[kIndex] = of.attributes.at(kIndex);
      return Status::SUCCESS;
    case Attribute::ENGINE_GLOBAL_INDEX:
      *static_cast<std::int64_t*>(values) = of.one<std::int64_t>(kIndex);
      return Status::SUCCESS;
    case Attribute::ENGINE_NUMERICAL_NOTE:
      *count = of.one<std::int64_t>(kIndex) == 7 ? 1 : 0;
      if (asked > 0 && *count > 0)
        *static_cast<NumericalNote*>(values) = NumericalNote::TENSOR_CORE;
      return Status::SUCCESS;
    case Attribute::EXECUTION_PLAN_WORKSPACE_SIZE:
      *static_cast<std::int64_t*>(values) = 3 << 19;
      return Status::SUCCESS;
    default:
      return Status::SUBLIBRARY_LOADING_FAILED;
  }
}

Status cudnnBackendExecute(Handle, DescriptorPtr plan, DescriptorPtr pack_pointer) {
  const Object& pack = *pack_pointer;
  const Object& config = plan->part(Attribute::EXECUTION_PLAN_ENGINE_CONFIG);
  const Object& graph = config.part(Attribute::ENGINEHEUR_OPERATION_GRAPH);
  Virtual own;
  const auto tensor = [&](const Object& operation, Attribute attribute) {
    return tensor_of(operation.part(attribute), pack, own);
  };
  for (DescriptorPtr pointer : graph.all<DescriptorPtr>(Attribute::OPERATIONGRAPH_OPS)) {
    const Object& op = *pointer;
    if (op.type == DescriptorType::OPERATION_CONVOLUTION_FORWARD) {
      convolve(op.part(Attribute::OPERATION_CONVOLUTION_FORWARD_CONV_DESC),
               tensor(op, Attribute::OPERATION_CONVOLUTION_FORWARD_X),
               tensor(op, Attribute::OPERATION_CONVOLUTION_FORWARD_W),
               tensor(op, Attribute::OPERATION_CONVOLUTION_FORWARD_Y));
      continue;
    }
    const Object& function = op.part(Attribute::OPERATION_POINTWISE_PW_DESCRIPTOR);
    const bool two = op.has(Attribute::OPERATION_POINTWISE_BDESC);
    const Tensor b = two ? tensor(op, Attribute::OPERATION_POINTWISE_BDESC) : Tensor{};
    point(function.one<PointwiseMode>(Attribute::POINTWISE_MODE),
          tensor(op, Attribute::OPERATION_POINTWISE_XDESC), &b,
          tensor(op, Attribute::OPERATION_POINTWISE_YDESC));
  }
  return Status::SUCCESS;
}

}  // extern "C"
