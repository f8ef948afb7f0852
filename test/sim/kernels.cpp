// Kernels without a fault: what they compute, and in which order threads and blocks take turns.
#include <algorithm>
#include <set>
#include <thread>

#include "harness.hpp"

namespace incept::cuda {
namespace {

constexpr unsigned kAll = ~0u;

// ---- Sums of 0, 1, 2, ...

template <int Threads>
__global__ void sum_kernel(Global<const float> x, Global<float> y, int count) {
  INCEPT_SHARED(float, part, Threads);
  float sum = 0;
  for (int i = threadIdx.x; i < count; i += Threads) sum += x[i];
  part[threadIdx.x] = sum;
  __syncthreads();
  for (int half = Threads / 2; half > 0; half /= 2) {
    if (static_cast<int>(threadIdx.x) < half) part[threadIdx.x] += part[threadIdx.x + half];
    __syncthreads();
  }
  if (threadIdx.x == 0) y[0] = part[0];
}

__device__ float warp_sum(float value) {
  for (int lanes = 16; lanes > 0; lanes /= 2) value += __shfl_xor_sync(kAll, value, lanes);
  return value;
}

__global__ void warp_sum_kernel(Global<const float> x, Global<float> y, int count) {
  INCEPT_SHARED(float, part, 32);
  float sum = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) sum += x[i];
  sum = warp_sum(sum);
  if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = sum;
  __syncthreads();
  if (threadIdx.x >= 32) return;
  sum = warp_sum(threadIdx.x < blockDim.x / 32 ? static_cast<float>(part[threadIdx.x]) : 0.0f);
  if (threadIdx.x == 0) y[0] = sum;
}

__global__ void down_sum_kernel(Global<const float> x, Global<float> y, int count) {
  int sum = 0;
  for (int i = threadIdx.x; i < count; i += 32) sum += static_cast<int>(x[i]);
  for (int delta = 16; delta > 0; delta /= 2) sum += __shfl_down_sync(kAll, sum, delta);
  if (threadIdx.x == 0) y[0] = static_cast<float>(sum);
}

// Half a warp does something of its own.
__global__ void half_warps_kernel(Global<const float> x, Global<float> y, int count) {
  const bool upper = threadIdx.x % 32 >= 16;
  float sum = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) sum += x[i];
  if (upper)
    for (int lanes = 8; lanes > 0; lanes /= 2) sum += __shfl_xor_sync(0xffff0000u, sum, lanes);
  else
    for (int lanes = 8; lanes > 0; lanes /= 2) sum += __shfl_xor_sync(0x0000ffffu, sum, lanes);
  if (threadIdx.x % 16 == 0) atomicAdd(y, sum);
}

__global__ void atomic_sum_kernel(Global<const float> x, Global<float> y, int count) {
  const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) atomicAdd(y, x[i]);
}

// By threads of a warp that tell each other through shared memory.
__global__ void told_sum_kernel(Global<const float> x, Global<float> y, int count) {
  INCEPT_SHARED(float, part, 20);
  float sum = 0;
  for (int i = threadIdx.x; i < count; i += blockDim.x) sum += x[i];
  part[threadIdx.x] = sum;
  __syncwarp();
  if (threadIdx.x > 0) return;
  for (unsigned i = 1; i < blockDim.x; ++i) sum += part[i];
  y[0] = sum;
}

template <class Kernel>
float sum_of(Kernel kernel, int blocks, int threads, int count = 1000, int replays = 1) {
  Bench bench;
  Memory& x = bench.counting(count);
  HostMemory& out = bench.host(1);
  for (int i = 0; i < replays; ++i) {
    Memory& y = bench.uploaded(std::vector<float>{0});
    one_task(bench, [&](Recorder& r) {
      r.launch("sum", kernel, blocks, threads, whole<const float>(r, x), whole<float>(r, y), count);
      r.copy_out(out, y, 1);
    });
    if (out.data()[0] != count * (count - 1) / 2) return -1;
  }
  return out.data()[0];
}

void sums() {
  const auto show = [](float sum) { return text("%g", sum); };
  report("through shared memory", [&] { return show(sum_of(sum_kernel<256>, 1, 256)); });
  report("with one thread", [&] { return show(sum_of(sum_kernel<1>, 1, 1)); });
  report("with all threads", [&] { return show(sum_of(sum_kernel<1024>, 1, 1024)); });
  report("through shuffles", [&] { return show(sum_of(warp_sum_kernel, 1, 192)); });
  report("downwards", [&] { return show(sum_of(down_sum_kernel, 1, 32)); });
  report("in half warps", [&] { return show(sum_of(half_warps_kernel, 1, 64)); });
  report("with atomics", [&] { return show(sum_of(atomic_sum_kernel, 8, 128)); });
  report("in a warp that is not full", [&] { return show(sum_of(told_sum_kernel, 1, 20)); });
  report("on several threads of the host", [&] {
    std::vector<std::thread> threads;
    std::vector<float> results(4);
    for (float& result : results)
      threads.emplace_back([&result] { result = sum_of(warp_sum_kernel, 1, 192, 1000, 30); });
    for (std::thread& one : threads) one.join();
    return text("%g %g %g %g", results[0], results[1], results[2], results[3]);
  });
}

// ---- Other ways to go through memory.

__global__ void transpose_kernel(Global<const float> x, Global<float> y, int rows, int columns) {
  INCEPT_SHARED(float, tile, 16 * 17);
  const int left = blockIdx.x * 16, top = blockIdx.y * 16, image = blockIdx.z;
  const std::int64_t first = std::int64_t(image) * rows * columns;
  for (int i = threadIdx.x; i < 256; i += blockDim.x)
    if (top + i / 16 < rows && left + i % 16 < columns)
      tile[i / 16 * 17 + i % 16] = x[first + (top + i / 16) * columns + left + i % 16];
  __syncthreads();
  for (int i = threadIdx.x; i < 256; i += blockDim.x)
    if (left + i / 16 < columns && top + i % 16 < rows)
      y[first + (left + i / 16) * rows + top + i % 16] = tile[i % 16 * 17 + i / 16];
}

std::string transposed() {
  const int images = 2, rows = 37, columns = 21;
  Bench bench;
  Memory& x = bench.counting(images * rows * columns);
  Memory& y = bench.fresh(x.bytes());
  HostMemory& out = bench.host(images * rows * columns);
  one_task(bench, [&](Recorder& r) {
    r.launch("transpose", transpose_kernel, dim3(2, 3, images), 64, whole<const float>(r, x),
             whole<float>(r, y), rows, columns);
    r.copy_out(out, y, images * rows * columns);
  });
  int wrong = 0;
  for (int n = 0; n < images; ++n)
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j)
        wrong += out.data()[(n * columns + j) * rows + i] !=
                 static_cast<float>((n * rows + i) * columns + j);
  return text("%d wrong", wrong);
}

template <class T>
__global__ void halve_kernel(Global<T> x, int packs) {
  const int i = threadIdx.x;
  if (i >= packs) return;
  Pack<T, 8> pack = load<8>(x, i * 8);
  for (T& one : pack.at) one = from_float<T>(to_float(one) / 2);
  store<8>(x, i * 8, pack);
}

template <class T>
__global__ void widen_kernel(Global<const T> x, Global<float> y, int count) {
  const Global<float> from_one = y + 1;
  for (int i = threadIdx.x; i < count; i += blockDim.x) from_one[i - 1] = to_float(x[i]);
}

// In place, by packs of sixteen bytes.
template <class P>
std::string halved() {
  using T = Element<P>;
  Bench bench;
  std::vector<T> values(80);
  for (int i = 0; i < 80; ++i) values[i] = from_float<T>(static_cast<float>(i));
  Memory& x = bench.uploaded(values);
  Memory& y = bench.fresh(80 * 4);
  HostMemory& out = bench.host(80);
  one_task(bench, [&](Recorder& r) {
    r.launch("halve", halve_kernel<T>, 1, 32, whole<T>(r, x), 10);
    r.launch("widen", widen_kernel<T>, 1, 32, whole<const T>(r, x), whole<float>(r, y), 80);
    r.copy_out(out, y, 80);
  });
  int wrong = 0;
  for (int i = 0; i < 80; ++i) wrong += out.data()[i] != static_cast<float>(i) / 2;
  return text("%d wrong", wrong);
}

// ---- Turns.

template <bool Threads>
__global__ void turns_kernel(Global<float> ticket, Global<float> y) {
  if (!Threads && threadIdx.x > 0) return;
  const auto turn = static_cast<int>(atomicAdd(ticket, 1.0f));
  y[turn] = static_cast<float>(Threads ? threadIdx.x : blockIdx.x);
}

// The order of 40 threads or blocks in ten replays: how many orders, and whether each has them all.
template <bool Threads>
std::string turns(std::vector<std::vector<float>>& orders) {
  Bench bench;
  Memory& ticket = bench.fresh(4);
  Memory& y = bench.fresh(40 * 4);
  HostMemory& zero = bench.host(1);
  HostMemory& out = bench.host(40);
  Recorder r(bench.device, Recorder::Mode::kGraph, 1);
  task(r, 0, {}, [&] {
    r.copy_in(ticket, zero, 1);
    r.launch("turns", turns_kernel<Threads>, Threads ? 1 : 40, Threads ? 40 : 2,
             whole<float>(r, ticket), whole<float>(r, y));
    r.copy_out(out, y, 40);
  });
  r.finish();
  for (int i = 0; i < 10; ++i) {
    r.replay();
    bench.device.synchronize();
    orders.emplace_back(out.data(), out.data() + 40);
  }
  for (std::vector<float> order : orders) {
    std::sort(order.begin(), order.end());
    for (int i = 0; i < 40; ++i)
      if (order[i] != static_cast<float>(i)) return "someone had no turn";
  }
  const std::set<std::vector<float>> distinct(orders.begin(), orders.end());
  return distinct.size() > 5 ? "many orders" : text("%zu orders", distinct.size());
}

template <bool Threads>
std::string again() {
  std::vector<std::vector<float>> first, second, third;
  turns<Threads>(first);
  turns<Threads>(second);
  sim::faults().seed = 1;
  turns<Threads>(third);
  sim::faults().seed = 0;
  return text("%s, %s", first == second ? "the same" : "another",
              first == third ? "the same with another seed" : "another with another seed");
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  sums();
  report("a transpose", transposed);
  report("packs of f16", halved<f16>);
  report("packs of bf16", halved<bf16>);
  std::vector<std::vector<float>> orders, others;
  report("turns of threads", [&] { return turns<true>(orders); });
  report("turns of blocks", [&] { return turns<false>(others); });
  report("turns of threads once more", again<true>);
  report("turns of blocks once more", again<false>);
}
