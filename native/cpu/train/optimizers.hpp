// How parameters follow their gradients: the formulas of src/ops/training/optimizers.ts, each one
// loop over a stretch of numbers that lie side by side.
//
// Parameters and moments are floats, as PyTorch's; what a formula makes of the run's numbers alone
// is computed in double and rounded once.
#pragma once

#include <cmath>
#include <cstddef>

#include "../../abi/train.h"

namespace incept::cpu {

// A multiple of 16 numbers, so that no loop has an end of other instructions: what becomes of a
// number does not hang on where its stretch begins.
struct Stretch {
  std::ptrdiff_t count;
  float* parameters;
  const float* gradients;
  float* moments[2];
};

// Of a stretch, the run's numbers with the parameter's factors in them.
struct Rate {
  double rate, decay;
};

// Sutskever et al. 2013; with `nesterov` the step looks ahead by the momentum.
class Sgd {
 public:
  Sgd(const incept_train_numbers& n, double clip)
      : clip_(float(clip)), momentum_(float(n.momentum)), nesterov_(n.nesterov != 0) {}

  void operator()(const Stretch& s, const Rate& own) const {
    const float clip = clip_, momentum = momentum_;
    const float rate = float(own.rate), decay = float(own.decay);
    const bool nesterov = nesterov_;
    float* __restrict p = s.parameters;
    float* __restrict velocity = s.moments[0];
    const float* __restrict g = s.gradients;
    for (std::ptrdiff_t i = 0; i < s.count; ++i) {
      const float slope = clip * g[i] + decay * p[i];
      const float next = momentum * velocity[i] + slope;
      velocity[i] = next;
      p[i] -= rate * (nesterov ? slope + momentum * next : next);
    }
  }

 private:
  float clip_, momentum_;
  bool nesterov_;
};

// Kingma & Ba 2015, algorithm 1; epsilon is added to the root, which is corrected first. With
// `decoupled` the decay is of the parameter and not of the gradient: Loshchilov & Hutter 2019.
template <bool decoupled>
class Adam {
 public:
  Adam(const incept_train_numbers& n, double clip)
      : clip_(float(clip)),
        beta1_(float(n.beta1)),
        rest1_(float(1 - n.beta1)),
        beta2_(float(n.beta2)),
        rest2_(float(1 - n.beta2)),
        eps_(float(n.eps)),
        mean_correction_(1 - std::pow(n.beta1, double(n.step))),
        root_factor_(float(1 / std::sqrt(1 - std::pow(n.beta2, double(n.step))))) {}

  void operator()(const Stretch& s, const Rate& own) const {
    const float clip = clip_, beta1 = beta1_, rest1 = rest1_, beta2 = beta2_, rest2 = rest2_;
    const float eps = eps_, root_factor = root_factor_;
    const float rate = float(own.rate / mean_correction_);
    const float decay = decoupled ? 0 : float(own.decay);
    // Not a factor on the parameter: that is too near to 1 for a float.
    const float shrink = decoupled ? float(own.rate * own.decay) : 0;
    float* __restrict p = s.parameters;
    float* __restrict mean = s.moments[0];
    float* __restrict square = s.moments[1];
    const float* __restrict g = s.gradients;
    for (std::ptrdiff_t i = 0; i < s.count; ++i) {
      const float slope = clip * g[i] + decay * p[i];
      const float m = beta1 * mean[i] + rest1 * slope;
      const float v = beta2 * square[i] + rest2 * slope * slope;
      mean[i] = m;
      square[i] = v;
      p[i] -= shrink * p[i] + rate * m / (std::sqrt(v) * root_factor + eps);
    }
  }

 private:
  float clip_, beta1_, rest1_, beta2_, rest2_, eps_;
  double mean_correction_;
  float root_factor_;
};

// Hinton 2012, lecture 6; epsilon is added to the root.
class Rmsprop {
 public:
  Rmsprop(const incept_train_numbers& n, double clip)
      : clip_(float(clip)),
        alpha_(float(n.alpha)),
        rest_(float(1 - n.alpha)),
        eps_(float(n.eps)),
        momentum_(float(n.momentum)) {}

  void operator()(const Stretch& s, const Rate& own) const {
    const float clip = clip_, alpha = alpha_, rest = rest_, eps = eps_, momentum = momentum_;
    const float rate = float(own.rate), decay = float(own.decay);
    float* __restrict p = s.parameters;
    float* __restrict square = s.moments[0];
    float* __restrict velocity = s.moments[1];
    const float* __restrict g = s.gradients;
    for (std::ptrdiff_t i = 0; i < s.count; ++i) {
      const float slope = clip * g[i] + decay * p[i];
      const float v = alpha * square[i] + rest * slope * slope;
      const float next = momentum * velocity[i] + slope / (std::sqrt(v) + eps);
      square[i] = v;
      velocity[i] = next;
      p[i] -= rate * next;
    }
  }

 private:
  float clip_, alpha_, rest_, eps_, momentum_;
};

// decay * average + (1 - decay) * parameter.
inline void follow(std::ptrdiff_t count, double decay, const float* __restrict parameters,
                   float* __restrict average) {
  const float rest = float(1 - decay);
  for (std::ptrdiff_t i = 0; i < count; ++i) average[i] += rest * (parameters[i] - average[i]);
}

}  // namespace incept::cpu
