// A GPU behind the C ABI: memory for the largest batch, one graph for each batch size of a ladder,
// staging that both sides can reach. Nothing is allocated once the weights are there.
#include "engine.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>

#include "../abi/error.hpp"
#include "ladder.hpp"

namespace incept {
namespace {

using cuda::Failure;

// Carries out what a call of the ABI asks; what fails becomes the last error.
template <class Work>
incept_status guarded(Work&& work) {
  try {
    work();
    return INCEPT_OK;
  } catch (const Failure& failure) {
    return fail(failure.code.c_str(), "%s", failure.message.c_str());
  }
}

std::string mebibytes(std::size_t bytes) {
  return cuda::text("%.1f MiB", static_cast<double>(bytes) / (1 << 20));
}

// Device memory for something that has a name; the message of a failure says what and how much.
void allocate(cuda::Device& device, cuda::Memory& memory, std::size_t bytes,
              const std::string& what) {
  try {
    memory.allocate(device, bytes);
  } catch (const Failure& failure) {
    if (failure.code != "memory/exhausted") throw;
    throw Failure(failure.code, "There is no room on the GPU for " + what + " of " +
                                    network::info.model + ", " + mebibytes(bytes) + ": " +
                                    failure.message);
  }
}

// What a failure says, with the task it happened in and what was asked of which device.
Failure placed(const Failure& failure, const cuda::Walk& walk, const std::string& device) {
  const int task = walk.current_task();
  if (task < 0) return failure;
  const network::TaskName& name = network::tasks[task];
  std::string where = std::string(name.paths) + " (" + name.what + ")";
  if (!walk.current_doing().empty()) where += ", " + walk.current_doing();
  if (!device.empty()) where += ", on " + device;
  return {failure.code, where + ": " + failure.message};
}

}  // namespace

Model::Model(const incept_source& source) : packed_(network::info.weight_bytes) {
  const incept_port* const ports = network::info.parameters;
  const std::size_t count = network::info.parameter_count;
  std::size_t floats = 0;
  for (std::size_t i = 0; i < count; ++i) floats += std::size_t(ports[i].count);
  // Not cleared: where the values are in memory already nothing of it is touched.
  const std::unique_ptr<float[]> room(new float[floats]);
  std::vector<const float*> parameters;
  float* next = room.get();
  for (std::size_t i = 0; i < count; next += ports[i++].count) {
    parameters.push_back(source.values(source.context, i, next));
    if (parameters.back() == nullptr)
      throw Failure("file/unreadable",
                    "The values of " + std::string(ports[i].name) + " could not be read.");
  }
  std::vector<float> staging(network::staging_floats);
  network::prepare(parameters.data(), staging.data(), packed_.data());
}

std::shared_ptr<cuda::Memory> Model::on(cuda::Device& device) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const std::weak_ptr<cuda::Memory>& known : uploaded_) {
    const std::shared_ptr<cuda::Memory> memory = known.lock();
    if (memory && memory->reachable_from(device)) return memory;
  }
  auto memory = std::make_shared<cuda::Memory>();
  allocate(device, *memory, packed_.size(), "the weights");
  device.upload(*memory, packed_.data(), packed_.size());
  const auto gone = [](const std::weak_ptr<cuda::Memory>& known) { return known.expired(); };
  uploaded_.erase(std::remove_if(uploaded_.begin(), uploaded_.end(), gone), uploaded_.end());
  uploaded_.push_back(memory);
  return memory;
}

namespace {

// Bytes of one image at a port.
std::size_t image_bytes(const incept_port& port) {
  return static_cast<std::size_t>(port.count) * (port.dtype == INCEPT_U8 ? 1 : 4);
}

}  // namespace

Session::Session(std::shared_ptr<const Model> model, int device)
    : model_(std::move(model)), device_(device) {
  allocate_buffers();
  buffers_.weights = model_->on(device_);
  build();
}

void Session::allocate_buffers() {
  const incept_info& info = network::info;
  const auto batch = static_cast<std::size_t>(info.max_batch);
  const std::string images = info.max_batch == 1 ? "one image" : cuda::text("%zu images", batch);
  allocate(device_, buffers_.arena, info.arena_bytes, "the arena for " + images);
  const auto ports = [&](const std::string& kind, const incept_port* port, std::size_t count,
                         std::vector<std::unique_ptr<cuda::Memory>>& memories,
                         std::vector<std::unique_ptr<cuda::HostMemory>>& pinned) {
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t floats = batch * static_cast<std::size_t>(port[i].count);
      memories.push_back(std::make_unique<cuda::Memory>());
      allocate(device_, *memories.back(), floats * sizeof(float),
               "the " + kind + " " + port[i].name);
      pinned.push_back(std::make_unique<cuda::HostMemory>());
      pinned.back()->allocate(device_, floats);
    }
  };
  ports("input", info.inputs, info.input_count, buffers_.inputs, buffers_.pinned_inputs);
  ports("output", info.outputs, info.output_count, buffers_.outputs, buffers_.pinned_outputs);
}

// Engines are chosen for all batch sizes before any memory is asked for: the largest need counts.
void Session::build() {
  std::vector<std::unique_ptr<Rung>> rungs;
  std::size_t workspace = 0;
  for (const std::int64_t size : cuda::ladder_of(network::info.max_batch)) {
    rungs.push_back(std::make_unique<Rung>(size));
    cuda::Walk& walk = rungs.back()->walk;
    take(walk, [&] { walk.begin_planning(device_); });
    workspace = std::max(workspace, walk.pack_workspace());
  }
  buffers_.workspace = std::make_unique<cuda::Memory>();
  allocate(device_, *buffers_.workspace, workspace, "the libraries' workspace");
  for (const std::unique_ptr<Rung>& rung : rungs) capture(*rung);
  rungs_ = std::move(rungs);
  for (const std::unique_ptr<Rung>& rung : rungs_) sizes_.push_back(rung->walk.batch());
}

// The first walk runs task by task: kernels are loaded, and what fails fails at its task.
void Session::capture(Rung& rung) {
  using Mode = cuda::Recorder::Mode;
  if (cuda::Device::warms_up) {
    cuda::Recorder eager(device_, Mode::kEager, network::task_count);
    take(rung.walk, [&] { rung.walk.begin_running(device_, buffers_, eager); });
    eager.finish();
  }
  rung.recorder = std::make_unique<cuda::Recorder>(device_, Mode::kGraph, network::task_count);
  take(rung.walk, [&] { rung.walk.begin_running(device_, buffers_, *rung.recorder); });
  rung.recorder->finish();
}

template <class Begin>
void Session::take(cuda::Walk& walk, Begin&& begin) {
  try {
    begin();
    network::forward(walk);
    walk.end();
  } catch (const Failure& failure) {
    throw placed(failure, walk, device_.name());
  }
}

void Session::run(std::int64_t batch, const void* const* inputs, void* const* outputs) {
  for (std::int64_t done = 0; done < batch;) {
    Rung& rung = *rungs_[cuda::rung_for(sizes_, batch - done)];
    const std::int64_t count = std::min(rung.walk.batch(), batch - done);
    pin_inputs(done, count, inputs);
    rung.recorder->replay();
    device_.synchronize();
    fetch_outputs(done, count, outputs);
    done += count;
  }
}

void Session::pin_inputs(std::int64_t first, std::int64_t count, const void* const* inputs) {
  for (std::size_t i = 0; i < network::info.input_count; ++i) {
    const std::size_t image = image_bytes(network::info.inputs[i]);
    std::memcpy(buffers_.pinned_inputs[i]->data(),
                static_cast<const std::byte*>(inputs[i]) + static_cast<std::size_t>(first) * image,
                static_cast<std::size_t>(count) * image);
  }
}

void Session::fetch_outputs(std::int64_t first, std::int64_t count, void* const* outputs) {
  for (std::size_t i = 0; i < network::info.output_count; ++i) {
    const std::size_t image = image_bytes(network::info.outputs[i]);
    std::memcpy(static_cast<std::byte*>(outputs[i]) + static_cast<std::size_t>(first) * image,
                buffers_.pinned_outputs[i]->data(), static_cast<std::size_t>(count) * image);
  }
}

// A graph of its own, since those of the ladder hold the copies.
double Session::time(std::int64_t batch, int runs) {
  using Clock = std::chrono::steady_clock;
  Rung& rung = *rungs_[cuda::rung_for(sizes_, batch)];
  cuda::Recorder recorder(device_, cuda::Recorder::Mode::kGraph, network::task_count);
  recorder.leave_copies_out();
  take(rung.walk, [&] { rung.walk.begin_running(device_, buffers_, recorder); });
  recorder.finish();
  const auto replay = [&](int count) {
    for (int i = 0; i < count; ++i) recorder.replay();
    device_.synchronize();
  };
  replay(std::min(runs, 10));
  const Clock::time_point start = Clock::now();
  replay(runs);
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count() / runs;
}

std::string Session::report() const {
  std::string lines = device_.name() + ", " + network::precision + "\n";
  for (const std::unique_ptr<Rung>& rung : rungs_) {
    for (const auto& [task, method] : rung->walk.report()) {
      lines += cuda::text("batch %lld, %s: ", static_cast<long long>(rung->walk.batch()),
                          network::tasks[task].paths) +
               method + "\n";
    }
  }
  return lines;
}

const incept_info& engine_describe() {
  return network::info;
}

incept_status engine_probe(const incept_session_options& options) {
  return guarded([&] { cuda::Device device(options.device); });
}

incept_status engine_prepare(const incept_source& source, std::shared_ptr<const Model>& out) {
  return guarded([&] { out = std::make_shared<Model>(source); });
}

incept_status engine_open(std::shared_ptr<const Model> model, const incept_session_options& options,
                          Session** out) {
  return guarded([&] { *out = new Session(std::move(model), options.device); });
}

void engine_close(Session* session) {
  delete session;
}

std::uint64_t engine_arena_bytes(const Session&) {
  return network::info.arena_bytes;
}

incept_status engine_run(Session& session, std::int64_t batch, const void* const* inputs,
                         void* const* outputs) {
  return guarded([&] { session.run(batch, inputs, outputs); });
}

std::string engine_report(Session& session) {
  return session.report();
}

incept_status engine_time(Session& session, std::int64_t batch, std::int32_t runs,
                          double* milliseconds) {
  return guarded([&] { *milliseconds = session.time(batch, runs); });
}

incept_status engine_verify(std::int64_t batch, std::size_t* count) {
  return guarded([&] {
    cuda::Walk walk(batch);
    walk.begin_describing(nullptr);
    try {
      network::forward(walk);
    } catch (const Failure& failure) {
      throw placed(failure, walk, "");
    }
    *count = walk.described();
  });
}

}  // namespace incept
