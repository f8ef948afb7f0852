// One planted fault a case.
#include "harness.hpp"

namespace incept::cuda {
namespace {

constexpr unsigned kAll = ~0u;

int index() {
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

// ---- Places.

__global__ void copy_kernel(Global<const float> x, Global<float> y, int first, int count) {
  const int i = index();
  if (i < count) y[i] = x[first + i];
}

__global__ void fill_kernel(Global<float> y, int count, int pitch, int channels) {
  const int i = index();
  if (i < count) y[i / channels * pitch + i % channels] = 1;
}

__global__ void fill_from_kernel(Global<float> y, int first, int count) {
  const int i = index();
  if (i < count) y[first + i] = 1;
}

__global__ void walk_kernel(Global<float> y, int first, int count) {
  for (int i = first; i < first + count; ++i) y[i] = 1;
}

__global__ void update_kernel(Global<float> y, int count) {
  const int i = index();
  if (i < count) y[i] += 1.0f;
}

template <int V>
__global__ void copy_packs_kernel(Global<const float> x, Global<float> y, int first, int packs) {
  const int i = index();
  if (i < packs) store(y, i * V, load<V>(x, first + i * V));
}

void copy_case(int floats, int first, int count, int of) {
  Bench bench;
  Memory& x = bench.counting(of);
  Memory& y = bench.fresh(floats * 4);
  one_step(bench, [&](Recorder& r) {
    r.launch("copy", copy_kernel, 2, 32, whole<const float>(r, x), whole<float>(r, y), first,
             count);
  });
}

void fill_slice(int pitch, int channels) {
  Bench bench;
  Memory& y = bench.fresh(6 * 8 * 4);
  one_step(bench, [&](Recorder& r) {
    r.launch("fill", fill_kernel, 1, 32, slice<float>(r, y, 6, 2, 4, 8), 6 * channels, pitch,
             channels);
  });
}

void places() {
  report("reads above", [] { copy_case(40, 1, 40, 40); });
  report("reads below", [] { copy_case(40, -1, 40, 40); });
  report("writes above", [] { copy_case(39, 0, 40, 40); });
  report("stays inside", [] { copy_case(40, 0, 40, 40); });
  report("a slice by its pitch", [] { fill_slice(8, 4); });
  report("a neighbour's channels", [] { fill_slice(8, 5); });
  report("a wrong pitch", [] { fill_slice(7, 4); });
  report("a step beyond a run", [] {
    Bench bench;
    Memory& y = bench.fresh(6 * 8 * 4);
    one_step(bench, [&](Recorder& r) {
      r.launch("walk", walk_kernel, 1, 1, slice<float>(r, y, 6, 2, 4, 8), 2, 3);
    });
  });
  report("a view of nothing", [] {
    Bench bench;
    Memory& y = bench.fresh(6 * 8 * 4);
    one_step(bench, [&](Recorder& r) {
      r.launch("walk", walk_kernel, 1, 1, slice<float>(r, y, 0, 0, 4, 8), 0, 1);
    });
  });
  report("a null pointer", [] {
    Bench bench;
    Memory& y = bench.fresh(4);
    one_step(bench, [&](Recorder& r) {
      r.launch("copy", copy_kernel, 1, 1, nullptr, whole<float>(r, y), 0, 1);
    });
  });
  report("a view beyond its memory", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 100);
    one_step(bench, [&](Recorder& r) { slice<float>(r, y, 13, 4, 4, 8); });
  });
  report("a view of another step", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 2);
    Global<float> kept;
    step(r, 0, {}, [&] { kept = whole<float>(r, y); });
    step(r, 1, {0}, [&] { r.launch("update", update_kernel, 1, 8, kept, 8); });
  });
  report("the host", [] {
    Bench bench;
    Memory& x = bench.counting(4);
    one_step(bench, [&](Recorder& r) { std::printf("%g", whole<const float>(r, x)[1]); });
  });
  report("freed memory", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    auto x = std::make_unique<Memory>();
    x->allocate(bench.device, 4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 1);
    step(r, 0, {}, [&] {
      r.launch("copy", copy_kernel, 1, 8, whole<const float>(r, *x), whole<float>(r, y), 0, 8);
    });
    r.finish();
    x.reset();
    r.replay();
  });
  const auto packs = [](int first) {
    Bench bench;
    Memory& x = bench.counting(40);
    Memory& y = bench.fresh(4 * 32);
    one_step(bench, [&](Recorder& r) {
      r.launch("copy_packs", copy_packs_kernel<4>, 1, 32, whole<const float>(r, x),
               whole<float>(r, y), first, 8);
    });
  };
  report("aligned packs", [&] { packs(4); });
  report("misaligned packs", [&] { packs(2); });
  report("a pack across runs", [] {
    Bench bench;
    Memory& x = bench.counting(8 * 6);
    Memory& y = bench.fresh(16);
    one_step(bench, [&](Recorder& r) {
      r.launch("copy_packs", copy_packs_kernel<4>, 1, 1, slice<const float>(r, x, 8, 0, 5, 6),
               whole<float>(r, y), 4, 1);
    });
  });
}

// ---- What was never written, or is no longer.

void values() {
  report("unwritten memory", [] {
    Bench bench;
    Memory& x = bench.fresh(4 * 8);
    Memory& y = bench.fresh(4 * 8);
    one_step(bench, [&](Recorder& r) {
      r.launch("copy", copy_kernel, 1, 8, whole<const float>(r, x), whole<float>(r, y), 0, 8);
    });
  });
  report("an unwritten output", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    one_step(bench, [&](Recorder& r) {
      r.launch("fill", fill_kernel, 1, 8, whole<float>(r, y), 7, 1, 1);
    });
  });
  report("an output written by an earlier step", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 2);
    step(r, 0, {}, [&] { r.launch("fill", fill_kernel, 1, 8, whole<float>(r, y), 8, 1, 1); });
    step(r, 1, {0}, [&] {
      whole<const float>(r, y);
      r.launch("fill", fill_kernel, 1, 8, whole<float>(r, y), 7, 1, 1);
    });
    r.finish();
    r.replay();
  });
  // Step 2 declares that it writes, but it adds to what step 1 was the last to read.
  const auto dead = [](bool declared) {
    Bench bench;
    Memory& x = bench.fresh(4 * 8);
    Memory& y = bench.fresh(4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 3);
    step(r, 0, {}, [&] { r.launch("fill", fill_kernel, 1, 8, whole<float>(r, x), 8, 1, 1); });
    step(r, 1, {0}, [&] {
      r.launch("copy", copy_kernel, 1, 8, whole<const float>(r, x), whole<float>(r, y), 0, 8);
    });
    step(r, 2, {1}, [&] {
      if (declared) whole<const float>(r, x);
      r.launch("update", update_kernel, 1, 8, whole<float>(r, x), 8);
    });
    r.finish();
    r.replay();
  };
  report("a value that is read again", [&] { dead(true); });
  report("a dead value", [&] { dead(false); });
  report("a value of an earlier replay", [] {
    Bench bench;
    Memory& x = bench.fresh(4 * 8);
    HostMemory& out = bench.host(8);
    Recorder first(bench.device, Recorder::Mode::kEager, 1);
    step(first, 0, {},
         [&] { first.launch("fill", fill_kernel, 1, 8, whole<float>(first, x), 8, 1, 1); });
    first.finish();
    one_step(bench, [&](Recorder& r) { r.copy_out(out, x, 8); });
  });
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
  one_step(bench, [&](Recorder& r) {
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
    one_step(bench, [&](Recorder& r) {
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
    one_step(bench, [&](Recorder& r) {
      r.launch("atomic_sum", atomic_sum_kernel, 8, 32, whole<const float>(r, x), whole<float>(r, y),
               plain);
    });
  };
  report("blocks add atomically", [&] { sum(-1); });
  report("one block adds plainly", [&] { sum(3); });
  report("a block reads what another writes", [] {
    Bench bench;
    Memory& y = bench.counting(256);
    one_step(bench,
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
    one_step(bench, [&](Recorder& r) {
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
    one_step(bench, [&](Recorder& r) {
      r.launch("kernel", short_warp_kernel, 1, 48, whole<float>(r, y));
    });
  });
  report("too many threads", [] {
    Bench bench;
    Memory& y = bench.fresh(48 * 4);
    one_step(bench, [&](Recorder& r) {
      r.launch("kernel", short_warp_kernel, 1, 1025, whole<float>(r, y));
    });
  });
}

// ---- Steps.

// Steps 1 and 2 write channels of one buffer.
void concurrent(int first, int channels, std::initializer_list<int> after) {
  Bench bench;
  Memory& y = bench.fresh(6 * 8 * 4);
  Recorder r(bench.device, Recorder::Mode::kGraph, 3);
  const auto fill = [&](Global<float> to, int count) {
    r.launch("fill", fill_kernel, 1, 32, to, 6 * count, 8, count);
  };
  step(r, 0, {}, [] {});
  step(r, 1, {0}, [&] { fill(slice<float>(r, y, 6, 0, 4, 8), 4); });
  step(r, 2, after, [&] { fill(slice<float>(r, y, 6, first, channels, 8), channels); });
  r.finish();
  r.replay();
}

void steps() {
  report("concurrent steps apart", [] { concurrent(4, 4, {0}); });
  report("concurrent steps that share bytes", [] { concurrent(3, 4, {0}); });
  report("ordered steps that share bytes", [] { concurrent(3, 4, {1}); });
  report("a step that follows none", [] {
    Bench bench;
    Recorder r(bench.device, Recorder::Mode::kGraph, 3);
    step(r, 0, {}, [] {});
    step(r, 1, {2}, [] {});
  });
  report("a launch outside of a step", [] {
    Bench bench;
    Recorder r(bench.device, Recorder::Mode::kGraph, 1);
    r.launch("fill", fill_kernel, 1, 32, nullptr, 1, 1, 1);
  });
}

void lost() {
  Bench bench;
  Memory& y = bench.fresh(4 * 8);
  const auto fill = [&](int count) {
    one_step(bench, [&](Recorder& r) {
      r.launch("fill", fill_from_kernel, 1, 32, whole<float>(r, y), 0, count);
    });
  };
  report("before", [&] { fill(8); });
  report("the violation", [&] { fill(9); });
  report("after", [&] { fill(8); });
  report("synchronizing", [&] { bench.device.synchronize(); });
  report("a new device", [] {
    Device device;
    device.synchronize();
  });
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  places();
  values();
  races();
  blocks();
  divergence();
  steps();
  lost();
}
