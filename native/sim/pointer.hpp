// Pointers to the device's and a block's memory that check each access.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "view.hpp"

namespace incept::cuda {

template <class T>
class Global;

namespace sim {

template <class T>
T read(const View* view, std::int64_t byte) {
  if (view == nullptr) violation("sim/out-of-bounds", "reads through a null pointer");
  T value;
  std::memcpy(&value, touch_read(*view, byte, sizeof(T)), sizeof(T));
  return value;
}

template <class T>
void write(const View* view, std::int64_t byte, const T& value) {
  if (view == nullptr) violation("sim/out-of-bounds", "writes through a null pointer");
  std::memcpy(touch_write(*view, byte, sizeof(T)), &value, sizeof(T));
}

// What p[i] is where it may be assigned.
template <class T>
class Slot {
 public:
  Slot(const View* view, std::int64_t byte) : view_(view), byte_(byte) {}
  Slot(const Slot&) = default;
  operator T() const { return read<T>(view_, byte_); }
  Slot& operator=(const T& value) {
    write<T>(view_, byte_, value);
    return *this;
  }
  Slot& operator=(const Slot& from) { return *this = static_cast<T>(from); }
  Slot& operator+=(const T& value) { return *this = static_cast<T>(*this) + value; }
  Slot& operator-=(const T& value) { return *this = static_cast<T>(*this) - value; }
  Slot& operator*=(const T& value) { return *this = static_cast<T>(*this) * value; }
  Slot& operator/=(const T& value) { return *this = static_cast<T>(*this) / value; }

 private:
  const View* view_;
  const std::int64_t byte_;
};

const View* shared_view(const void* key, const char* name, std::int64_t count,
                        std::int64_t element);

}  // namespace sim

template <class T>
class Global {
 public:
  using Value = std::remove_const_t<T>;
  static constexpr std::int64_t kSize = sizeof(T);

  Global() = default;
  Global(std::nullptr_t) {}
  Global(const sim::View* view, std::int64_t byte) : view_(view), byte_(byte) {}
  template <class U, std::enable_if_t<std::is_same_v<const U, T> && !std::is_const_v<U>, int> = 0>
  Global(Global<U> other) : view_(other.view()), byte_(other.byte()) {}

  auto operator[](std::int64_t i) const {
    const std::int64_t byte = byte_ + i * kSize;
    if constexpr (std::is_const_v<T>)
      return sim::read<Value>(view_, byte);
    else
      return sim::Slot<T>(view_, byte);
  }
  auto operator*() const { return (*this)[0]; }
  Global operator+(std::int64_t n) const { return {view_, byte_ + n * kSize}; }
  Global operator-(std::int64_t n) const { return {view_, byte_ - n * kSize}; }
  Global& operator+=(std::int64_t n) { return *this = *this + n; }
  Global& operator-=(std::int64_t n) { return *this = *this - n; }
  friend bool operator==(Global p, std::nullptr_t) { return p.view_ == nullptr; }

  // For the simulator.
  const sim::View* view() const { return view_; }
  std::int64_t byte() const { return byte_; }

 private:
  const sim::View* view_ = nullptr;
  std::int64_t byte_ = 0;
};

template <class T, int V>
struct alignas(V * sizeof(T)) Pack {
  static_assert(V * sizeof(T) <= 16 && (V & (V - 1)) == 0, "what one instruction moves");
  T at[V];
};

template <int V, class T>
Pack<std::remove_const_t<T>, V> load(Global<T> p, std::int64_t i) {
  return sim::read<Pack<std::remove_const_t<T>, V>>(p.view(), p.byte() + i * Global<T>::kSize);
}

template <int V, class T>
void store(Global<T> p, std::int64_t i, const Pack<T, V>& pack) {
  sim::write(p.view(), p.byte() + i * Global<T>::kSize, pack);
}

// What was there before.
template <class T>
T atomicAdd(Global<T> p, std::type_identity_t<T> value) {
  if (p == nullptr) sim::violation("sim/out-of-bounds", "adds through a null pointer");
  std::byte* place = sim::touch_atomic(*p.view(), p.byte(), sizeof(T));
  T before;
  std::memcpy(&before, place, sizeof before);
  const T sum = before + value;
  std::memcpy(place, &sum, sizeof sum);
  return before;
}

// A pointer without a type, for libraries.
class Address {
 public:
  Address() = default;
  Address(std::nullptr_t) {}
  Address(const sim::View* view, std::int64_t byte) : view_(view), byte_(byte) {}
  friend bool operator==(Address a, std::nullptr_t) { return a.view_ == nullptr; }

  // For the simulator.
  const sim::View* view() const { return view_; }
  std::int64_t byte() const { return byte_; }

 private:
  const sim::View* view_ = nullptr;
  std::int64_t byte_ = 0;
};

template <class T>
Address address(Global<T> p) {
  return {p.view(), p.byte()};
}

}  // namespace incept::cuda

// The declaration's own address tells it from others, in each instantiation of a kernel.
#define INCEPT_SHARED(type, name, count)   \
  static char name##_declaration;          \
  const ::incept::cuda::Global<type> name( \
      ::incept::cuda::sim::shared_view(&name##_declaration, #name, (count), sizeof(type)), 0)
