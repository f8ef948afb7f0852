/** Writes the C++ of the activations from their table, src/ops/activation-table.ts. */
import { writeFileSync } from "node:fs";
import { type Activation, activationNames, activations } from "../src/ops/activations.js";

/** By path below native/: what each file should hold; one is stale where it differs. */
export const activationFiles = (): ReadonlyMap<string, string> =>
  new Map([
    ["layers/activations.hpp", functions()],
    ["cuda/library_activations.hpp", applied()],
    ["cuda/device/activation_modes.hpp", modes()],
  ]);

const origin = "Written by `npm run generate` from src/ops/activation-table.ts.";

/** `kRelu`, `kGeluTanh` */
const constant = (name: Activation): string =>
  `k${name.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}`;

/** `relu()`, or `elu(float alpha = 1)`. */
function setter(name: Activation): string {
  const { alpha } = activations[name];
  const [taken, given] =
    alpha === undefined ? ["", ""] : [`float number = ${real(alpha.absent)}`, ", number"];
  return `  constexpr Self& ${name}(${taken}) { return with(Activation::${constant(name)}${given}); }`;
}

const real = (value: number): string => (Number.isInteger(value) ? `${value}.0f` : `${value}f`);

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

// NaN stays.
INCEPT_ANYWHERE float clamped(float x, float most) {
  return x < 0 ? 0.0f : x > most ? most : x;
}

// What the older form of gelu has in place of the error function.
INCEPT_ANYWHERE float curved(float x) {
  return tanhf(x * (0.797884561f + 0.0356774081f * x * x));
}

// NaN goes through all of them. \`alpha\` is the number of those that one shapes.
INCEPT_ANYWHERE float activated(Activation activation, float x, float alpha) {
  switch (activation) {
    case Activation::kNone:
      break;
${each((name) => `    case Activation::${constant(name)}:\n      return ${activations[name].cpp};`)}
  }
  return x;
}

// dy/dx of one, in terms of its x or of its y, whichever training keeps: the table says.
INCEPT_ANYWHERE float derivative(Activation activation, float v, float alpha) {
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
  float alpha = 0;
  constexpr Self& with(Activation a, float number = 0) {
    activation = a, alpha = number;
    return static_cast<Self&>(*this);
  }
${each(setter)}
};

template <class Self>
INCEPT_ANYWHERE float activated(const Activated<Self>& layer, float x) {
  return activated(layer.activation, x, layer.alpha);
}

template <class Self>
INCEPT_ANYWHERE float derivative(const Activated<Self>& layer, float v) {
  return derivative(layer.activation, v, layer.alpha);
}

}  // namespace incept
`;

const known = activationNames.filter((name) => activations[name].cudnn !== undefined);

const applied = (): string => `// Which activations cuDNN can apply to what it computes.
// ${origin}
#pragma once

#include "../layers/activations.hpp"

namespace incept::cuda {

// The others are applied by a kernel of ours.
inline bool library_applies(Activation activation) {
  switch (activation) {
    case Activation::kNone:
${known.map((name) => `    case Activation::${constant(name)}:`).join("\n")}
      return true;
    default:
      return false;
  }
}

}  // namespace incept::cuda
`;

function modes(): string {
  const modeOf = (name: Activation): string => {
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
${each((name) => `    case Activation::${constant(name)}:\n      return ${modeOf(name)};`)}
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
