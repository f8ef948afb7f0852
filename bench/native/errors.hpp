// How far an algorithm is from a convolution in double precision, on numbers of a real network.
#pragma once

#include <cmath>
#include <cstdio>
#include <vector>

#include "conv/direct.hpp"
#include "conv/phased.hpp"

namespace incept::bench {

using namespace incept::cpu;

// A layer's numbers, planar: what it read, its weights, and its result in double precision.
struct Numbers {
  std::vector<float> in, weight, bias;
  std::vector<double> expected;
};

template <class T>
void read(std::FILE* file, std::vector<T>& values, std::size_t count) {
  values.resize(count);
  if (std::fread(values.data(), sizeof(T), count, file) != count) std::abort();
}

template <const Conv& S>
Numbers read_layer(std::FILE* file) {
  Numbers n;
  read(file, n.in, std::size_t(S.in_channels) * S.in_height * S.in_width);
  read(file, n.weight,
       std::size_t(S.out_channels) * S.in_channels * S.kernel_height * S.kernel_width);
  read(file, n.bias, std::size_t(S.out_channels));
  read(file, n.expected, std::size_t(S.out_channels) * S.out_height * S.out_width);
  return n;
}

// Prints the relative L2 error.
template <const Conv& S, class Algorithm>
void judge(const char* name, Member& t, const Numbers& n) {
  const std::size_t in_plane = std::size_t(S.in_height) * S.in_width,
                    out_plane = std::size_t(S.out_height) * S.out_width;
  std::vector<float> in(blocks_of(S.in_channels) * kBlock * in_plane),
      out(blocks_of(S.out_channels) * kBlock * out_plane), weights(Algorithm::packed_weights(S)),
      bias(Algorithm::packed_bias(S)), workspace(Algorithm::workspace(S) / sizeof(float));
  for (int c = 0; c < S.in_channels; ++c)
    for (std::size_t p = 0; p < in_plane; ++p)
      in[S.planar_input ? c * in_plane + p : (c / kBlock * in_plane + p) * kBlock + c % kBlock] =
          n.in[c * in_plane + p];
  Algorithm::pack(S, n.weight.data(), weights.data());
  Algorithm::pack_bias(S, n.bias.data(), bias.data());
  conv<S, Algorithm>(t, in.data(), weights.data(), bias.data(), workspace.data(), out.data());
  double wrong = 0, norm = 0;
  for (int c = 0; c < S.out_channels; ++c)
    for (std::size_t p = 0; p < out_plane; ++p) {
      const double e = n.expected[c * out_plane + p];
      const double off = out[(c / kBlock * out_plane + p) * kBlock + c % kBlock] - e;
      wrong += off * off, norm += e * e;
    }
  std::printf("%s %.2e\n", name, std::sqrt(wrong / norm));
}

}  // namespace incept::bench
