#include "stage.hpp"

namespace incept::cuda {

void Stage::begin(Walk walk) {
  walk_ = walk;
  next_method_ = 0;
  step_ = -1;
  open_ = false;
  doing_.clear();
}

void Stage::begin_describing(Device* device) {
  begin(Walk::kDescribe);
  device_ = device;
}

void Stage::begin_planning(Device& device) {
  begin(Walk::kPlan);
  device_ = &device;
  methods_.clear();
}

void Stage::begin_running(Device& device, Buffers& buffers, Recorder& recorder) {
  begin(Walk::kRun);
  device_ = &device;
  buffers_ = &buffers;
  recorder_ = &recorder;
}

void Stage::open_step(int id, std::initializer_list<int> after) {
  if (open_ && running()) recorder_->end_step();
  step_ = id;
  doing_.clear();
  open_ = true;
  if (walk_ == Walk::kPlan) space_.step(id, after.begin(), after.size());
  if (running()) recorder_->begin_step(id, after.begin(), after.size());
}

void Stage::end() {
  if (open_ && running()) recorder_->end_step();
  open_ = false;
  step_ = -1;
}

void Stage::keep(std::unique_ptr<Method> method) {
  space_.need(step_, method->workspace());
  methods_.push_back({step_, std::move(method)});
}

const Method& Stage::method() {
  return *methods_[next_method_++].method;
}

std::vector<Stage::Report> Stage::report() const {
  std::vector<Report> lines;
  for (const Kept& kept : methods_) lines.push_back({kept.step, kept.method->text()});
  return lines;
}

}  // namespace incept::cuda
