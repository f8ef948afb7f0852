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

}  // namespace incept::cuda::cudnn
