// What kernels are written in, in every way that a kernel may use it.
#include "kernel.hpp"
#include "layer.hpp"
#include "layers/layers.hpp"
#include "machine.hpp"

namespace incept::cuda {
namespace {

template <class L, class T, int V>
__global__ void scale_kernel(Global<const T> x, Global<T> y, std::int64_t count, float factor,
                             Global<float> sum) {
  constexpr Pool S = L::value;
  INCEPT_SHARED(T, tile, 256);
  const std::int64_t i = blockIdx.x * std::int64_t(blockDim.x) + threadIdx.x;
  if (x == nullptr || i >= count) return;
  Pack<T, V> pack = load<V>(x + 0, i * V);
  float total = 0;
#pragma unroll
  for (int v = 0; v < V; ++v) {
    const float scaled = to_float(pack.at[v]) * factor + S.kernel_height;
    pack.at[v] = from_float<T>(scaled);
    total += scaled;
  }
  tile[threadIdx.x] = pack.at[0];
  __syncthreads();
  __syncwarp();
  for (int lanes = 16; lanes > 0; lanes /= 2) total += __shfl_xor_sync(~0u, total, lanes);
  total += __shfl_down_sync(~0u, total, 1);
  if (threadIdx.x == 0) atomicAdd(sum, total + to_float(tile[blockDim.x - 1]));
  store<V>(y, i * V, pack);
}

constexpr Pool kPool = Pool{}.kernel(3, 3);

template <class P, int V>
void scale(Recorder& g, Memory& m) {
  using T = Element<P>;
  g.launch("scale", scale_kernel<Layer<kPool>, T, V>, dim3(2, 3), 256,
           g.view<const T>(m, 0, 1, 64, 64), g.view<T>(m, 0, 1, 64, 64), 12, 0.5,
           g.view<float>(m, 64, 1, 4, 4));
}

}  // namespace

void all(Recorder& g, Memory& m, ConvPlan& conv, MatmulPlan& matmul) {
  scale<f32, 1>(g, m), scale<f32, 2>(g, m), scale<f32, 4>(g, m), scale<tf32, 4>(g, m);
  scale<f16, 1>(g, m), scale<f16, 2>(g, m), scale<f16, 4>(g, m), scale<f16, 8>(g, m);
  scale<bf16, 1>(g, m), scale<bf16, 8>(g, m);
  const Global<const __half> x = g.view<const __half>(m, 0, 1, 64, 64);
  conv.run(g, address(x), address(x), nullptr, address(g.view<__half>(m, 0, 1, 64, 64)), nullptr);
  matmul.run(g, address(x), address(x), nullptr, address(x), nullptr);
}

}  // namespace incept::cuda
