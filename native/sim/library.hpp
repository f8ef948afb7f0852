// What the libraries' stand-ins have in common.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>

#include "../cuda/problem.hpp"
#include "pointer.hpp"

namespace incept::cuda::sim {

// Throws cuda/descriptor with the words unless `holds`.
void require(bool holds, const std::string& words);

inline long long number(std::int64_t value) {
  return value;
}

// Bytes of one number of the problem.
template <class Problem>
std::int64_t size(const Problem& p) {
  return static_cast<std::int64_t>(size_of(p.type));
}

// A power of two of at least one element.
void require_alignment(const char* name, std::int64_t alignment, std::int64_t element);

// That a pointer is there and a multiple of `alignment`, as was promised.
void require_address(const char* name, Address address, std::int64_t alignment);

// Leaves rubbish in the workspace, as a library does.
void spoil(Address workspace, std::size_t bytes);

// `count` numbers of the type from `byte` on, as f32, and rounded to tf32 if asked for.
void read_numbers(Address from, std::int64_t byte, std::int64_t count, Type type, bool tf32,
                  float* to);
// Rounded to the type.
void write_numbers(Address to, std::int64_t byte, std::int64_t count, Type type, const float* from);

// sum[j] += factors[i] * rows[i * 16 + j] for i < count: sixteen sums at a time, for speed.
constexpr int kLanes = 16;
void accumulate(const float* factors, const float* rows, std::int64_t count, float* sums);

// The same bits for the same numbers.
std::uint64_t hash(std::initializer_list<std::int64_t> numbers);

// Bytes of workspace for a problem with this hash; often none.
std::size_t workspace_for(std::uint64_t hash);

}  // namespace incept::cuda::sim
