// Tasks: their order, what lives between them, and what a test can make go wrong.
#include <algorithm>
#include <cstring>
#include <set>
#include <thread>

#include "harness.hpp"
#include "sim/order.hpp"

namespace incept::cuda {
namespace {

using Mode = Recorder::Mode;

int index() {
  return static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
}

// ---- Orders.

std::vector<int> trace;

__global__ void trace_kernel(int task) {
  trace.push_back(task);
}

// 0 before 1 and 2, those before 3; 4 and 5 beside them all, 5 after 4.
void record(Recorder& r) {
  const auto traced = [&](int id, std::initializer_list<int> after) {
    task(r, id, after, [&] { r.launch("trace", trace_kernel, 1, 1, id); });
  };
  traced(0, {});
  traced(1, {0});
  traced(2, {0});
  traced(3, {1, 2});
  traced(4, {});
  traced(5, {4});
  r.finish();
}

bool allowed(const std::vector<int>& order) {
  const auto place = [&](int task) { return std::find(order.begin(), order.end(), task); };
  const auto before = [&](int a, int b) { return place(a) < place(b); };
  return order.size() == 6 && before(0, 1) && before(0, 2) && before(1, 3) && before(2, 3) &&
         before(4, 5);
}

std::vector<std::vector<int>> orders(int replays) {
  Bench bench;
  Recorder r(bench.device, Mode::kGraph, 6);
  record(r);
  std::vector<std::vector<int>> all;
  for (int i = 0; i < replays; ++i) {
    trace.clear();
    r.replay();
    all.push_back(trace);
  }
  return all;
}

void turns() {
  report("recorded at once", [] {
    Bench bench;
    trace.clear();
    Recorder r(bench.device, Mode::kEager, 6);
    record(r);
    return trace == std::vector<int>{0, 1, 2, 3, 4, 5} ? "in order" : "out of order";
  });
  report("recorded to replay", [] {
    Bench bench;
    trace.clear();
    Recorder r(bench.device, Mode::kGraph, 6);
    record(r);
    return trace.empty() ? "nothing ran" : "something ran";
  });
  report("replayed", [] {
    const auto all = orders(200);
    if (!std::all_of(all.begin(), all.end(), allowed)) return std::string("a wrong order");
    // Two of the first four and any place for the others: 2 * 15.
    return text("%zu orders", std::set(all.begin(), all.end()).size());
  });
  report("replayed once more", [] { return orders(20) == orders(20) ? "the same" : "another"; });
  report("an eager recorder replayed", [] {
    Bench bench;
    Recorder r(bench.device, Mode::kEager, 6);
    record(r);
    r.replay();
  });
  report("an unfinished recorder replayed", [] {
    Bench bench;
    Recorder(bench.device, Mode::kGraph, 6).replay();
  });
}

// ---- What lives.

__global__ void add_kernel(Global<const float> x, Global<float> y, float value, int count) {
  const int i = index();
  if (i < count) y[i] = x[i] + value;
}

__global__ void sum_kernel(Global<const float> a, Global<const float> b, Global<float> y,
                           int count) {
  const int i = index();
  if (i < count) y[i] = a[i] + b[i];
}

// One arena of four places of eight floats, and uploaded weights. `again` writes to place 0 again,
// after all that read it; its reader sees the second value.
std::string lives(int replays) {
  Bench bench;
  Memory& arena = bench.fresh(4 * 32);
  Memory& weights = bench.counting(8);
  HostMemory& in = bench.host(8);
  HostMemory& out = bench.host(8);
  Memory& input = bench.fresh(32);
  Memory& output = bench.fresh(32);
  for (int i = 0; i < 8; ++i) in.data()[i] = static_cast<float>(i * 10);
  Recorder r(bench.device, Mode::kGraph, 9);
  const auto read = [&](int place) { return r.view<const float>(arena, place * 32, 1, 32, 32); };
  const auto written = [&](int place) { return r.view<float>(arena, place * 32, 1, 32, 32); };
  const auto add = [&](int from, int to, float value) {
    r.launch("add", add_kernel, 1, 8, read(from), written(to), value, 8);
  };
  task(r, 0, {}, [&] { r.copy_in(input, in, 8); });
  task(r, 1, {0}, [&] {  // 0: in + weights
    r.launch("sum", sum_kernel, 1, 8, whole<const float>(r, input), whole<const float>(r, weights),
             written(0), 8);
  });
  task(r, 2, {1}, [&] { add(0, 1, 100); });   // 1: + 100
  task(r, 3, {1}, [&] { add(0, 2, 200); });   // 2: + 200
  task(r, 4, {2}, [&] { add(1, 1, 1000); });  // 1, in place: + 1100
  task(r, 5, {2, 3}, [&] {                    // 0 again: weights
    r.launch("add", add_kernel, 1, 8, whole<const float>(r, weights), written(0), 0.0f, 8);
  });
  task(r, 6, {4, 5}, [&] {  // 3: in + 2 weights + 1100
    r.launch("sum", sum_kernel, 1, 8, read(0), read(1), written(3), 8);
  });
  task(r, 7, {6, 3}, [&] {  // 2 in + 3 weights + 1300
    r.launch("sum", sum_kernel, 1, 8, read(2), read(3), whole<float>(r, output), 8);
  });
  task(r, 8, {7}, [&] { r.copy_out(out, output, 8); });
  r.finish();
  int wrong = 0;
  for (int i = 0; i < replays; ++i) {
    r.replay();
    bench.device.synchronize();
    for (int j = 0; j < 8; ++j) wrong += out.data()[j] != static_cast<float>(23 * j + 1300);
  }
  return text("%d wrong", wrong);
}

__global__ void fill_kernel(Global<float> y, int count) {
  const int i = index();
  if (i < count) y[i] = 1;
}

const Memory* looked_at;
std::string look;

// A letter a float: alive or dead.
__global__ void look_kernel() {
  for (std::size_t byte = 0; byte < looked_at->bytes(); byte += 4)
    look += looked_at->store()->unwritten(static_cast<std::int64_t>(byte), 4) < 0 ? 'a' : 'd';
  look += ' ';
}

// Eight floats are written and read; then four of them are read again, and two of those by another
// task. Whoever of the two comes first, what the other reads lives on. The last float is written
// and read once more at the end, and is dead until then.
std::string parts() {
  Bench bench;
  Memory& x = bench.fresh(4 * 8);
  Memory& y = bench.fresh(4 * 8);
  Memory& z = bench.fresh(4 * 8);
  Recorder r(bench.device, Mode::kGraph, 6);
  const auto add = [&](Memory& to, int first, int count) {
    const std::int64_t bytes = count * 4;
    r.launch("add", add_kernel, 1, 8, r.view<const float>(x, first * 4, 1, bytes, bytes),
             r.view<float>(to, first * 4, 1, bytes, bytes), 0.0f, count);
  };
  const auto looked = [&] { r.launch("look", look_kernel, 1, 1); };
  const auto last = [&] { return r.view<float>(x, 7 * 4, 1, 4, 4); };
  looked_at = &x;
  task(r, 0, {}, [&] { r.launch("fill", fill_kernel, 1, 8, whole<float>(r, x), 8); });
  task(r, 1, {0}, [&] { looked(), add(y, 0, 8); });
  task(r, 2, {1}, [&] { looked(), add(y, 2, 4); });
  task(r, 3, {1}, [&] { looked(), add(z, 1, 2); });
  task(r, 4, {2, 3}, [&] { looked(), r.launch("fill", fill_kernel, 1, 8, last(), 1); });
  task(r, 5, {4}, [&] { looked(), add(y, 7, 1); });
  r.finish();
  std::set<std::string> looks;
  for (int i = 0; i < 20; ++i) {
    look.clear();
    r.replay();
    looks.insert(look);
  }
  std::string all;
  for (const std::string& one : looks) all += (all.empty() ? "" : "or ") + one;
  return all;
}

void lives_and_dies() {
  report("values", [] { return lives(60); });
  report("parts of values", parts);
  report("more copied in than there is", [] {
    Bench bench;
    Memory& x = bench.fresh(4 * 8);
    HostMemory& in = bench.host(7);
    one_task(bench, [&](Recorder& r) { r.copy_in(x, in, 8); });
  });
  report("more copied out than there is", [] {
    Bench bench;
    Memory& x = bench.counting(8);
    HostMemory& out = bench.host(9);
    one_task(bench, [&](Recorder& r) { r.copy_out(out, x, 9); });
  });
  report("copies left out", [] {
    Bench bench;
    Memory& x = bench.fresh(4 * 8);
    HostMemory& host = bench.host(8);
    host.data()[3] = 5;
    Recorder r(bench.device, Mode::kGraph, 1);
    r.leave_copies_out();
    task(r, 0, {}, [&] {
      r.copy_in(x, host, 8);
      r.launch("add", add_kernel, 1, 8, whole<const float>(r, x), whole<float>(r, x), 1.0f, 8);
      r.copy_out(host, x, 8);
    });
    r.finish();
    r.replay();
    return text("%g", host.data()[3]);
  });
  report("more uploaded than there is", [] {
    Bench bench;
    const float values[9] = {};
    bench.device.upload(bench.fresh(4 * 8), values, 4 * 9);
  });
}

// ---- Which runs overlap.

std::string overlaps() {
  std::uint64_t state = 5;
  const auto below = [&](int limit) {
    state = sim::mixed(state);
    return static_cast<std::int64_t>(state % limit);
  };
  int wrong = 0, shared = 0;
  for (int i = 0; i < 200000; ++i) {
    sim::Region regions[2];
    std::vector<char> bytes[2];
    const std::int64_t pitch = 1 + below(12);
    for (int k : {0, 1}) {
      const std::int64_t own = below(2) ? pitch : 1 + below(12);
      regions[k] = {below(40), below(7), own, below(4) == 0 ? own : below(own + 1)};
      bytes[k].assign(200, 0);
      regions[k].each([&](std::int64_t byte, std::int64_t count) {
        std::memset(bytes[k].data() + byte, 1, count);
      });
    }
    const std::int64_t byte = sim::shared_byte(regions[0], regions[1]);
    bool any = false;
    for (int k = 0; k < 200; ++k) any |= bytes[0][k] && bytes[1][k];
    shared += any;
    wrong += byte < 0 ? any : !(bytes[0][byte] && bytes[1][byte]);
  }
  return text("%d wrong, %s", wrong, shared > 20000 && shared < 180000 ? "of both kinds" : "alike");
}

// ---- Faults.

void faults() {
  using sim::faults;
  report("memory runs out", [] {
    Bench bench;
    incept_sim_fault("out_of_memory_above", 1000);
    bench.fresh(600);
    bench.fresh(400);
    bench.fresh(1);
  });
  report("memory comes back", [] {
    Bench bench;
    bench.fresh(1000);
    bench.memories.clear();
    bench.fresh(1000);
  });
  report("what is free", [] {
    incept_sim_fault("out_of_memory_above", std::int64_t{2} << 30);
    Bench bench;
    bench.fresh(std::size_t{512} << 10);
    return bench.device.free_memory();
  });
  incept_sim_fault("out_of_memory_above", std::int64_t{2} << 30);
  report("a replay loses the device", [] {
    incept_sim_fault("lose_device_at_task", 3);
    Bench bench;
    trace.clear();
    Recorder r(bench.device, Mode::kGraph, 6);
    record(r);
    r.replay();
    incept_sim_fault("lose_device_at_task", -1);
    r.replay();  // Nothing runs any more.
    if (std::count(trace.begin(), trace.end(), 3) > 0) return;
    bench.device.synchronize();
  });
  report("a walk loses the device", [] {
    incept_sim_fault("lose_device_at_task", 3);
    Bench bench;
    Recorder r(bench.device, Mode::kEager, 6);
    task(r, 0, {}, [] {});
    task(r, 3, {}, [] {});
    std::printf("too late for a walk to lose ");
  });
  incept_sim_fault("lose_device_at_task", -1);
  report("afterwards", [] {
    Bench bench;
    Recorder r(bench.device, Mode::kGraph, 6);
    record(r);
    r.replay();
    bench.device.synchronize();
  });
  report("no device", [] {
    incept_sim_fault("no_gpu", 1);
    Device();
  });
  report("an old driver", [] {
    faults().no_device = "cuda/old-driver";
    Device();
  });
  incept_sim_fault("no_gpu", 0);
  report("an unknown fault", [] { return text("%d", incept_sim_fault("meteorite", 1)); });
}

}  // namespace
}  // namespace incept::cuda

int main() {
  using namespace incept::cuda;
  turns();
  lives_and_dies();
  report("overlaps", overlaps);
  faults();
}
