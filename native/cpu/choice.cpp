#include "choice.hpp"

#include <cstdlib>
#include <cstring>

#include "../abi/error.hpp"
#include "level.hpp"

namespace incept::cpu {
namespace {

using network::info;
using network::Program;
using network::program_count;
using network::programs;

struct Choice {
  const Program* program;
  const char* missing;  // What the processor lacks for it, or null.
  const char* asked;    // INCEPT_CPU, or null.
  bool known;           // Whether there is a program of that name.
};

// The level alone: "avx2".
const char* name_of(const Program& program) {
  return program.target + std::strlen("cpu ");
}

// Asked of one level after the other, so that nothing is asked of the system for a level that does
// not run here.
const char* missing_in(Level level, const Registers& cpu) {
  if (const char* const feature = missing_feature(level, cpu)) return feature;
  return permit(level) ? nullptr : "the system's leave to use AMX";
}

Choice choose() {
  const Registers cpu = read_cpu();
  const char* const asked = std::getenv("INCEPT_CPU");
  const bool is_asked = asked && *asked;
  for (std::size_t i = 0; i < program_count; ++i) {
    const Program& program = programs[i];
    const char* const missing = missing_in(program.level, cpu);
    if (is_asked ? std::strcmp(asked, name_of(program)) == 0 : !missing)
      return {&program, missing, is_asked ? asked : nullptr, true};
  }
  const Program& plainest = programs[program_count - 1];
  return {&plainest, missing_in(plainest.level, cpu), is_asked ? asked : nullptr, !is_asked};
}

const Choice& choice() {
  static const Choice made = choose();
  return made;
}

}  // namespace

const Program& chosen_program() {
  return *choice().program;
}

incept_status check_program() {
  const Choice& made = choice();
  if (!made.known)
    return fail("cpu/level", "INCEPT_CPU is %.40s, but %s was compiled for %s.", made.asked,
                info.model, info.levels);
  if (!made.missing) return INCEPT_OK;
  if (made.asked)
    return fail("cpu/unsupported", "INCEPT_CPU is %s, but this processor lacks %s.", made.asked,
                made.missing);
  return fail("cpu/unsupported", "%s was compiled for %s, but this processor lacks %s.", info.model,
              made.program->target, made.missing);
}

}  // namespace incept::cpu
