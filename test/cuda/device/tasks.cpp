// What a graph's nodes depend on, and how tasks run at once.
#include <set>
#include <vector>

#include "check.hpp"

namespace incept::cuda {

void tasks() {
  Device device;
  Memory memory;
  memory.allocate(device, 64);
  HostMemory host;
  host.allocate(device, 4);
  using Mode = Recorder::Mode;
  const auto record = [&](Recorder& recorder) {
    const auto task = [&](int id, std::vector<int> after, const std::function<void()>& work) {
      recorder.begin_task(id, after.data(), after.size());
      work();
      recorder.end_task();
    };
    task(0, {}, [&] { recorder.copy_in(memory, host, 4); });                              // 0
    task(1, {0}, [&] { launch(recorder, memory, "a"), launch(recorder, memory, "b"); });  // 1 2
    task(2, {0}, [&] { launch(recorder, memory, "c"); });                                 // 3
    task(3, {1, 2}, [] {});
    task(4, {3, 0}, [&] { launch(recorder, memory, "d"); });  // 4
    task(5, {}, [] {});
    task(6, {5}, [&] { launch(recorder, memory, "e"); });                // 5
    task(7, {4, 6, 3, 2}, [&] { recorder.copy_out(host, memory, 4); });  // 6
  };

  Recorder graph(device, Mode::kGraph, 8);
  record(graph);
  const std::vector<std::set<int>> after = {{}, {0}, {1}, {0}, {0, 2, 3}, {}, {2, 3, 4, 5}};
  expect(gpu.nodes.size() == after.size(), "one node for each thing enqueued");
  for (std::size_t i = 0; i < gpu.nodes.size(); ++i)
    expect(gpu.nodes[i].after == after[i], "what node " + std::to_string(i) + " follows");
  expect(gpu.ran.empty(), "nothing runs while it is recorded");
  graph.finish();
  gpu.ran.clear();
  graph.replay();
  graph.replay();
  expect(gpu.ran.size() == 14, "a replay runs it all");

  Recorder bare(device, Mode::kGraph, 8);
  bare.leave_copies_out();
  record(bare);
  expect(gpu.nodes.size() == 5, "without the copies");

  gpu.ran.clear();
  Recorder eager(device, Mode::kEager, 8);
  record(eager);
  eager.finish();
  expect(gpu.ran == std::vector<std::string>({"copy in", "a", "b", "c", "d", "e", "copy out"}),
         "at once and in order");

  {
    Recorder broken(device, Mode::kGraph, 1);
    broken.begin_task(0, nullptr, 0);
    expect_failure("cuda/failed", "launching pad with 1 x 70000 x 1 blocks of 64 threads", [&] {
      broken.launch("pad", kernel, dim3(1, 70000), 64, static_cast<const float*>(nullptr),
                    static_cast<float*>(nullptr), 1);
    });
    expect(gpu.capturing, "the task is open");
  }
  expect(!gpu.capturing, "a recorder that failed ends its capture");
}

}  // namespace incept::cuda
