#include "recorder.hpp"

#include <cuda_runtime_api.h>

#include <cstring>

#include "device.hpp"
#include "error.hpp"

namespace incept::cuda {
namespace {

// What the stream's next node would depend on.
cudaError_t capture_info(cudaStream_t stream, const cudaGraphNode_t** nodes,
                         const cudaGraphEdgeData** edges, std::size_t* count) {
  cudaStreamCaptureStatus status;
#if CUDART_VERSION >= 13000
  return cudaStreamGetCaptureInfo(stream, &status, nullptr, nullptr, nodes, edges, count);
#elif CUDART_VERSION >= 12030
  return cudaStreamGetCaptureInfo_v3(stream, &status, nullptr, nullptr, nodes, edges, count);
#else
#error "capturing tasks into one graph needs CUDA 12.3 or newer"
#endif
}

}  // namespace

void Recorder::Leaves::add(cudaGraphNode_t node, const cudaGraphEdgeData& edge) {
  for (cudaGraphNode_t known : nodes)
    if (known == node) return;
  nodes.push_back(node);
  edges.push_back(edge);
}

Recorder::Recorder(Device& device, Mode mode, int tasks)
    : device_(device),
      mode_(mode),
      generation_(device.generation()),
      leaves_(static_cast<std::size_t>(tasks)) {
  if (mode_ == Mode::kEager) return;
  const context::Use use(generation_);
  check(cudaGraphCreate(&graph_, 0), "making a graph");
}

Recorder::~Recorder() {
  const context::LastUse use(generation_);
  if (!use) return;
  if (capture_) {  // A task failed on the way.
    cudaGraph_t graph;
    (void)cudaStreamEndCapture(device_.stream(), &graph);
  }
  if (executable_ != nullptr) (void)cudaGraphExecDestroy(executable_);
  if (graph_ != nullptr) (void)cudaGraphDestroy(graph_);
  (void)cudaGetLastError();
}

void Recorder::begin_task(int task, const int* after, std::size_t count) {
  task_ = task;
  if (mode_ == Mode::kEager) return;
  Leaves from;
  for (std::size_t i = 0; i < count; ++i) {
    const Leaves& leaves = leaves_[static_cast<std::size_t>(after[i])];
    for (std::size_t j = 0; j < leaves.nodes.size(); ++j)
      from.add(leaves.nodes[j], leaves.edges[j]);
  }
  const context::Use use(generation_);
  capture_.emplace();
  const cudaError_t error =
      cudaStreamBeginCaptureToGraph(device_.stream(), graph_, from.nodes.data(), from.edges.data(),
                                    from.nodes.size(), cudaStreamCaptureModeThreadLocal);
  if (error != cudaSuccess) capture_.reset();
  check(error, "beginning to capture a task");
}

// Where the task enqueued nothing its leaves are the nodes that it would have depended on.
void Recorder::end_task() {
  const context::Use use(generation_);
  if (mode_ == Mode::kEager) {
    check(cudaStreamSynchronize(device_.stream()), "waiting for a task");
    return;
  }
  const cudaGraphNode_t* nodes = nullptr;
  const cudaGraphEdgeData* edges = nullptr;
  std::size_t count = 0;
  check(capture_info(device_.stream(), &nodes, &edges, &count), "reading what a task captured");
  Leaves& leaves = leaves_[static_cast<std::size_t>(task_)];
  for (std::size_t i = 0; i < count; ++i)
    leaves.add(nodes[i], edges == nullptr ? cudaGraphEdgeData{} : edges[i]);
  cudaGraph_t same = nullptr;
  const cudaError_t error = cudaStreamEndCapture(device_.stream(), &same);
  capture_.reset();
  check(error, "ending to capture a task");
}

void Recorder::finish() {
  const context::Use use(generation_);
  if (mode_ == Mode::kEager) {
    check(cudaStreamSynchronize(device_.stream()), "waiting for the tasks");
    return;
  }
  check(cudaGraphInstantiate(&executable_, graph_, 0), "making the graph executable");
  check(cudaGraphUpload(executable_, device_.stream()), "uploading the graph");
  check(cudaStreamSynchronize(device_.stream()), "uploading the graph");
  (void)cudaGraphDestroy(graph_);
  graph_ = nullptr;
  leaves_.clear();
}

void Recorder::replay() {
  const context::Use use(generation_);
  check(cudaGraphLaunch(executable_, device_.stream()), "launching the graph");
}

void Recorder::enqueue(const char* name, const void* kernel, dim3 grid, int threads,
                       void** parameters) {
  const context::Use use(generation_);
  const dim3 block(static_cast<unsigned>(threads));
  const cudaError_t error = cudaLaunchKernel(kernel, grid, block, parameters, 0, device_.stream());
  if (error != cudaSuccess)
    throw failure_of(error, text("launching %s with %u x %u x %u blocks of %d threads", name,
                                 grid.x, grid.y, grid.z, threads));
}

void Recorder::copy_in(Memory& to, const HostMemory& from, std::size_t floats) {
  if (!copies_) return;
  const context::Use use(generation_);
  check(cudaMemcpyAsync(to.data(), from.data(), floats * sizeof(float), cudaMemcpyHostToDevice,
                        device_.stream()),
        "copying an input to the device");
}

void Recorder::copy_out(HostMemory& to, Memory& from, std::size_t floats) {
  if (!copies_) return;
  const context::Use use(generation_);
  check(cudaMemcpyAsync(to.data(), from.data(), floats * sizeof(float), cudaMemcpyDeviceToHost,
                        device_.stream()),
        "copying an output from the device");
}

}  // namespace incept::cuda
