// How long a team takes for a part of an inference, by a clock that the caller gives.
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "../cpu/team.hpp"

namespace incept::tuning {

// From when the first member begins `work` until all have done it; what each does `before` does not
// count. A member that the system holds up finds the others at work, or done: of the starts the
// first one counts, whoever's it was. In the differences of what `now()` gives.
template <class Now, class Before, class Work>
auto time_of(cpu::Team& team, const Now& now, const Before& before, const Work& work) {
  std::vector<decltype(now())> starts(std::size_t(team.size()));
  decltype(now() - now()) taken{};
  team.run([&](cpu::Member& t) {
    before(t);
    t.barrier();
    starts[std::size_t(t.rank())] = now();
    work(t);
    t.barrier();
    if (t.rank() == 0) taken = now() - *std::min_element(starts.begin(), starts.end());
  });
  return taken;
}

}  // namespace incept::tuning
