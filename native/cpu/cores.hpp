// How many threads are worth having.
#pragma once

#include <cstddef>
#include <cstdio>
#include <set>
#include <thread>
#include <utility>

#if defined(__linux__)
#include <sched.h>
#elif defined(__APPLE__)
#include <sys/sysctl.h>
#endif

namespace incept::cpu {

#if defined(__linux__)
// A number of /sys/devices/system/cpu/cpuN/topology, or -1.
inline int cpu_topology(int cpu, const char* file) {
  char path[128];
  std::snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/topology/%s", cpu, file);
  std::FILE* stream = std::fopen(path, "r");
  if (!stream) return -1;
  int value = -1;
  if (std::fscanf(stream, "%d", &value) != 1) value = -1;
  std::fclose(stream);
  return value;
}
#endif

// Physical cores that this process may use: two threads of one core share its multipliers. Where
// the system does not say, its number of logical processors.
inline int physical_cores() {
#if defined(__linux__)
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    std::set<std::pair<int, int>> cores;
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (!CPU_ISSET(cpu, &allowed)) continue;
      const int core = cpu_topology(cpu, "core_id");
      cores.insert(core < 0 ? std::pair<int, int>(-1, cpu)
                            : std::pair<int, int>(cpu_topology(cpu, "physical_package_id"), core));
    }
    if (!cores.empty()) return static_cast<int>(cores.size());
  }
#elif defined(__APPLE__)
  int count = 0;
  std::size_t size = sizeof count;
  if (sysctlbyname("hw.physicalcpu", &count, &size, nullptr, 0) == 0 && count > 0) return count;
#endif
  const unsigned logical = std::thread::hardware_concurrency();
  return logical > 0 ? static_cast<int>(logical) : 1;
}

}  // namespace incept::cpu
