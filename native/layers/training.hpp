// What training adds to the layers: losses, a dropout that drops, and what derivatives are made of
// that no layer is. The derivatives of a layer take its own descriptor.
#pragma once

#include "layers.hpp"

namespace incept {

// Drops a share `p` of the elements; `number` tells a network's dropouts apart.
struct Dropout : Extent<Dropout> {
  double p = 0;
  int number = 0;
  constexpr Dropout& share(double dropped) {
    p = dropped;
    return *this;
  }
  constexpr Dropout& stream(int own) {
    number = own;
    return *this;
  }
};

// Of logits, or of the softmax of them; there is one target a pixel.
struct CrossEntropy : Extent<CrossEntropy> {
  bool ignores = false;
  int ignored = 0;
  constexpr CrossEntropy& ignore(int target) {
    ignores = true, ignored = target;
    return *this;
  }
};

// Of a value against targets of its shape.
struct NumericLoss : Extent<NumericLoss> {};

// Of an operand: over all of a channel that there is, or over its plane.
struct ChannelSum : Extent<ChannelSum> {};

// The same number everywhere.
struct Fill : Extent<Fill> {
  float number = 0;
  constexpr Fill& value(float everywhere) {
    number = everywhere;
    return *this;
  }
};

}  // namespace incept
