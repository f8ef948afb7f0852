#include "recorder.hpp"

#include <cstring>
#include <set>

#include "faults.hpp"
#include "order.hpp"
#include "running.hpp"

namespace incept::cuda {
namespace {

// Says for the time of an action who acts.
struct Acting {
  Acting(const char* what, int task) {
    sim::running = {};
    sim::running.what = what, sim::running.task = task;
  }
  ~Acting() { sim::running = {}; }
};

[[noreturn]] void misuse(const std::string& how) {
  throw Failure("sim/recording", how);
}

}  // namespace

Recorder::Recorder(Device& device, Mode mode, int tasks) : device_(device), mode_(mode) {
  places_.assign(static_cast<std::size_t>(tasks), -1);
}

void Recorder::begin_task(int task, const int* after, std::size_t count) {
  device_.guarded([&] {
    if (open_) misuse(text("Task %d begins before task %d has ended", task, current_id()));
    if (task < 0 || task >= static_cast<int>(places_.size()) || places_[task] >= 0)
      misuse(text("Task %d is recorded twice, or is none of %zu", task, places_.size()));
    places_[task] = static_cast<int>(tasks_.size());
    sim::Task& record = tasks_.emplace_back();
    record.id = task;
    record.before.assign(tasks_.size() / 64 + 1, 0);
    for (std::size_t i = 0; i < count; ++i) {
      const int place =
          after[i] >= 0 && after[i] < static_cast<int>(places_.size()) && after[i] != task
              ? places_[after[i]]
              : -1;
      if (place < 0) misuse(text("Task %d follows task %d, which is unrecorded", task, after[i]));
      record.after.push_back(place);
      const sim::Task& earlier = tasks_[place];
      for (std::size_t word = 0; word < earlier.before.size(); ++word)
        record.before[word] |= earlier.before[word];
      record.before[place / 64] |= std::uint64_t{1} << (place % 64);
    }
    open_ = true;
    if (mode_ == Mode::kEager && task == sim::faults().lose_device_at_task)
      device_.lose(text("it was lost at task %d, as a test asked for", task));
  });
}

void Recorder::end_task() {
  open_ = false;
  if (mode_ != Mode::kEager) return;
  device_.synchronize();
  device_.guarded([&] { sim::check_outputs(tasks_.back()); });
}

void Recorder::finish() {
  device_.guarded([&] {
    if (open_) misuse(text("Task %d has not ended", current_id()));
    finished_ = true;
    sim::check_concurrent(tasks_);
  });
  device_.synchronize();
}

// Tasks in an order of this replay's own that the record allows.
void Recorder::replay() {
  if (device_.lost()) return;  // Synchronizing tells.
  device_.guarded([&] {
    if (!finished_ || mode_ != Mode::kGraph) misuse("What is not a finished graph is replayed");
    ++replays_;
    poison_all();
    std::vector<bool> ran(tasks_.size(), false);
    std::vector<std::size_t> ready, waits(tasks_.size());
    std::vector<std::vector<std::size_t>> followers(tasks_.size());
    for (std::size_t i = 0; i < tasks_.size(); ++i) {
      waits[i] = tasks_[i].after.size();
      for (const int place : tasks_[i].after) followers[place].push_back(i);
      if (waits[i] == 0) ready.push_back(i);
    }
    for (std::uint64_t seed = seed_of_run(0); !ready.empty(); seed = sim::mixed(seed)) {
      std::swap(ready[seed % ready.size()], ready.back());
      const std::size_t place = ready.back();
      ready.pop_back();
      if (tasks_[place].id == sim::faults().lose_device_at_task)
        return device_.lose(text("it was lost at task %d, as a test asked for", tasks_[place].id));
      run_task(place);
      ran[place] = true;
      sim::poison_dead(tasks_[place], tasks_, ran);
      for (const std::size_t next : followers[place])
        if (--waits[next] == 0) ready.push_back(next);
    }
  });
}

void Recorder::run_task(std::size_t place) {
  for (const auto& action : tasks_[place].actions) action();
  sim::check_outputs(tasks_[place]);
}

// Nothing of an earlier replay is to be of use, but what the host has uploaded.
void Recorder::poison_all() {
  std::set<sim::Store*> stores;
  for (const sim::Task& task : tasks_)
    for (const sim::View& view : task.views)
      if (view.store->alive() && !view.store->permanent()) stores.insert(view.store.get());
  for (sim::Store* store : stores) store->poison(0, store->bytes());
}

std::uint64_t Recorder::seed_of_run(std::uint64_t launch) const {
  return sim::mixed(sim::mixed(sim::faults().seed + replays_) + launch);
}

const sim::View* Recorder::add_view(Memory& memory, const sim::Region& region, std::int64_t element,
                                    bool writable) {
  const sim::View* result = nullptr;
  device_.guarded([&] {
    if (!open_) misuse("A view is asked for outside of a task");
    const int task = current_id();
    const auto bytes = static_cast<std::int64_t>(memory.bytes());
    const bool regular = region.count <= 1 || region.pitch >= region.length;
    if (region.first < 0 || region.count < 0 || region.length < 0 || !regular ||
        region.end() > bytes)
      throw Failure("sim/out-of-bounds", text("Task %d: a view of ", task) + sim::text_of(region) +
                                             text(" does not fit a memory of %lld bytes",
                                                  static_cast<long long>(bytes)));
    if (!memory.store()) misuse(text("Task %d: a view of a memory without bytes", task));
    sim::View& view = tasks_.back().views.emplace_back();
    view.store = memory.store();
    view.region = region;
    view.element = element;
    view.writable = writable;
    view.task = task;
    view.owner = this;
    result = &view;
  });
  return result;
}

void Recorder::check_view(const char* what, const sim::View* view) const {
  if (view == nullptr || (open_ && view->owner == this && view->task == current_id())) return;
  device_.guarded([&] {
    misuse(text("%s, task %d: is given a view of task %d", what, current_id(), view->task));
  });
}

void Recorder::act(std::function<void()> action) {
  device_.guarded([&] {
    if (!open_) misuse("Something is launched outside of a task");
    if (mode_ == Mode::kEager && !device_.lost()) action();
  });
  if (mode_ == Mode::kGraph) tasks_.back().actions.push_back(std::move(action));
}

void Recorder::library(const char* what, std::function<void()> action) {
  act([what, task = current_id(), action = std::move(action)] {
    const Acting acting(what, task);
    action();
  });
}

void Recorder::copy_in(Memory& to, const HostMemory& from, std::size_t floats) {
  const auto bytes = static_cast<std::int64_t>(floats * sizeof(float));
  const sim::View* view = add_view(to, {0, 1, bytes, bytes}, sizeof(float), true);
  library("copy_in", [view, &from, floats, bytes, copies = copies_] {
    if (floats > from.floats())
      sim::violation("sim/out-of-bounds", text("reads %zu floats of %zu", floats, from.floats()));
    std::byte* place = sim::write_stretch(*view, 0, bytes);
    // A device has something there from earlier runs, which the tasks that follow work on.
    if (!copies)
      std::memset(place, 0, static_cast<std::size_t>(bytes));
    else
      std::memcpy(place, from.data(), static_cast<std::size_t>(bytes));
  });
}

void Recorder::copy_out(HostMemory& to, Memory& from, std::size_t floats) {
  const auto bytes = static_cast<std::int64_t>(floats * sizeof(float));
  const sim::View* view = add_view(from, {0, 1, bytes, bytes}, sizeof(float), false);
  library("copy_out", [view, &to, floats, bytes, copies = copies_] {
    if (floats > to.floats())
      sim::violation("sim/out-of-bounds", text("writes %zu floats of %zu", floats, to.floats()));
    const std::byte* place = sim::read_stretch(*view, 0, bytes);
    if (copies) std::memcpy(to.data(), place, static_cast<std::size_t>(bytes));
  });
}

}  // namespace incept::cuda
