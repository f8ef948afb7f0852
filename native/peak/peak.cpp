// Prints a number of threads, as many as there are physical cores where it is given as 0, and the
// machine's peak on them in GFLOP/s: what `inceptc bench` compiles and runs.
//
//     peak THREADS SECONDS
#include "peak.hpp"

#include <cstdio>
#include <cstdlib>

#include "../cpu/cores.hpp"

int main(int count, char** arguments) {
  if (count != 3) return 2;
  const int threads = std::atoi(arguments[1]);
  incept::cpu::Team team(threads > 0 ? threads : incept::cpu::physical_cores());
  incept::peak::pin(team);
  const double rate = incept::peak::gigaflops(team, std::atof(arguments[2]));
  std::printf("%d %.1f\n", team.size(), rate);
}
