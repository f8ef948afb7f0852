#include "cudnn.hpp"

#include <utility>

#include "error.hpp"

namespace incept::cuda::cudnn {
namespace {

// Descriptors of devices, which keep deprecated handles out of graphs.
constexpr std::size_t kOldest = 90800;

constexpr char kAdvice[] =
    "Install it (`pip install nvidia-cudnn-cu13`, and set CUDNN_PATH to the folder nvidia/cudnn in "
    "site-packages; or `apt-get install cudnn9-cuda-13`)";

std::string version_text(std::size_t version) {
  return text("%zu.%zu.%zu", version / 10000, version % 10000 / 100, version % 100);
}

constexpr char kDescriptor[] = "cuda/descriptor";

}  // namespace

// ---- The library.

Api::Api() : library_({"cuDNN 9", "cuda/no-cudnn", {"libcudnn.so.9"}, kAdvice}) {
  library_.find(GetVersion, "cudnnGetVersion");
  if (GetVersion() < kOldest)
    throw Failure("cuda/old-cudnn", library_.path() + " is cuDNN " + version_text(GetVersion()) +
                                        ", and " + version_text(kOldest) + " or newer is needed. " +
                                        kAdvice);
  library_.find(GetErrorString, "cudnnGetErrorString");
  library_.find(GetLastErrorString, "cudnnGetLastErrorString");
  library_.find(Create, "cudnnCreate");
  library_.find(Destroy, "cudnnDestroy");
  library_.find(SetStream, "cudnnSetStream");
  library_.find(BackendCreateDescriptor, "cudnnBackendCreateDescriptor");
  library_.find(BackendDestroyDescriptor, "cudnnBackendDestroyDescriptor");
  library_.find(BackendFinalize, "cudnnBackendFinalize");
  library_.find(BackendSetAttribute, "cudnnBackendSetAttribute");
  library_.find(BackendGetAttribute, "cudnnBackendGetAttribute");
  library_.find(BackendExecute, "cudnnBackendExecute");
}

const Api& api() {
  static const Api* const the = new Api;  // Instances may go after the statics.
  return *the;
}

std::string Api::name() const {
  return "cuDNN " + version_text(GetVersion());
}

std::string Api::words_of(Status status) const {
  char message[512] = "";
  GetLastErrorString(message, sizeof message);
  std::string words = message;
  while (!words.empty() && (words.back() == '\n' || words.back() == ' ')) words.pop_back();
  const std::string code = GetErrorString(status);
  return words.empty() ? code : words + " (" + code + ")";
}

Failure failure_of(Status status, const std::string& tried, const char* code) {
  const std::string message = api().name() + ", " + tried + ": " + api().words_of(status);
  switch (status) {
    case Status::SUBLIBRARY_LOADING_FAILED:
    case Status::SUBLIBRARY_VERSION_MISMATCH:
      return {"cuda/no-cudnn", message};
    case Status::INTERNAL_ERROR_HOST_ALLOCATION_FAILED:
    case Status::INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED:
      return library_failure("memory/exhausted", message);
    default:
      return library_failure(code, message);
  }
}

Handle Api::open(cudaStream_t stream) const {
  Handle handle = nullptr;
  Status status = Create(&handle);
  if (status != Status::SUCCESS) throw failure_of(status, "making a handle", "cuda/failed");
  status = SetStream(handle, stream);
  if (status == Status::SUCCESS) return handle;
  const Failure failure = failure_of(status, "choosing the stream", "cuda/failed");
  close(handle);
  throw failure;
}

// ---- Descriptors in general.

Descriptor::Descriptor(DescriptorType type, const char* what) : what_(what) {
  check(api().BackendCreateDescriptor(type, &descriptor_));
}

Descriptor::~Descriptor() {
  if (descriptor_ != nullptr) (void)api().BackendDestroyDescriptor(descriptor_);
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, nullptr)), what_(other.what_) {}

void Descriptor::check(Status status) const {
  if (status != Status::SUCCESS) throw failure_of(status, doing(), kDescriptor);
}

void Descriptor::set(Attribute attribute, AttributeType type, std::int64_t count,
                     const void* values) {
  check(api().BackendSetAttribute(descriptor_, attribute, type, count, values));
}

void Descriptor::set(Attribute attribute, std::int64_t value) {
  set(attribute, AttributeType::INT64, 1, &value);
}

void Descriptor::set(Attribute attribute, const Descriptor& value) {
  const DescriptorPtr pointer = value.get();
  set(attribute, AttributeType::BACKEND_DESCRIPTOR, 1, &pointer);
}

void Descriptor::finalize() {
  check(api().BackendFinalize(descriptor_));
}

bool Descriptor::try_finalize() {
  const Status status = api().BackendFinalize(descriptor_);
  if (status == Status::SUCCESS) return true;
  const Failure failure = failure_of(status, doing(), kDescriptor);
  if (failure.code != kDescriptor) throw failure;
  return false;
}

std::int64_t Descriptor::get(Attribute attribute, AttributeType type, std::int64_t asked,
                             void* values) const {
  std::int64_t count = 0;
  check(api().BackendGetAttribute(descriptor_, attribute, type, asked, &count, values));
  return count;
}

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
