// Convolutions by cuDNN and matrix products by cuBLASLt: chosen once, run often.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "../problem.hpp"
#include "global.hpp"

namespace incept::cuda {

class Device;
class Recorder;

class ConvPlan {
 public:
  // Finalises the descriptors up to the operations, as far as no GPU is needed; the device may be
  // null. Failure cuda/descriptor with cuDNN's words, cuda/no-cudnn, cuda/old-cudnn.
  static void describe(Device* device, const ConvProblem& problem);
  // Null where no engine takes it.
  static std::unique_ptr<ConvPlan> make(Device& device, const ConvProblem& problem);
  ~ConvPlan();

  // Bytes, at an address of any alignment up to 256.
  std::size_t workspace() const;
  // "engine 34 (tensor cores), 1.5 MiB"
  std::string engine() const;
  // x, w, y as the problem says, bias null without one; workspace may be null if it needs none.
  void run(Recorder& recorder, Address x, Address w, Address bias, Address y,
           Address workspace) const;

 private:
  struct State;
  explicit ConvPlan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

class MatmulPlan {
 public:
  // Failure cuda/descriptor, cuda/no-cublas.
  static void describe(Device* device, const MatmulProblem& problem);
  static std::unique_ptr<MatmulPlan> make(Device& device, const MatmulProblem& problem);
  ~MatmulPlan();

  std::size_t workspace() const;
  std::string engine() const;
  void run(Recorder& recorder, Address x, Address w, Address bias, Address y,
           Address workspace) const;

 private:
  struct State;
  explicit MatmulPlan(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace incept::cuda
