// What stands for the vendor's libraries: plain references behind the same questions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "../cuda/problem.hpp"
#include "device.hpp"
#include "recorder.hpp"

namespace incept::cuda {

class ConvPlan {
 public:
  static void describe(Device* device, const ConvProblem& problem);
  static std::unique_ptr<ConvPlan> make(Device& device, const ConvProblem& problem);
  std::size_t workspace() const { return workspace_; }
  std::string engine() const;
  void run(Recorder& recorder, Address x, Address w, Address bias, Address y,
           Address workspace) const;

 private:
  ConvPlan(const ConvProblem& problem, std::size_t workspace)
      : problem_(problem), workspace_(workspace) {}
  const ConvProblem problem_;
  const std::size_t workspace_;
};

class MatmulPlan {
 public:
  static void describe(Device* device, const MatmulProblem& problem);
  static std::unique_ptr<MatmulPlan> make(Device& device, const MatmulProblem& problem);
  std::size_t workspace() const { return workspace_; }
  std::string engine() const;
  void run(Recorder& recorder, Address x, Address w, Address bias, Address y,
           Address workspace) const;

 private:
  MatmulPlan(const MatmulProblem& problem, std::size_t workspace)
      : problem_(problem), workspace_(workspace) {}
  const MatmulProblem problem_;
  const std::size_t workspace_;
};

}  // namespace incept::cuda
