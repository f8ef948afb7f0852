// One value of all images of a batch: what kernels take that see more than one image at a time.
#pragma once

#include <cstddef>
#include <type_traits>

namespace incept::cpu {

// `T` may be const. The images lie `pitch` numbers apart, which is more than they hold where the
// value is a slice of a wider one.
template <class T>
struct Batch {
  T* first;
  std::ptrdiff_t pitch;
  int images;

  T* operator()(int image) const { return first + image * pitch; }

  // A batch that is written can be read.
  operator Batch<const T>() const { return {first, pitch, images}; }
};

}  // namespace incept::cpu
