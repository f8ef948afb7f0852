// What the programs that judge training kernels share. They read operands from a file, dense and
// planar, lay them out as the kernel wants them, and write the results to another in the same form.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <tuple>
#include <vector>

#include "batch.hpp"
#include "shape.hpp"
#include "team.hpp"

namespace judge {

using namespace incept::cpu;

// A float of such bytes is NaN. They are where no operand is, and in results before they are there.
constexpr int kRubbish = 0xff;
// Between images, where nothing may be written: not even the rubbish that a kernel has read.
constexpr int kGuard = 0x5a;
// Images lie further apart than they are long, as slices of a wider value do.
constexpr std::ptrdiff_t kGap = 16;

struct Place {
  int images, channels;
  std::ptrdiff_t plane;
  bool blocked;

  std::ptrdiff_t length() const {
    return (blocked ? blocks_of(channels) * kBlock : channels) * plane;
  }
  std::ptrdiff_t pitch() const { return length() + kGap; }
  std::ptrdiff_t at(int c, std::ptrdiff_t p) const {
    return blocked ? (c / kBlock * plane + p) * kBlock + c % kBlock : c * plane + p;
  }
};

// A value of each image; what there is one of a batch is as if that were one image.
template <class T>
class Value {
 public:
  explicit Value(const Place& place) : place_(place), numbers_(place.images * place.pitch()) {
    clear();
  }
  T* operator()(int image) { return numbers_.data() + image * place_.pitch(); }
  int images() const { return place_.images; }
  operator T*() { return numbers_.data(); }
  operator Batch<T>() { return {numbers_.data(), place_.pitch(), place_.images}; }
  operator Batch<const T>() { return {numbers_.data(), place_.pitch(), place_.images}; }

  void clear() {
    std::memset(numbers_.data(), kGuard, numbers_.size() * sizeof(T));
    for (int image = 0; image < place_.images; ++image)
      std::memset((*this)(image), kRubbish, place_.length() * sizeof(T));
  }

  void read(std::FILE* file) {
    each([&](T& number) {
      if (std::fread(&number, sizeof number, 1, file) != 1) std::abort();
    });
  }
  std::vector<T> planar() {
    std::vector<T> result;
    each([&](const T& number) { result.push_back(number); });
    return result;
  }
  // Whether nothing was written between the images.
  bool intact() {
    T guard;
    std::memset(&guard, kGuard, sizeof guard);
    for (int image = 0; image < place_.images; ++image)
      for (std::ptrdiff_t i = place_.length(); i < place_.pitch(); ++i)
        if (std::memcmp((*this)(image) + i, &guard, sizeof guard) != 0) return false;
    return true;
  }

 private:
  template <class Visit>
  void each(Visit&& visit) {
    for (int image = 0; image < place_.images; ++image)
      for (int c = 0; c < place_.channels; ++c)
        for (std::ptrdiff_t p = 0; p < place_.plane; ++p) visit((*this)(image)[place_.at(c, p)]);
  }

  Place place_;
  std::vector<T> numbers_;
};

template <class T>
bool same(const std::vector<T>& a, const std::vector<T>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(T)) == 0;
}

inline void complain(bool good, const char* name, const char* what) {
  if (!good) std::printf("%s %s\n", name, what);
}

// Writes the results of one thread, and complains where three give others.
template <class... Ts>
void run(const char* name, std::FILE* file, const std::function<void(Member&)>& kernel,
         Value<Ts>&... results) {
  std::tuple<std::vector<Ts>...> first;
  for (const int threads : {1, 3}) {
    (results.clear(), ...);
    Team team(threads);
    team.run(kernel);
    complain((results.intact() && ...), name, "writes past an image");
    if (threads == 1)
      first = {results.planar()...};
    else
      complain(
          std::apply([&](auto&... one) { return (same(one, results.planar()) && ...); }, first),
          name, "hangs on the number of threads");
  }
  std::apply(
      [&](auto&... one) {
        ((std::fwrite(one.data(), sizeof(one[0]), one.size(), file) == one.size() ||
          (std::abort(), true)) &&
         ...);
      },
      first);
}

// The same with its first result, which is `expected`, over an operand; the others stay.
template <class T, class... Ts>
void run_over(const char* name, const std::function<void(Member&)>& kernel, Value<T>& over,
              const std::vector<T>& expected, Value<Ts>&... others) {
  const std::tuple<std::vector<Ts>...> before{others.planar()...};
  Team team(2);
  team.run(kernel);
  const bool kept =
      std::apply([&](auto&... one) { return (same(one, others.planar()) && ...); }, before);
  complain(kept && same(over.planar(), expected), name, "cannot be written over an operand");
}

}  // namespace judge
