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

  bool by_other_block(const Running& now) const { return moment < now.block_began || blocks; }

  // Whether the running thread may not access the byte beside this. `horizon` is the moment before
  // which all is ordered.
  bool beside(const Running& now, std::uint32_t horizon) const {
    if (moment < horizon) return false;
    if (by_other_block(now)) return true;
    if (moment != now.now) return false;
    if (warps) return true;
    if (thread / 32 != now.thread / 32) return true;
    return warp_time == now.warp_time && (lanes || thread != now.thread);
  }

  // The running thread accesses the byte.
  void renew(const Running& now, std::uint32_t horizon, bool atomically) {
    if (moment < horizon) {  // The usual case, and the quick one.
      *this = {now.now, now.warp_time, now.thread, 0, 0, 0, atomically, !atomically};
      return;
    }
    const bool same_block = moment >= now.block_began;
    const bool same_interval = same_block && moment == now.now;
    const bool same_warp = same_interval && thread / 32 == now.thread / 32;
    const bool same_time = same_warp && warp_time == now.warp_time;
    atomic = atomically && (atomic || !(same_time || (same_interval && !same_warp)));
    plain = !atomically || plain;
    blocks = !same_block || blocks;
    warps = same_interval && (!same_warp || warps);
    lanes = same_time && (thread != now.thread || lanes);
    moment = now.now;
    warp_time = now.warp_time;
    thread = now.thread;
  }
};
static_assert(sizeof(Record) == 8);

// For two bytes, the least that elements have: a kernel's threads do not share one.
struct Cell {
  Record written, read;
};
constexpr int kBytesPerCell = 2;

// The record that the access conflicts with, or null, after which the cell knows of the access.
inline const Record* access(Cell& cell, Access how, const Running& now, std::uint32_t horizon) {
  const bool atomic = how == Access::kAtomic;
  const bool only_atomic =
      cell.written.by_other_block(now) ? !cell.written.plain : cell.written.atomic;
  if (cell.written.beside(now, horizon) && !(atomic && only_atomic)) return &cell.written;
  if (how == Access::kRead) {
    cell.read.renew(now, horizon, false);
    return nullptr;
  }
  if (cell.read.beside(now, horizon)) return &cell.read;
  cell.written.renew(now, horizon, atomic);
  return nullptr;
}

}  // namespace incept::cuda::sim
