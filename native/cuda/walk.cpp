#include "walk.hpp"

namespace incept::cuda {

void Walk::begin(Purpose purpose) {
  purpose_ = purpose;
  next_method_ = 0;
  task_ = -1;
  open_ = false;
  doing_.clear();
}

void Walk::begin_describing(Device* device) {
  begin(Purpose::kDescribe);
  device_ = device;
}

void Walk::begin_planning(Device& device) {
  begin(Purpose::kPlan);
  device_ = &device;
  methods_.clear();
}

void Walk::begin_running(Device& device, Buffers& buffers, Recorder& recorder) {
  begin(Purpose::kRun);
  device_ = &device;
  buffers_ = &buffers;
  recorder_ = &recorder;
}

void Walk::open_task(int id, std::initializer_list<int> after) {
  if (open_ && running()) recorder_->end_task();
  task_ = id;
  doing_.clear();
  open_ = true;
  if (purpose_ == Purpose::kPlan) space_.task(id, after.begin(), after.size());
  if (running()) recorder_->begin_task(id, after.begin(), after.size());
}

void Walk::end() {
  if (open_ && running()) recorder_->end_task();
  open_ = false;
  task_ = -1;
}

void Walk::keep(std::unique_ptr<Method> method) {
  space_.need(task_, method->workspace());
  methods_.push_back({task_, std::move(method)});
}

const Method& Walk::method() {
  return *methods_[next_method_++].method;
}

std::vector<Walk::Report> Walk::report() const {
  std::vector<Report> lines;
  for (const Kept& kept : methods_) lines.push_back({kept.task, kept.method->text()});
  return lines;
}

}  // namespace incept::cuda
