// What is checked about whole tasks, from the views that they were recorded with.
#include <algorithm>
#include <set>

#include "recorder.hpp"
#include "running.hpp"

namespace incept::cuda::sim {
namespace {

enum Mark : std::uint8_t { kNone = 0, kOpen = 1, kAlive = 2, kDead = 3 };

// Gives the bytes of the view that are still open their mark; how many those were.
std::int64_t decide(const View& view, Mark mark, std::int64_t first, std::int64_t end) {
  std::uint8_t* marks = view.store->scratch();
  std::int64_t decided = 0;
  view.region.each([&](std::int64_t byte, std::int64_t bytes) {
    const std::int64_t from = byte > first ? byte : first;
    const std::int64_t to = byte + bytes < end ? byte + bytes : end;
    for (std::int64_t i = from; i < to; ++i) {
      if (marks[i] != kOpen) continue;
      marks[i] = mark;
      ++decided;
    }
  });
  return decided;
}

// The bytes that the task touched of one memory.
void poison_dead_of(Store& store, const Task& done, const std::deque<Task>& tasks,
                    const std::vector<bool>& ran) {
  std::uint8_t* marks = store.scratch();
  std::int64_t open = 0, first = store.bytes(), end = 0;
  for (const View& view : done.views) {
    if (view.store.get() != &store || view.region.empty()) continue;
    first = std::min(first, view.region.first);
    end = std::max(end, view.region.end());
    view.region.each([&](std::int64_t byte, std::int64_t bytes) {
      for (std::int64_t i = byte; i < byte + bytes; ++i) {
        open += marks[i] == kNone;
        marks[i] = kOpen;
      }
    });
  }
  // The first task to come that touches a byte tells: as recorded, they see the same values as in
  // any other order that the record allows. Reads count before writes, as if the task were in
  // place.
  for (std::size_t i = 0; i < tasks.size() && open > 0; ++i) {
    if (ran[i]) continue;
    for (const bool writes : {false, true})
      for (const View& view : tasks[i].views)
        if (view.store.get() == &store && view.writable == writes && view.region.first < end &&
            view.region.end() > first)
          open -= decide(view, writes ? kDead : kAlive, first, end);
  }
  for (std::int64_t i = first; i < end;) {
    std::int64_t to = i;
    while (to < end && (marks[to] == kOpen || marks[to] == kDead)) marks[to++] = kNone;
    if (to > i) store.poison(i, to - i);
    i = to;
    while (i < end && (marks[i] == kNone || marks[i] == kAlive)) marks[i++] = kNone;
  }
}

}  // namespace

void poison_dead(const Task& done, const std::deque<Task>& tasks, const std::vector<bool>& ran) {
  std::set<Store*> stores;
  for (const View& view : done.views)
    if (view.store->alive() && !view.store->permanent()) stores.insert(view.store.get());
  for (Store* store : stores) poison_dead_of(*store, done, tasks, ran);
}

void check_outputs(const Task& done) {
  for (const View& view : done.views) {
    if (!view.writable || !view.store->alive()) continue;
    view.region.each([&](std::int64_t byte, std::int64_t bytes) {
      const std::int64_t bad = view.store->untouched(byte, bytes);
      if (bad >= 0)
        throw Failure(
            "sim/unwritten-output",
            text("Task %d has left element %lld (byte %lld) unwritten of its output, ", done.id,
                 static_cast<long long>((bad - view.region.first) / view.element),
                 static_cast<long long>(bad)) +
                text_of(view));
    });
  }
  for (const View& view : done.views)
    if (view.writable && view.store->alive())
      view.region.each(
          [&](std::int64_t byte, std::int64_t bytes) { view.store->forget_task(byte, bytes); });
}

void check_concurrent(const std::deque<Task>& tasks) {
  for (std::size_t i = 0; i < tasks.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (tasks[i].follows(j)) continue;
      for (const View& a : tasks[i].views)
        for (const View& b : tasks[j].views) {
          if (a.store != b.store || !(a.writable || b.writable)) continue;
          const std::int64_t byte = shared_byte(a.region, b.region);
          if (byte < 0) continue;
          throw Failure("sim/shared-bytes",
                        text("Two concurrent tasks share bytes: task %d %s ", tasks[j].id,
                             b.writable ? "writes" : "reads") +
                            text_of(b) +
                            text(", task %d %s ", tasks[i].id, a.writable ? "writes" : "reads") +
                            text_of(a) + text(", both byte %lld", static_cast<long long>(byte)));
        }
    }
}

}  // namespace incept::cuda::sim
