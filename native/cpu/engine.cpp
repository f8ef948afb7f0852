// The CPU behind the C ABI: a team of threads, one arena for one image, and prepared weights.
#include <memory>
#include <system_error>

#include "../abi/engine.hpp"
#include "../abi/error.hpp"
#include "cores.hpp"
#include "level.hpp"
#include "memory.hpp"
#include "network.hpp"
#include "team.hpp"

namespace incept {

class Engine {
 public:
  explicit Engine(int threads) : team(threads) {}
  Floats arena;
  Floats weights;
  Team team;
};

incept_status engine_create(std::int32_t threads, Engine** out) {
  const char* missing = missing_feature(network::level, read_cpu());
  if (missing) {
    return fail("cpu/unsupported", "%s was compiled for %s, but this processor lacks %s.",
                network::info.model, network::info.target, missing);
  }
  try {
    auto engine = std::make_unique<Engine>(threads > 0 ? threads : physical_cores());
    if (!engine->arena.allocate(network::info.arena_bytes / sizeof(float)))
      return out_of_memory("the activations");
    if (!engine->weights.allocate(network::info.weight_bytes / sizeof(float)))
      return out_of_memory("the weights");
    *out = engine.release();
    return INCEPT_OK;
  } catch (const std::system_error& error) {
    return fail("threads/exhausted", "The system gives no thread: %s.", error.what());
  }
}

incept_status engine_load(Engine* engine, const float* const* parameters) {
  Floats staging;
  if (!staging.allocate(network::staging_floats)) return out_of_memory("preparing the weights");
  network::prepare(parameters, staging.data(), engine->weights.data());
  return INCEPT_OK;
}

incept_status engine_run(Engine* engine, std::int64_t batch, const float* const* inputs,
                         float* const* outputs) {
  engine->team.run([&](Member& t) {
    for (std::int64_t image = 0; image < batch; ++image) {
      if (image > 0) t.barrier();  // The arena is the next image's.
      network::forward(t, {inputs, outputs, image, engine->arena.data(), engine->weights.data()});
    }
  });
  return INCEPT_OK;
}

void engine_destroy(Engine* engine) {
  delete engine;
}

// The CPU's kernels are its own: there is no library to report on or to ask.
std::string engine_report(Engine*) {
  return "";
}

incept_status engine_time(Engine*, std::int64_t, std::int32_t, double*) {
  return fail("run/untimed", "A run on the CPU is timed by its caller.");
}

incept_status engine_verify(std::int64_t, std::size_t* count) {
  *count = 0;
  return INCEPT_OK;
}

}  // namespace incept
