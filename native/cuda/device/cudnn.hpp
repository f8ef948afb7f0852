// cuDNN's backend API, which describes a computation as a graph of operations: one function for
// each kind of descriptor, named after it. ConvPlan (conv_plan.cpp) says what is described.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "../failure.hpp"
#include "cudnn_api.hpp"
#include "library.hpp"

namespace incept::cuda::cudnn {

// The opened library.
class Api : public Functions {
 public:
  Api();
  // A handle whose work goes to the stream.
  Handle open(cudaStream_t stream) const;
  void close(Handle handle) const noexcept { (void)Destroy(handle); }
  // "cuDNN 9.24.0"
  std::string name() const;
  // What cuDNN says of the error it has just returned.
  std::string words_of(Status status) const;

 private:
  Library library_;
};

// Opens it the first time. Failure cuda/no-cudnn, cuda/old-cudnn.
const Api& api();

// A failure with the code, what was tried and cuDNN's words; cuda/lost after a crash.
Failure failure_of(Status status, const std::string& tried, const char* code);

// Owns a descriptor. Finalised once its attributes are set.
class Descriptor {
 public:
  Descriptor(DescriptorType type, const char* what);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) = delete;

  DescriptorPtr get() const { return descriptor_; }
  // Gives up the descriptor without a word to cuDNN: its device is gone.
  void abandon() noexcept { descriptor_ = nullptr; }

  void set(Attribute attribute, AttributeType type, std::int64_t count, const void* values);
  void set(Attribute attribute, std::int64_t value);
  void set(Attribute attribute, const Descriptor& value);
  void finalize();
  // Whether cuDNN takes it; throws where memory or the context is the reason.
  bool try_finalize();
  // How many values there are to get; fills up to `asked` of them.
  std::int64_t get(Attribute attribute, AttributeType type, std::int64_t asked, void* values) const;
  // "describing the tensor y"
  std::string doing() const { return std::string("describing ") + what_; }

 private:
  void check(Status status) const;

  DescriptorPtr descriptor_ = nullptr;
  const char* what_;
};

// ---- Up to the operations; what is wrong is cuda/descriptor.

struct TensorShape {
  DataType type;
  std::int64_t dims[4];  // n, c, h, w whatever the order in memory
  std::int64_t strides[4];
  std::int64_t alignment;
};
Descriptor tensor(const char* what, std::int64_t id, const TensorShape& shape);
// One that never reaches memory.
Descriptor virtual_tensor(const char* what, std::int64_t id, const TensorShape& shape);

struct Window {
  std::int64_t stride[2], dilation[2], pad_before[2], pad_after[2];
};
// Cross-correlation that sums in f32.
Descriptor convolution(const Window& window);
Descriptor operation_convolution(const Descriptor& convolution, const Descriptor& x,
                                 const Descriptor& w, const Descriptor& y);
// In f32.
Descriptor pointwise(PointwiseMode mode);
Descriptor operation_pointwise(const Descriptor& pointwise, const Descriptor& x,
                               const Descriptor& y);
Descriptor operation_pointwise(const Descriptor& pointwise, const Descriptor& x,
                               const Descriptor& b, const Descriptor& y);

// ---- For one device.

// cuDNN has deprecated handles in graphs and plans for this.
Descriptor device_properties(Handle handle);
// The same of a device that is not there, from cuDNN's text of it: for tests.
Descriptor absent_device(const std::string& json);

// Null where cuDNN takes no such graph, as below; what else is wrong is thrown.
std::optional<Descriptor> operation_graph(const std::vector<Descriptor>& operations);

// A way to compute a graph: an engine and its settings, not yet a plan.
struct EngineConfig {
  Descriptor descriptor;
  std::int64_t engine;
  std::vector<NumericalNote> notes;
  bool has(NumericalNote note) const;
};
// Best first by cuDNN's estimate; none where it knows none.
std::vector<EngineConfig> heuristics(const Descriptor& graph, const Descriptor& device,
                                     HeurMode mode);

struct ExecutionPlan {
  Descriptor descriptor;
  std::int64_t workspace;
};
// Null where the engine does not take it after all.
std::optional<ExecutionPlan> execution_plan(const EngineConfig& config, const Descriptor& device);

Descriptor variant_pack(const std::vector<std::int64_t>& ids, const std::vector<void*>& pointers,
                        void* workspace);

}  // namespace incept::cuda::cudnn
