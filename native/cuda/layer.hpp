// A layer as a type, for kernels: nvcc 13.0 writes code that does not compile for a __global__
// template whose parameter is a value of a class in a namespace ("'_ZN6incept4PoolE' was not
// declared in this scope"). A type that carries the value passes.
//
//   template <class L, class T>
//   __global__ void max_pool_kernel(...) { constexpr Pool S = L::value; ... }
//
//   max_pool_kernel<Layer<S>, T>
#pragma once

namespace incept::cuda {

template <auto S>
struct Layer {
  static constexpr auto value = S;
};

}  // namespace incept::cuda
