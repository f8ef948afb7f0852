// One planted fault a case: places, values and tasks.
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
  one_task(bench, [&](Recorder& r) {
    r.launch("copy", copy_kernel, 2, 32, whole<const float>(r, x), whole<float>(r, y), first,
             count);
  });
}

void fill_slice(int pitch, int channels) {
  Bench bench;
  Memory& y = bench.fresh(6 * 8 * 4);
  one_task(bench, [&](Recorder& r) {
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
  report("a pointer beyond a stretch", [] {
    Bench bench;
    Memory& y = bench.fresh(6 * 8 * 4);
    one_task(bench, [&](Recorder& r) {
      r.launch("walk", walk_kernel, 1, 1, slice<float>(r, y, 6, 2, 4, 8), 2, 3);
    });
  });
  report("a view of nothing", [] {
    Bench bench;
    Memory& y = bench.fresh(6 * 8 * 4);
    one_task(bench, [&](Recorder& r) {
      r.launch("walk", walk_kernel, 1, 1, slice<float>(r, y, 0, 0, 4, 8), 0, 1);
    });
  });
  report("a null pointer", [] {
    Bench bench;
    Memory& y = bench.fresh(4);
    one_task(bench, [&](Recorder& r) {
      r.launch("copy", copy_kernel, 1, 1, nullptr, whole<float>(r, y), 0, 1);
    });
  });
  report("a view beyond its memory", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 100);
    one_task(bench, [&](Recorder& r) { slice<float>(r, y, 13, 4, 4, 8); });
  });
  report("a view of another task", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 2);
    Global<float> kept;
    task(r, 0, {}, [&] { kept = whole<float>(r, y); });
    task(r, 1, {0}, [&] { r.launch("update", update_kernel, 1, 8, kept, 8); });
  });
  report("the host", [] {
    Bench bench;
    Memory& x = bench.counting(4);
    one_task(bench, [&](Recorder& r) { std::printf("%g", whole<const float>(r, x)[1]); });
  });
  report("freed memory", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    auto x = std::make_unique<Memory>();
    x->allocate(bench.device, 4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 1);
    task(r, 0, {}, [&] {
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
    one_task(bench, [&](Recorder& r) {
      r.launch("copy_packs", copy_packs_kernel<4>, 1, 32, whole<const float>(r, x),
               whole<float>(r, y), first, 8);
    });
  };
  report("aligned packs", [&] { packs(4); });
  report("misaligned packs", [&] { packs(2); });
  report("a pack across stretches", [] {
    Bench bench;
    Memory& x = bench.counting(8 * 6);
    Memory& y = bench.fresh(16);
    one_task(bench, [&](Recorder& r) {
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
    one_task(bench, [&](Recorder& r) {
      r.launch("copy", copy_kernel, 1, 8, whole<const float>(r, x), whole<float>(r, y), 0, 8);
    });
  });
  report("an unwritten output", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    one_task(bench, [&](Recorder& r) {
      r.launch("fill", fill_kernel, 1, 8, whole<float>(r, y), 7, 1, 1);
    });
  });
  report("an output written by an earlier task", [] {
    Bench bench;
    Memory& y = bench.fresh(4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 2);
    task(r, 0, {}, [&] { r.launch("fill", fill_kernel, 1, 8, whole<float>(r, y), 8, 1, 1); });
    task(r, 1, {0}, [&] {
      whole<const float>(r, y);
      r.launch("fill", fill_kernel, 1, 8, whole<float>(r, y), 7, 1, 1);
    });
    r.finish();
    r.replay();
  });
  // Task 2 declares that it writes, but it adds to what task 1 was the last to read.
  const auto dead = [](bool declared) {
    Bench bench;
    Memory& x = bench.fresh(4 * 8);
    Memory& y = bench.fresh(4 * 8);
    Recorder r(bench.device, Recorder::Mode::kGraph, 3);
    task(r, 0, {}, [&] { r.launch("fill", fill_kernel, 1, 8, whole<float>(r, x), 8, 1, 1); });
    task(r, 1, {0}, [&] {
      r.launch("copy", copy_kernel, 1, 8, whole<const float>(r, x), whole<float>(r, y), 0, 8);
    });
    task(r, 2, {1}, [&] {
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
    task(first, 0, {},
         [&] { first.launch("fill", fill_kernel, 1, 8, whole<float>(first, x), 8, 1, 1); });
    first.finish();
    one_task(bench, [&](Recorder& r) { r.copy_out(out, x, 8); });
  });
}

// ---- Tasks.

// Tasks 1 and 2 write channels of one buffer.
void concurrent(int first, int channels, std::initializer_list<int> after) {
  Bench bench;
  Memory& y = bench.fresh(6 * 8 * 4);
  Recorder r(bench.device, Recorder::Mode::kGraph, 3);
  const auto fill = [&](Global<float> to, int count) {
    r.launch("fill", fill_kernel, 1, 32, to, 6 * count, 8, count);
  };
  task(r, 0, {}, [] {});
  task(r, 1, {0}, [&] { fill(slice<float>(r, y, 6, 0, 4, 8), 4); });
  task(r, 2, after, [&] { fill(slice<float>(r, y, 6, first, channels, 8), channels); });
  r.finish();
  r.replay();
}

void tasks() {
  report("concurrent tasks apart", [] { concurrent(4, 4, {0}); });
  report("concurrent tasks that share bytes", [] { concurrent(3, 4, {0}); });
  report("ordered tasks that share bytes", [] { concurrent(3, 4, {1}); });
  report("a task that follows none", [] {
    Bench bench;
    Recorder r(bench.device, Recorder::Mode::kGraph, 3);
    task(r, 0, {}, [] {});
    task(r, 1, {2}, [] {});
  });
  report("a launch outside of a task", [] {
    Bench bench;
    Recorder r(bench.device, Recorder::Mode::kGraph, 1);
    r.launch("fill", fill_kernel, 1, 32, nullptr, 1, 1, 1);
  });
}

void lost() {
  Bench bench;
  Memory& y = bench.fresh(4 * 8);
  const auto fill = [&](int count) {
    one_task(bench, [&](Recorder& r) {
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
  tasks();
  lost();
}
