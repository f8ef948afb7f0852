#include "../cuda/failure.hpp"
#include "block.hpp"
#include "view.hpp"

namespace incept::cuda::sim {
namespace {

long long number(std::int64_t value) {
  return value;
}

// "element 3 (byte 12) of a view of ...". Elements count from the view's start.
std::string place(const View& view, std::int64_t byte) {
  return text("element %lld (byte %lld) of a view of ",
              number((byte - view.region.first) / view.element), number(byte)) +
         text_of(view);
}

[[noreturn]] void outside(const View& view, std::int64_t byte, std::int64_t size,
                          const char* does) {
  const bool inside = byte >= view.region.first && byte + size <= view.region.end();
  violation("sim/out-of-bounds", does + text(" %lld bytes at ", number(size)) + place(view, byte) +
                                     (inside ? ", between its stretches" : ", outside of it"));
}

[[noreturn]] void race(const View& view, std::int64_t byte, const char* does, const Record& other,
                       bool written) {
  std::string by;
  if (other.moment < running.block_began || !other.blocks)
    by = name_of_thread(other.thread, other.moment);
  else
    by = "another block";
  violation("sim/race", std::string(does) + " " + place(view, byte) + ", which " + by +
                            (written ? " writes" : " reads") + " with nothing to order the two");
}

// Whether the bytes are the view's, in or next to the stretch touched last.
bool holds(const View& view, std::int64_t byte, int size) {
  const Region& region = view.region;
  const std::int64_t within = byte - view.row;
  if (within >= 0 && within + size <= region.length && view.row >= region.first &&
      byte + size <= region.end())
    return true;
  if (!region.holds(byte, size)) return false;
  if (!region.contiguous()) view.row = byte - (byte - region.first) % region.pitch;
  return true;
}

void check(const View& view, std::int64_t byte, int size, const char* does) {
  if (!view.store->alive())
    violation("sim/out-of-bounds", does + (" " + place(view, byte)) + ", which was freed");
  if (!holds(view, byte, size)) outside(view, byte, size, does);
  if ((byte & (size - 1)) != 0)
    violation("sim/alignment", does + text(" %d bytes at ", size) + place(view, byte) +
                                   text(", which is not a multiple of %d", size));
}

void check_order(const View& view, std::int64_t byte, int size, Access how, const char* does) {
  const Running& now = running;
  if (!now.in_block) violation("sim/out-of-bounds", does + std::string(" memory of the device"));
  const std::uint32_t horizon = view.shared ? now.block_began : now.launch_began;
  Cell* cells = view.store->cells(byte);
  for (int i = 0; i * kBytesPerCell < size; ++i)
    if (const Record* other = access(cells[i], how, now, horizon))
      race(view, byte + i * kBytesPerCell, does, *other, other == &cells[i].written);
}

void check_written(const View& view, std::int64_t byte, std::int64_t size) {
  const std::int64_t bad = view.store->unwritten(byte, size);
  if (bad < 0) return;
  const char* why = view.shared ? ", which no thread has written yet (is a barrier missing?)"
                                : ", which nobody has written, or which is dead";
  violation("sim/unwritten-read", "reads " + place(view, bad) + why);
}

void check_writable(const View& view, std::int64_t byte) {
  if (!view.writable)
    violation("sim/out-of-bounds", "writes " + place(view, byte) + ", which is for reading");
}

}  // namespace

const std::byte* touch_read(const View& view, std::int64_t byte, int size) {
  check(view, byte, size, "reads");
  check_order(view, byte, size, Access::kRead, "reads");
  check_written(view, byte, size);
  return view.store->at(byte);
}

std::byte* touch_write(const View& view, std::int64_t byte, int size) {
  check(view, byte, size, "writes");
  check_writable(view, byte);
  check_order(view, byte, size, Access::kWrite, "writes");
  view.store->mark_written(byte, size);
  return view.store->at(byte);
}

std::byte* touch_atomic(const View& view, std::int64_t byte, int size) {
  check(view, byte, size, "adds to");
  check_writable(view, byte);
  check_order(view, byte, size, Access::kAtomic, "adds to");
  check_written(view, byte, size);
  view.store->mark_written(byte, size);
  return view.store->at(byte);
}

const std::byte* read_stretch(const View& view, std::int64_t byte, std::int64_t size) {
  if (!view.store->alive())
    violation("sim/out-of-bounds", "reads " + place(view, byte) + ", which was freed");
  if (!view.region.holds(byte, size)) outside(view, byte, size, "reads");
  check_written(view, byte, size);
  return view.store->at(byte);
}

std::byte* write_stretch(const View& view, std::int64_t byte, std::int64_t size) {
  if (!view.store->alive())
    violation("sim/out-of-bounds", "writes " + place(view, byte) + ", which was freed");
  if (!view.region.holds(byte, size)) outside(view, byte, size, "writes");
  check_writable(view, byte);
  view.store->mark_written(byte, size);
  return view.store->at(byte);
}

std::string text_of(const View& view) {
  return view.store->name() + ", " + text_of(view.region);
}

}  // namespace incept::cuda::sim
