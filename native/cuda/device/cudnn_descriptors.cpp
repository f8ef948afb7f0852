// Each kind of descriptor: its attributes, set and finalised.
#include "cudnn.hpp"

namespace incept::cuda::cudnn {

// ---- Up to the operations.

namespace {

Descriptor any_tensor(const char* what, std::int64_t id, const TensorShape& shape,
                      bool is_virtual) {
  Descriptor d(DescriptorType::TENSOR, what);
  d.set(Attribute::TENSOR_UNIQUE_ID, id);
  d.set(Attribute::TENSOR_DATA_TYPE, AttributeType::DATA_TYPE, 1, &shape.type);
  d.set(Attribute::TENSOR_DIMENSIONS, AttributeType::INT64, 4, shape.dims);
  d.set(Attribute::TENSOR_STRIDES, AttributeType::INT64, 4, shape.strides);
  d.set(Attribute::TENSOR_BYTE_ALIGNMENT, shape.alignment);
  d.set(Attribute::TENSOR_IS_VIRTUAL, AttributeType::BOOLEAN, 1, &is_virtual);
  d.finalize();
  return d;
}

Descriptor any_pointwise(const Descriptor& pointwise, const Descriptor& x, const Descriptor* b,
                         const Descriptor& y) {
  Descriptor d(DescriptorType::OPERATION_POINTWISE, "the bias or activation");
  d.set(Attribute::OPERATION_POINTWISE_PW_DESCRIPTOR, pointwise);
  d.set(Attribute::OPERATION_POINTWISE_XDESC, x);
  if (b != nullptr) d.set(Attribute::OPERATION_POINTWISE_BDESC, *b);
  d.set(Attribute::OPERATION_POINTWISE_YDESC, y);
  d.finalize();
  return d;
}

}  // namespace

Descriptor tensor(const char* what, std::int64_t id, const TensorShape& shape) {
  return any_tensor(what, id, shape, false);
}

Descriptor virtual_tensor(const char* what, std::int64_t id, const TensorShape& shape) {
  return any_tensor(what, id, shape, true);
}

Descriptor convolution(const Window& window) {
  Descriptor d(DescriptorType::CONVOLUTION, "the window");
  const DataType type = DataType::FLOAT;
  const ConvolutionMode mode = ConvolutionMode::CROSS_CORRELATION;
  constexpr AttributeType kInts = AttributeType::INT64;
  d.set(Attribute::CONVOLUTION_SPATIAL_DIMS, 2);
  d.set(Attribute::CONVOLUTION_COMP_TYPE, AttributeType::DATA_TYPE, 1, &type);
  d.set(Attribute::CONVOLUTION_CONV_MODE, AttributeType::CONVOLUTION_MODE, 1, &mode);
  d.set(Attribute::CONVOLUTION_FILTER_STRIDES, kInts, 2, window.stride);
  d.set(Attribute::CONVOLUTION_DILATIONS, kInts, 2, window.dilation);
  d.set(Attribute::CONVOLUTION_PRE_PADDINGS, kInts, 2, window.pad_before);
  d.set(Attribute::CONVOLUTION_POST_PADDINGS, kInts, 2, window.pad_after);
  d.finalize();
  return d;
}

Descriptor operation_convolution(const Descriptor& convolution, const Descriptor& x,
                                 const Descriptor& w, const Descriptor& y) {
  Descriptor d(DescriptorType::OPERATION_CONVOLUTION_FORWARD, "the convolution");
  const float one = 1, zero = 0;
  d.set(Attribute::OPERATION_CONVOLUTION_FORWARD_CONV_DESC, convolution);
  d.set(Attribute::OPERATION_CONVOLUTION_FORWARD_X, x);
  d.set(Attribute::OPERATION_CONVOLUTION_FORWARD_W, w);
  d.set(Attribute::OPERATION_CONVOLUTION_FORWARD_Y, y);
  d.set(Attribute::OPERATION_CONVOLUTION_FORWARD_ALPHA, AttributeType::FLOAT, 1, &one);
  d.set(Attribute::OPERATION_CONVOLUTION_FORWARD_BETA, AttributeType::FLOAT, 1, &zero);
  d.finalize();
  return d;
}

Descriptor pointwise(PointwiseMode mode) {
  Descriptor d(DescriptorType::POINTWISE, "the bias or activation");
  const DataType type = DataType::FLOAT;
  d.set(Attribute::POINTWISE_MODE, AttributeType::POINTWISE_MODE, 1, &mode);
  d.set(Attribute::POINTWISE_MATH_PREC, AttributeType::DATA_TYPE, 1, &type);
  d.finalize();
  return d;
}

Descriptor operation_pointwise(const Descriptor& pointwise, const Descriptor& x,
                               const Descriptor& y) {
  return any_pointwise(pointwise, x, nullptr, y);
}

Descriptor operation_pointwise(const Descriptor& pointwise, const Descriptor& x,
                               const Descriptor& b, const Descriptor& y) {
  return any_pointwise(pointwise, x, &b, y);
}

// ---- For one device.

Descriptor device_properties(Handle handle) {
  Descriptor d(DescriptorType::DEVICEPROP, "the device");
  d.set(Attribute::DEVICEPROP_HANDLE, AttributeType::HANDLE, 1, &handle);
  d.finalize();
  return d;
}

Descriptor absent_device(const std::string& json) {
  Descriptor d(DescriptorType::DEVICEPROP, "the device");
  d.set(Attribute::DEVICEPROP_JSON_REPRESENTATION, AttributeType::CHAR,
        static_cast<std::int64_t>(json.size()) + 1, json.c_str());
  d.finalize();
  return d;
}

std::optional<Descriptor> operation_graph(const std::vector<Descriptor>& operations) {
  Descriptor d(DescriptorType::OPERATIONGRAPH, "the graph of operations");
  std::vector<DescriptorPtr> pointers;
  for (const Descriptor& operation : operations) pointers.push_back(operation.get());
  d.set(Attribute::OPERATIONGRAPH_OPS, AttributeType::BACKEND_DESCRIPTOR,
        static_cast<std::int64_t>(pointers.size()), pointers.data());
  if (!d.try_finalize()) return std::nullopt;
  return d;
}

bool EngineConfig::has(NumericalNote note) const {
  for (const NumericalNote mine : notes)
    if (mine == note) return true;
  return false;
}

std::vector<EngineConfig> heuristics(const Descriptor& graph, const Descriptor& device,
                                     HeurMode mode) {
  constexpr AttributeType kDescriptors = AttributeType::BACKEND_DESCRIPTOR;
  Descriptor asked(DescriptorType::ENGINEHEUR, "the choice of an engine");
  asked.set(Attribute::ENGINEHEUR_OPERATION_GRAPH, graph);
  asked.set(Attribute::ENGINEHEUR_MODE, AttributeType::HEUR_MODE, 1, &mode);
  asked.set(Attribute::ENGINEHEUR_DEVICEPROP, device);
  if (!asked.try_finalize()) return {};  // This mode does not know the pattern.

  const std::int64_t count = asked.get(Attribute::ENGINEHEUR_RESULTS, kDescriptors, 0, nullptr);
  std::vector<EngineConfig> configs;
  std::vector<DescriptorPtr> pointers;
  for (std::int64_t i = 0; i < count; ++i) {
    configs.push_back({{DescriptorType::ENGINECFG, "an engine's settings"}, -1, {}});
    pointers.push_back(configs.back().descriptor.get());
  }
  const std::int64_t filled =
      asked.get(Attribute::ENGINEHEUR_RESULTS, kDescriptors, count, pointers.data());
  while (static_cast<std::int64_t>(configs.size()) > filled) configs.pop_back();

  for (EngineConfig& config : configs) {
    const Descriptor engine(DescriptorType::ENGINE, "an engine");
    DescriptorPtr pointer = engine.get();
    config.descriptor.get(Attribute::ENGINECFG_ENGINE, kDescriptors, 1, &pointer);
    engine.get(Attribute::ENGINE_GLOBAL_INDEX, AttributeType::INT64, 1, &config.engine);
    constexpr AttributeType kNotes = AttributeType::NUMERICAL_NOTE;
    config.notes.resize(
        static_cast<std::size_t>(engine.get(Attribute::ENGINE_NUMERICAL_NOTE, kNotes, 0, nullptr)));
    engine.get(Attribute::ENGINE_NUMERICAL_NOTE, kNotes,
               static_cast<std::int64_t>(config.notes.size()), config.notes.data());
  }
  return configs;
}

std::optional<ExecutionPlan> execution_plan(const EngineConfig& config, const Descriptor& device) {
  ExecutionPlan plan{{DescriptorType::EXECUTION_PLAN, "a plan"}, 0};
  plan.descriptor.set(Attribute::EXECUTION_PLAN_ENGINE_CONFIG, config.descriptor);
  plan.descriptor.set(Attribute::EXECUTION_PLAN_DEVICEPROP, device);
  if (!plan.descriptor.try_finalize()) return std::nullopt;
  plan.descriptor.get(Attribute::EXECUTION_PLAN_WORKSPACE_SIZE, AttributeType::INT64, 1,
                      &plan.workspace);
  return plan;
}

Descriptor variant_pack(const std::vector<std::int64_t>& ids, const std::vector<void*>& pointers,
                        void* workspace) {
  Descriptor d(DescriptorType::VARIANT_PACK, "the places of tensors");
  const auto count = static_cast<std::int64_t>(ids.size());
  d.set(Attribute::VARIANT_PACK_UNIQUE_IDS, AttributeType::INT64, count, ids.data());
  d.set(Attribute::VARIANT_PACK_DATA_POINTERS, AttributeType::VOID_PTR, count, pointers.data());
  d.set(Attribute::VARIANT_PACK_WORKSPACE, AttributeType::VOID_PTR, 1, &workspace);
  d.finalize();
  return d;
}

}  // namespace incept::cuda::cudnn
