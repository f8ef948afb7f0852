#include "library.hpp"

#include <cmath>
#include <cstring>

#include "../cuda/failure.hpp"
#include "order.hpp"
#include "running.hpp"

namespace incept::cuda::sim {
namespace {

// To nearest in ten bits of fraction, as tensor cores see f32.
float tf32_of(float value) {
  const std::uint32_t bits = bits_of(value);
  if ((bits & 0x7f800000u) == 0x7f800000u) return value;
  return float_of((bits + 0x1000u) & ~0x1fffu);
}

}  // namespace

void require(bool holds, const std::string& words) {
  if (!holds) throw Failure("cuda/descriptor", words);
}

void require_alignment(const char* name, std::int64_t alignment, std::int64_t element) {
  require(alignment >= element && (alignment & (alignment - 1)) == 0,
          text("%s is aligned to %lld bytes, which is no power of two from %lld on", name,
               number(alignment), number(element)));
}

void require_address(const char* name, Address address, std::int64_t alignment) {
  if (address == nullptr) violation("sim/out-of-bounds", text("is given no %s", name));
  // Memories begin at multiples of 256.
  if (address.byte() % alignment != 0)
    violation(
        "sim/alignment",
        text("is given %s at byte %lld, where multiples of %lld were promised, of a view of ", name,
             static_cast<long long>(address.byte()), static_cast<long long>(alignment)) +
            text_of(*address.view()));
}

void spoil(Address workspace, std::size_t bytes) {
  if (bytes == 0) return;
  require_address("workspace", workspace, 256);
  const auto size = static_cast<std::int64_t>(bytes);
  std::memset(write_stretch(*workspace.view(), workspace.byte(), size), 0xa5, bytes);
}

void read_numbers(Address from, std::int64_t byte, std::int64_t count, Type type, bool tf32,
                  float* to) {
  const std::int64_t bytes = count * static_cast<std::int64_t>(size_of(type));
  const std::byte* raw = read_stretch(*from.view(), from.byte() + byte, bytes);
  if (type == Type::kF32) {
    std::memcpy(to, raw, static_cast<std::size_t>(bytes));
    for (std::int64_t i = 0; tf32 && i < count; ++i) to[i] = tf32_of(to[i]);
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    std::uint16_t bits;
    std::memcpy(&bits, raw + i * 2, sizeof bits);
    to[i] = type == Type::kF16 ? f16_value(bits) : bf16_value(bits);
  }
}

void write_numbers(Address to, std::int64_t byte, std::int64_t count, Type type,
                   const float* from) {
  const std::int64_t bytes = count * static_cast<std::int64_t>(size_of(type));
  std::byte* raw = write_stretch(*to.view(), to.byte() + byte, bytes);
  if (type == Type::kF32) {
    std::memcpy(raw, from, static_cast<std::size_t>(bytes));
    return;
  }
  for (std::int64_t i = 0; i < count; ++i) {
    const std::uint16_t bits = type == Type::kF16 ? f16_bits(from[i]) : bf16_bits(from[i]);
    std::memcpy(raw + i * 2, &bits, sizeof bits);
  }
}

void accumulate(const float* factors, const float* rows, std::int64_t count, float* sums) {
  using Four [[gnu::vector_size(16), gnu::aligned(4)]] = float;
  Four sum[4];
  std::memcpy(sum, sums, sizeof sum);
  for (std::int64_t i = 0; i < count; ++i) {
    const Four factor = {factors[i], factors[i], factors[i], factors[i]};
    const Four* row = reinterpret_cast<const Four*>(rows + i * kLanes);
    for (int j = 0; j < 4; ++j) sum[j] += factor * row[j];
  }
  std::memcpy(sums, sum, sizeof sum);
}

std::uint64_t hash(std::initializer_list<std::int64_t> numbers) {
  std::uint64_t bits = 0;
  for (const std::int64_t number : numbers) bits = mixed(bits ^ static_cast<std::uint64_t>(number));
  return bits;
}

std::size_t workspace_for(std::uint64_t hash) {
  return hash % 3 == 0 ? 0 : 100 + mixed(hash) % 5000;
}

}  // namespace incept::cuda::sim
