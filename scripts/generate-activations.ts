/** Writes the C++ of the activations from their table, src/ops/activations.ts. */
import { writeFileSync } from "node:fs";
import { type Activation, activationNames, activations } from "../src/ops/activations.js";

/** By path below native/: what each file should hold; one is stale where it differs. */
export const activationFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ["layers/activations.hpp", functions()],
    ["cuda/device/activation_modes.hpp", modes()],
  ]);

const origin = "Written by `npm run generate` from src/ops/activations.ts.";

/** `kRelu` */
const constant = (name: Activation): string => `k${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const each = (row: (name: Activation) => string): string => activationNames.map(row).join("\n");

const functions =
  (): string => `// What a layer may apply to its result, for kernels on every machine.
// ${origin}
#pragma once

#include <cmath>

#if defined(__CUDACC__)
#define INCEPT_ANYWHERE __host__ __device__ __forceinline__
#else
#define INCEPT_ANYWHERE inline
#endif

namespace incept {

enum class Activation {
  kNone,
${each((name) => `  ${constant(name)},`)}
};

// NaN goes through all of them.
INCEPT_ANYWHERE float activated(Activation activation, float x) {
  switch (activation) {
    case Activation::kNone:
      break;
${each((name) => `    case Activation::${constant(name)}:\n      return ${activations[name].cpp};`)}
  }
  return x;
}

// dy/dx of one, in terms of its x or of its y, whichever training keeps: the table says.
INCEPT_ANYWHERE float derivative(Activation activation, float v) {
  switch (activation) {
    case Activation::kNone:
      break;
${each((name) => `    case Activation::${constant(name)}:\n      return ${activations[name].derivative.cpp};`)}
  }
  return 1.0f;
}

// Mixed into descriptors with a function on each result.
template <class Self>
struct Activated {
  Activation activation = Activation::kNone;
  constexpr Self& with(Activation a) {
    activation = a;
    return static_cast<Self&>(*this);
  }
${each((name) => `  constexpr Self& ${name}() { return with(Activation::${constant(name)}); }`)}
};

}  // namespace incept
`;

function modes(): string {
  const known = (name: Activation): string => {
    const { cudnn } = activations[name];
    return cudnn === undefined ? "std::nullopt" : `PointwiseMode::${cudnn}`;
  };
  return `// The activations as cuDNN knows them.
// ${origin}
#pragma once

#include <optional>

#include "../../layers/activations.hpp"
#include "cudnn_api.hpp"

namespace incept::cuda::cudnn {

// None for what is no activation or not one of cuDNN's.
inline std::optional<PointwiseMode> mode_of(Activation activation) {
  switch (activation) {
    case Activation::kNone:
      break;
${each((name) => `    case Activation::${constant(name)}:\n      return ${known(name)};`)}
  }
  return std::nullopt;
}

}  // namespace incept::cuda::cudnn
`;
}

export function writeActivations(): void {
  for (const [path, text] of activationFiles()) {
    writeFileSync(new URL(`../native/${path}`, import.meta.url), text);
  }
}
