#include <cuda_runtime_api.h>

#include <cstdlib>
#include <cstring>

#include "../../../../native/cuda/device/built.hpp"
#include "gpu.hpp"

namespace fake {

Gpu gpu;

namespace {

std::vector<cudaGraphNode_t> tail;
std::vector<cudaGraphEdgeData> edges;

cudaGraphNode_t handle_of(int node) {
  return reinterpret_cast<cudaGraphNode_t>(static_cast<std::size_t>(node) + 1);
}
int node_of(cudaGraphNode_t handle) {
  return static_cast<int>(reinterpret_cast<std::size_t>(handle)) - 1;
}

// Counts the call; a dead context answers for all.
cudaError_t called() {
  ++gpu.calls;
  return gpu.chosen == gpu.dead_device ? gpu.dead : cudaSuccess;
}

cudaError_t enqueue(const std::string& what) {
  if (const cudaError_t error = called(); error != cudaSuccess) return error;
  if (!gpu.capturing) {
    gpu.ran.push_back(what);
    return cudaSuccess;
  }
  Node node{what, {}};
  for (cudaGraphNode_t before : tail) node.after.insert(node_of(before));
  gpu.nodes.push_back(node);
  tail = {handle_of(static_cast<int>(gpu.nodes.size()) - 1)};
  edges = {cudaGraphEdgeData{}};
  return cudaSuccess;
}

}  // namespace
}  // namespace fake

using fake::called;
using fake::gpu;

namespace incept::cuda {
std::string built_for() {
  return "sm_80, sm_90";
}
cudaError_t try_kernels() {
  return gpu.kernels;
}
}  // namespace incept::cuda

extern "C" {

cudaError_t cudaDriverGetVersion(int* version) {
  *version = gpu.driver;
  return cudaSuccess;
}
cudaError_t cudaGetDeviceCount(int* count) {
  *count = gpu.count;
  return gpu.counting;
}
cudaError_t cudaSetDevice(int device) {
  gpu.chosen = device;
  return called();
}
cudaError_t cudaDeviceReset() {
  ++gpu.resets;
  const cudaError_t error = gpu.dead;
  if (gpu.reset_helps) gpu.dead = cudaSuccess;
  return error;
}
cudaError_t cudaGetLastError() {
  return cudaSuccess;
}
const char* cudaGetErrorName(cudaError_t error) {
  return error == cudaErrorIllegalAddress ? "cudaErrorIllegalAddress" : "cudaErrorSomething";
}
const char* cudaGetErrorString(cudaError_t error) {
  return error == cudaErrorMemoryAllocation ? "out of memory" : "the fake's words";
}
cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int) {
  *value =
      attribute == cudaDevAttrComputeCapabilityMajor ? gpu.capability / 10 : gpu.capability % 10;
  return called();
}
cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int) {
  std::strcpy(properties->name, "Fake GPU");
  return called();
}
cudaError_t cudaMemGetInfo(std::size_t* free, std::size_t* total) {
  *free = gpu.free, *total = gpu.total;
  return called();
}

cudaError_t cudaMalloc(void** data, std::size_t bytes) {
  if (const cudaError_t error = called(); error != cudaSuccess) return error;
  if (bytes > gpu.free) return cudaErrorMemoryAllocation;
  ++gpu.allocations;
  *data = std::malloc(bytes);
  return cudaSuccess;
}
cudaError_t cudaFree(void* data) {
  if (const cudaError_t error = called(); error != cudaSuccess) return error;
  if (data != nullptr) --gpu.allocations;
  std::free(data);
  return cudaSuccess;
}
cudaError_t cudaHostRegister(void*, std::size_t, unsigned) {
  ++gpu.locked;
  return called();
}
cudaError_t cudaHostUnregister(void*) {
  --gpu.locked;
  return called();
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* stream, unsigned) {
  ++gpu.streams;
  *stream = reinterpret_cast<cudaStream_t>(8);
  return called();
}
cudaError_t cudaStreamDestroy(cudaStream_t) {
  --gpu.streams;
  return called();
}
cudaError_t cudaStreamSynchronize(cudaStream_t) {
  if (gpu.crash != cudaSuccess) gpu.dead = gpu.crash, gpu.dead_device = gpu.chosen;
  gpu.crash = cudaSuccess;
  return called();
}
cudaError_t cudaMemcpyAsync(void* to, const void* from, std::size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t) {
  if (!gpu.capturing && gpu.dead == cudaSuccess) std::memcpy(to, from, bytes);
  return fake::enqueue(kind == cudaMemcpyHostToDevice ? "copy in" : "copy out");
}
cudaError_t cudaLaunchKernel(const void*, dim3 grid, dim3, void**, std::size_t, cudaStream_t) {
  if (grid.y > 65535) return cudaErrorInvalidConfiguration;
  return fake::enqueue(gpu.next);
}

cudaError_t cudaStreamBeginCaptureToGraph(cudaStream_t, cudaGraph_t, const cudaGraphNode_t* nodes,
                                          const cudaGraphEdgeData* edges, std::size_t count,
                                          cudaStreamCaptureMode mode) {
  if (const cudaError_t error = called(); error != cudaSuccess) return error;
  if (gpu.capturing || mode != cudaStreamCaptureModeThreadLocal) return cudaErrorIllegalState;
  if (std::set<cudaGraphNode_t>(nodes, nodes + count).size() != count) return cudaErrorInvalidValue;
  gpu.capturing = true;
  fake::tail.assign(nodes, nodes + count);
  fake::edges.assign(edges, edges + count);
  return cudaSuccess;
}
cudaError_t cudaStreamGetCaptureInfo(cudaStream_t, cudaStreamCaptureStatus* status,
                                     unsigned long long*, cudaGraph_t*,
                                     const cudaGraphNode_t** nodes, const cudaGraphEdgeData** edges,
                                     std::size_t* count) {
  *status = cudaStreamCaptureStatusActive;
  *nodes = fake::tail.data(), *edges = fake::edges.data(), *count = fake::tail.size();
  return called();
}
cudaError_t cudaStreamEndCapture(cudaStream_t, cudaGraph_t*) {
  gpu.capturing = false;
  return called();
}
cudaError_t cudaGraphCreate(cudaGraph_t* graph, unsigned) {
  ++gpu.graphs;
  gpu.nodes.clear();
  *graph = reinterpret_cast<cudaGraph_t>(16);
  return called();
}
cudaError_t cudaGraphDestroy(cudaGraph_t) {
  --gpu.graphs;
  return called();
}
cudaError_t cudaGraphInstantiate(cudaGraphExec_t* executable, cudaGraph_t, unsigned long long) {
  ++gpu.graphs;
  *executable = reinterpret_cast<cudaGraphExec_t>(24);
  return called();
}
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t) {
  --gpu.graphs;
  return called();
}
cudaError_t cudaGraphUpload(cudaGraphExec_t, cudaStream_t) {
  return called();
}
cudaError_t cudaGraphLaunch(cudaGraphExec_t, cudaStream_t) {
  if (const cudaError_t error = called(); error != cudaSuccess) return error;
  for (const fake::Node& node : gpu.nodes) gpu.ran.push_back(node.what);
  return cudaSuccess;
}

}  // extern "C"
