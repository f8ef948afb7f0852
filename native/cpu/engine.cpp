// The CPU behind the C ABI: prepared weights, and for each session a team of threads and an arena
// for one image.
#include <memory>
#include <utility>

#include "../abi/engine.hpp"
#include "../abi/error.hpp"
#include "machine.hpp"
#include "memory.hpp"
#include "network.hpp"
#include "team.hpp"

namespace incept {

class Model {
 public:
  cpu::Floats weights;
};

class Session {
 public:
  Session(std::shared_ptr<const Model> shared, int threads)
      : model(std::move(shared)), team(threads) {}
  std::shared_ptr<const Model> model;
  cpu::Floats arena;
  cpu::Team team;
};

namespace {

incept_status check_machine(const incept_session_options& options) {
  if (options.device != 0)
    return fail("run/device", "There is no device %d: %s runs on the CPU, whose device is 0.",
                int(options.device), network::info.model);
  return cpu::check_level();
}

}  // namespace

incept_status engine_probe(const incept_session_options& options) {
  if (check_machine(options) != INCEPT_OK) return INCEPT_ERROR;
  return cpu::with_threads(options.threads, [](int threads) {
    const cpu::Team team(threads);
    return INCEPT_OK;
  });
}

incept_status engine_prepare(const float* const* parameters, std::shared_ptr<const Model>& out) {
  if (check_machine(incept_session_options INCEPT_SESSION_OPTIONS) != INCEPT_OK)
    return INCEPT_ERROR;
  auto model = std::make_shared<Model>();
  if (!model->weights.allocate(network::info.weight_bytes / sizeof(float)))
    return out_of_memory("the weights");
  cpu::Floats staging;
  if (!staging.allocate(network::staging_floats)) return out_of_memory("preparing the weights");
  network::prepare(parameters, staging.data(), model->weights.data());
  out = std::move(model);
  return INCEPT_OK;
}

incept_status engine_open(std::shared_ptr<const Model> model, const incept_session_options& options,
                          Session** out) {
  if (check_machine(options) != INCEPT_OK) return INCEPT_ERROR;
  return cpu::with_threads(options.threads, [&](int threads) {
    auto session = std::make_unique<Session>(std::move(model), threads);
    if (!session->arena.allocate(network::info.arena_bytes / sizeof(float)))
      return out_of_memory("the activations");
    *out = session.release();
    return INCEPT_OK;
  });
}

void engine_close(Session* session) {
  delete session;
}

incept_status engine_run(Session& session, std::int64_t batch, const void* const* inputs,
                         void* const* outputs) {
  const float* weights = session.model->weights.data();
  session.team.run([&](cpu::Member& t) {
    for (std::int64_t image = 0; image < batch; ++image) {
      if (image > 0) t.barrier();  // The arena is the next image's.
      network::forward(t, {inputs, outputs, image, session.arena.data(), weights});
    }
  });
  return INCEPT_OK;
}

// The CPU's kernels are its own: there is no library to report on or to ask.
std::string engine_report(Session&) {
  return "";
}

incept_status engine_time(Session&, std::int64_t, std::int32_t, double*) {
  return fail("run/untimed", "A run on the CPU is timed by its caller.");
}

incept_status engine_verify(std::int64_t, std::size_t* count) {
  *count = 0;
  return INCEPT_OK;
}

}  // namespace incept
