// One planted fault a case: what the threads and blocks of a launch do to one another.
#include "harness.hpp"

namespace incept::cuda {
namespace {

constexpr unsigned kAll = ~0u;

int index() {
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

// ---- Threads of a block.

template <bool Barrier>
__global__ void reverse_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, held, 64);
  held[threadIdx.x] = x[threadIdx.x];
  if (Barrier) __syncthreads();
  y[threadIdx.x] = held[63 - threadIdx.x];
}

// The second barrier keeps the next round from overwriting what is still being read.
template <bool Second>
__global__ void rounds_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, held, 64);
  float sum = 0;
  for (int round = 0; round < 3; ++round) {
    held[threadIdx.x] = x[threadIdx.x] + round;
    __syncthreads();
    sum += held[63 - threadIdx.x];
    if (Second) __syncthreads();
  }
  y[threadIdx.x] = sum;
}

template <bool Synchronised>
__global__ void neighbours_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, held, 64);
  held[threadIdx.x] = x[threadIdx.x];
  if (Synchronised) __syncwarp();
  y[threadIdx.x] = held[threadIdx.x ^ 1];
}

__global__ void shuffling_neighbours_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, held, 64);
  held[threadIdx.x] = x[threadIdx.x];
  __shfl_xor_sync(kAll, 0, 1);
  y[threadIdx.x] = held[threadIdx.x ^ 1];
}

// Lanes of other warps are not reached by __syncwarp.
__global__ void far_neighbours_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, held, 64);
  held[threadIdx.x] = x[threadIdx.x];
  __syncwarp();
  y[threadIdx.x] = held[threadIdx.x ^ 32];
}

__global__ void same_place_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x / 2] = x[threadIdx.x];
}

template <bool Plain>
__global__ void count_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, sum, 1);
  if (threadIdx.x == 0) sum[0] = 0;
  __syncthreads();
  atomicAdd(sum, x[threadIdx.x]);
  if (!Plain) __syncthreads();
  y[threadIdx.x] = sum[0];
}

// Whichever block comes first writes, the others read.
__global__ void unwritten_shared_kernel(Global<float> turn, Global<float> y) {
  INCEPT_SHARED(float, held, 1);
  const bool first = atomicAdd(turn, 1.0f) == 0;
  if (first) held[0] = 1;
  y[blockIdx.x] = held[0];
}

__global__ void large_shared_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, some, 12225);
  INCEPT_SHARED(float, more, 64);
  some[threadIdx.x] = more[threadIdx.x] = x[threadIdx.x];
  y[threadIdx.x] = some[threadIdx.x];
}

__global__ void outside_shared_kernel(Global<const float> x, Global<float> y) {
  INCEPT_SHARED(float, held, 63);
  held[threadIdx.x] = x[threadIdx.x];
  y[threadIdx.x] = held[threadIdx.x];
}

template <class Kernel>
void block_case(Kernel kernel, int blocks = 1, int floats = 64) {
  Bench bench;
  Memory& x = bench.counting(64);
  Memory& y = bench.fresh(floats * 4);
  one_task(bench, [&](Recorder& r) {
    r.launch("kernel", kernel, blocks, 64, whole<const float>(r, x), whole<float>(r, y));
  });
}

void races() {
  report("a barrier", [] { block_case(reverse_kernel<true>); });
  report("no barrier", [] { block_case(reverse_kernel<false>); });
  report("two barriers", [] { block_case(rounds_kernel<true>); });
  report("no second barrier", [] { block_case(rounds_kernel<false>); });
  report("a warp's barrier", [] { block_case(neighbours_kernel<true>); });
  report("no warp's barrier", [] { block_case(neighbours_kernel<false>); });
  report("a shuffle in place of it", [] { block_case(shuffling_neighbours_kernel); });
  report("a warp's barrier between warps", [] { block_case(far_neighbours_kernel); });
  report("two threads write", [] { block_case(same_place_kernel, 1, 32); });
  report("atomics", [] { block_case(count_kernel<false>); });
  report("atomics and a plain read", [] { block_case(count_kernel<true>); });
  report("another block's shared array", [] {
    Bench bench;
    Memory& turn = bench.uploaded(std::vector<float>{0});
    Memory& y = bench.fresh(2 * 4);
    one_task(bench, [&](Recorder& r) {
      r.launch("kernel", unwritten_shared_kernel, 2, 1, whole<float>(r, turn), whole<float>(r, y));
    });
  });
  report("outside of a shared array", [] { block_case(outside_shared_kernel); });
  report("too much shared memory", [] { block_case(large_shared_kernel); });
}

// ---- Blocks of a launch.

__global__ void same_sum_kernel(Global<const float> x, Global<float> y) {
  if (threadIdx.x == 0) y[0] = x[blockIdx.x];
}

__global__ void atomic_sum_kernel(Global<const float> x, Global<float> y, int plain) {
  if (threadIdx.x > 0) return;
  if (static_cast<int>(blockIdx.x) == plain)
    y[0] += x[blockIdx.x];
  else
    atomicAdd(y, x[blockIdx.x]);
}

// In place, each from its neighbour.
__global__ void shift_kernel(Global<float> y, int count) {
  const int i = index();
  if (i < count) y[i] = y[(i + 64) % count];
}

void blocks() {
  report("blocks write one place", [] { block_case(same_sum_kernel, 2, 1); });
  const auto sum = [](int plain) {
    Bench bench;
    Memory& x = bench.counting(8);
    Memory& y = bench.uploaded(std::vector<float>{0});
    one_task(bench, [&](Recorder& r) {
      r.launch("atomic_sum", atomic_sum_kernel, 8, 32, whole<const float>(r, x), whole<float>(r, y),
               plain);
    });
  };
  report("blocks add atomically", [&] { sum(-1); });
  report("one block adds plainly", [&] { sum(3); });
  report("a block reads what another writes", [] {
    Bench bench;
    Memory& y = bench.counting(256);
    one_task(bench,
             [&](Recorder& r) { r.launch("shift", shift_kernel, 4, 64, whole<float>(r, y), 256); });
  });
}

// ---- Barriers and shuffles that not all reach.

__global__ void returning_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 40) return;
  __syncthreads();
}

__global__ void two_barriers_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x < 32)
    __syncthreads();
  else
    __syncthreads();
}

__global__ void uneven_rounds_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x];
  for (unsigned i = 0; i <= threadIdx.x / 63; ++i) __syncthreads();
}

__global__ void returned_lane_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 5) return;
  __shfl_xor_sync(kAll, 1.0f, 1);
}

__global__ void waiting_lane_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x];
  if (threadIdx.x == 5)
    __syncthreads();
  else
    __shfl_xor_sync(kAll, 1.0f, 1);
}

__global__ void own_mask_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x] + __shfl_xor_sync(0xffffu, 1.0f, 1);
}

__global__ void other_mask_kernel(Global<const float> x, Global<float> y) {
  y[threadIdx.x] = x[threadIdx.x] + __shfl_xor_sync(threadIdx.x % 2 ? kAll : 0x55555555u, 1.0f, 2);
}

__global__ void unnamed_lane_kernel(Global<const float> x, Global<float> y) {
  const unsigned mask = threadIdx.x % 32 < 16 ? 0x0000ffffu : 0xffff0000u;
  const float other = __shfl_xor_sync(mask, x[threadIdx.x], 16);
  y[threadIdx.x] = other == other ? 1.0f : 0.0f;
}

__global__ void short_warp_kernel(Global<float> y) {
  y[threadIdx.x] = __shfl_xor_sync(kAll, 1.0f, 16);
}

void divergence() {
  report("a thread returns", [] { block_case(returning_kernel); });
  report("two barriers at once", [] { block_case(two_barriers_kernel); });
  report("one barrier more", [] { block_case(uneven_rounds_kernel); });
  report("a lane returns", [] { block_case(returned_lane_kernel); });
  report("a lane waits elsewhere", [] { block_case(waiting_lane_kernel); });
  report("a mask without its lane", [] { block_case(own_mask_kernel); });
  report("two masks", [] { block_case(other_mask_kernel); });
  report("a lane that a mask leaves out", [] {
    Bench bench;
    Memory& x = bench.counting(64);
    Memory& y = bench.fresh(64 * 4);
    HostMemory& out = bench.host(64);
    one_task(bench, [&](Recorder& r) {
      r.launch("kernel", unnamed_lane_kernel, 1, 64, whole<const float>(r, x), whole<float>(r, y));
      r.copy_out(out, y, 64);
    });
    float sum = 0;
    for (int i = 0; i < 64; ++i) sum += out.data()[i];
    return text("%g numbers", sum);
  });
  report("a warp that is not full", [] {
    Bench bench;
    Memory& y = bench.fresh(48 * 4);
    one_task(bench, [&](Recorder& r) {
      r.launch("kernel", short_warp_kernel, 1, 48, whole<float>(r, y));
    });
  });
  report("too many threads", [] {
    Bench bench;
    Memory& y = bench.fresh(48 * 4);
    one_task(bench, [&](Recorder& r) {
      r.launch("kernel", short_warp_kernel, 1, 1025, whole<float>(r, y));
    });
  });
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  races();
  blocks();
  divergence();
}
