// The CPU behind the C ABI: prepared weights, and for each session a team of threads and arenas.
//
// Each thread claims whole images, and those that are left over are computed by all together: of
// eight images two threads walk the program four times each, or one of them more often while the
// other has no core, and never wait for one another.
#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "../abi/engine.hpp"
#include "../abi/error.hpp"
#include "choice.hpp"
#include "machine.hpp"
#include "memory.hpp"
#include "network.hpp"
#include "prepare.hpp"
#include "team.hpp"

namespace incept {

class Model {
 public:
  explicit Model(const network::Program& of) : program(of) {}
  const network::Program& program;
  cpu::Memory weights;
};

class Session {
 public:
  Session(std::shared_ptr<const Model> shared, int threads, int spin)
      : model(std::move(shared)), team(threads, spin) {}

  // How many arenas there are. One a thread, where a batch may have an image for each, so that they
  // never wait for one another; and in groups as many as the program asks for, the same number for
  // each thread.
  std::int64_t arenas() const {
    const std::int64_t most = network::info.max_batch, threads = team.size();
    const std::int64_t group = model->program.group;
    if (threads > most) return std::min(group, most);
    const std::int64_t each = std::max<std::int64_t>(group / threads, 1);
    return std::min(each * threads, most);
  }

  std::shared_ptr<const Model> model;
  cpu::Memory arena;
  cpu::Team team;
};

namespace {

incept_status check_machine(const incept_session_options& options) {
  if (options.device != 0)
    return fail("run/device", "There is no device %d: %s runs on the CPU, whose device is 0.",
                int(options.device), network::info.model);
  return cpu::check_program();
}

}  // namespace

const incept_info& engine_describe() {
  static const incept_info running = [] {
    const network::Program& program = cpu::chosen_program();
    incept_info info = network::info;
    info.target = program.target;
    info.arena_bytes = program.arena_bytes;
    info.weight_bytes = program.weight_bytes;
    info.work = program.work;
    return info;
  }();
  return running;
}

incept_status engine_probe(const incept_session_options& options) {
  if (check_machine(options) != INCEPT_OK) return INCEPT_ERROR;
  return cpu::with_threads(options.threads, [](int threads) {
    const cpu::Team team(threads);
    return INCEPT_OK;
  });
}

incept_status engine_prepare(const incept_source& source, std::shared_ptr<const Model>& out) {
  if (check_machine(incept_session_options INCEPT_SESSION_OPTIONS) != INCEPT_OK)
    return INCEPT_ERROR;
  const network::Program& program = cpu::chosen_program();
  auto model = std::make_shared<Model>(program);
  if (!model->weights.allocate(program.weight_bytes / sizeof(float), false))
    return out_of_memory("the weights");
  const cpu::Prepared done = cpu::prepare(program, source, model->weights.data());
  if (!done.has_memory) return out_of_memory("preparing the weights");
  if (done.unread >= 0) return unread_parameter(std::size_t(done.unread));
  out = std::move(model);
  return INCEPT_OK;
}

incept_status engine_open(std::shared_ptr<const Model> model, const incept_session_options& options,
                          Session** out) {
  if (check_machine(options) != INCEPT_OK) return INCEPT_ERROR;
  return cpu::with_threads(options.threads, [&](int threads) {
    auto session = std::make_unique<Session>(std::move(model), threads, options.spin);
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
  return std::uint64_t(session.arenas()) * session.model->program.arena_bytes;
}

incept_status engine_run(Session& session, std::int64_t batch, const void* const* inputs,
                         void* const* outputs) {
  // Without groups an image leaves its arena to the next one; with them, the next group.
  const network::Program& program = session.model->program;
  const std::int64_t arenas = session.arenas(), most = program.group == 1 ? batch : arenas;
  const std::int64_t groups = (batch + most - 1) / most;
  // A member that is late reads the places of inputs and outputs when the caller's are gone.
  const std::vector<const void*> from(inputs, inputs + network::info.input_count);
  const std::vector<void*> to(outputs, outputs + network::info.output_count);
  session.team.run_worth(program.work * double(batch), [=, &session, &program](cpu::Member& t) {
    for (std::int64_t g = 0; g < groups; ++g) {
      if (g > 0) t.barrier();
      const std::int64_t first = batch * g / groups, next = batch * (g + 1) / groups;
      program.forward(t, {from.data(), to.data(), first, next - first, session.arena.data(), arenas,
                          session.model->weights.data(), &program});
    }
  });
  return INCEPT_OK;
}

void network::each_image(cpu::Member& t, const Run& run, void (*walk)(cpu::Member&, const Run&)) {
  const int group = run.program->group;
  const auto image = [&](std::int64_t index, std::int64_t arena) {
    float* const own = run.arena + arena * run.program->arena_floats();
    return Run{run.inputs, run.outputs,        run.image + index, 1,
               own,        run.arenas - arena, run.weights,       run.program};
  };
  // Where there is no arena for each member, all images are left over.
  const bool own = group > 1 || t.size() <= run.arenas;
  const std::int64_t whole = own ? run.images - run.images % t.size() : 0;
  cpu::Member alone = t.alone();
  for (auto [i, end] : t.items(whole))
    for (; i < end; ++i) walk(alone, image(i, group == 1 ? t.rank() : i));
  for (auto i = whole; i < run.images; ++i) {
    if (group == 1 && i > 0) t.barrier();  // The arena is the next image's.
    walk(t, image(i, group == 1 ? 0 : i));
  }
}

void network::meet(cpu::Member& t) {
  t.barrier();
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
