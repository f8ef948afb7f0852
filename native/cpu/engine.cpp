// The CPU behind the C ABI: prepared weights, and for each session a team of threads and arenas.
//
// Each thread takes whole images, and those that are left over are computed by all together: of
// eight images two threads walk the program four times each and never wait for one another.
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

  // Of each image that is computed at once: one a thread, where a batch may have as many.
  std::uint64_t arenas() const {
    return team.size() <= network::info.max_batch ? std::uint64_t(team.size()) : 1;
  }

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
    if (!session->arena.allocate(std::size_t(engine_arena_bytes(*session) / sizeof(float))))
      return out_of_memory("the activations");
    *out = session.release();
    return INCEPT_OK;
  });
}

void engine_close(Session* session) {
  delete session;
}

std::uint64_t engine_arena_bytes(const Session& session) {
  return session.arenas() * network::info.arena_bytes;
}

incept_status engine_run(Session& session, std::int64_t batch, const void* const* inputs,
                         void* const* outputs) {
  const float* weights = session.model->weights.data();
  const auto arena = [&](int index) {
    return session.arena.data() + index * (network::info.arena_bytes / sizeof(float));
  };
  session.team.run([&](cpu::Member& t) {
    const auto [begin, end, rest] = cpu::own_images(t, batch);
    cpu::Member alone = t.alone();
    for (auto image = begin; image < end; ++image)
      network::forward(alone, {inputs, outputs, image, arena(t.rank()), weights});
    for (auto image = rest; image < batch; ++image) {
      if (image > 0) t.barrier();  // The arena is the next image's.
      network::forward(t, {inputs, outputs, image, arena(0), weights});
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
