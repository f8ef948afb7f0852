// Finds accesses to the same bytes that nothing orders: by threads of a block between the same two
// barriers, or by blocks of one launch.
#pragma once

#include <cstdint>

#include "running.hpp"

namespace incept::cuda::sim {

enum class Access { kRead, kWrite, kAtomic };

// When a byte was last accessed in some way, and by whom. Older accesses matter as long as they are
// not ordered before the newest: the flags remember that there were others.
struct Record {
  std::uint32_t moment;  // 0: never, as in fresh memory.
  std::uint16_t warp_time;
  std::uint16_t thread : 10;
  std::uint16_t lanes : 1;   // Also by other lanes of the warp since its last synchronisation,
  std::uint16_t warps : 1;   // by other warps since the last barrier,
  std::uint16_t blocks : 1;  // by other blocks of the launch.
  std::uint16_t atomic : 1;  // Only by atomics since the last synchronisation,
  std::uint16_t plain : 1;   // not only by atomics in this launch.

  bool by_other_block() const { return moment < running.block_began || blocks; }

  // Whether the running thread may not access the byte beside this. `horizon` is the moment before
  // which all is ordered.
  bool beside(std::uint32_t horizon) const {
    if (moment < horizon) return false;
    if (by_other_block()) return true;
    if (moment != running.now) return false;
    if (warps) return true;
    if (thread / 32 != running.thread / 32) return true;
    return warp_time == running.warp_time && (lanes || thread != running.thread);
  }

  // The running thread accesses the byte.
  void renew(std::uint32_t horizon, bool atomically) {
    const bool same_launch = moment >= horizon && moment != 0;
    const bool same_block = same_launch && moment >= running.block_began;
    const bool same_interval = same_block && moment == running.now;
    const bool same_warp = same_interval && thread / 32 == running.thread / 32;
    const bool same_time = same_warp && warp_time == running.warp_time;
    atomic = atomically && (atomic || !(same_time || (same_interval && !same_warp)));
    plain = !atomically || (same_launch && plain);
    blocks = same_launch && (!same_block || blocks);
    warps = same_interval && (!same_warp || warps);
    lanes = same_time && (thread != running.thread || lanes);
    moment = running.now;
    warp_time = running.warp_time;
    thread = running.thread;
  }
};
static_assert(sizeof(Record) == 8);

// For two bytes, the least that elements have: a kernel's threads do not share one.
struct Cell {
  Record written, read;
};
constexpr int kBytesPerCell = 2;

// The record that the access conflicts with, or null, after which the cell knows of the access.
inline const Record* access(Cell& cell, Access how, std::uint32_t horizon) {
  const bool atomic = how == Access::kAtomic;
  const bool only_atomic =
      cell.written.by_other_block() ? !cell.written.plain : cell.written.atomic;
  if (cell.written.beside(horizon) && !(atomic && only_atomic)) return &cell.written;
  if (how == Access::kRead) {
    cell.read.renew(horizon, false);
    return nullptr;
  }
  if (cell.read.beside(horizon)) return &cell.read;
  cell.written.renew(horizon, atomic);
  return nullptr;
}

}  // namespace incept::cuda::sim
