// What the emitted training program works on: one value after another, of each all images of the
// batch, so that a sum over the images is one more kernel.
//
// Values of an image lie in one arena, each value's images side by side: of n images, image i of a
// value begins n * buffer + i * pitch + shift bytes into it. What there is one of a batch has an
// arena of its own.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../batch.hpp"
#include "../team.hpp"

namespace incept::cpu {

// Where values are, for every batch; `T` is what their numbers are. Distances are in bytes.
template <class T>
struct ImageValue {
  std::ptrdiff_t buffer, pitch, shift;
};
template <class T>
struct BatchValue {
  std::ptrdiff_t offset;
};
// At the caller's: `count` numbers an image.
template <class T>
struct ImageInput {
  int port;
  std::ptrdiff_t count;
};
template <class T>
struct BatchInput {
  int port;
};
template <class T>
struct BatchOutput {
  int port;
};

class Watch;  // watch.hpp

// A batch on its way through the program.
struct BatchRun {
  int images;
  std::byte* image_arena;
  std::byte* batch_arena;
  // A stretch of scratch for each member of the team, and one more for what they compute together.
  std::byte* scratch;
  std::ptrdiff_t scratch_bytes;
  const float* weights;            // Prepared.
  const float* const* parameters;  // As they are now, in the order of training::info.
  const void* const* inputs;
  void* const* outputs;
  Watch* watch = nullptr;  // Looks for values that are not finite, after a batch that has some.

  // Called by the whole team where a level ends, not inside of each_image.
  void barrier(Member& t, int level) const {
    t.barrier();
    if (watch) look(t, level);
  }

  template <class T>
  Batch<T> operator()(ImageValue<T> v) const {
    std::byte* const first = image_arena + images * v.buffer + v.shift;
    return {reinterpret_cast<T*>(first), v.pitch / std::ptrdiff_t(sizeof(T)), images};
  }
  template <class T>
  T* operator()(BatchValue<T> v) const {
    return reinterpret_cast<T*>(batch_arena + v.offset);
  }
  template <class T>
  Batch<const T> operator()(ImageInput<T> v) const {
    return {static_cast<const T*>(inputs[v.port]), v.count, images};
  }
  template <class T>
  const T* operator()(BatchInput<T> v) const {
    return static_cast<const T*>(inputs[v.port]);
  }
  template <class T>
  T* operator()(BatchOutput<T> v) const {
    return static_cast<T*>(outputs[v.port]);
  }

 private:
  void look(Member& t, int level) const;  // watch.cpp
};

// One of its images, for kernels that know no other.
struct OneImage {
  const BatchRun& run;
  int index;
  float* scratch;

  template <class T>
  T* operator()(ImageValue<T> v) const {
    return run(v)(index);
  }
  template <class T>
  const T* operator()(ImageInput<T> v) const {
    return run(v)(index);
  }
  // What there is one of a batch is every image's.
  template <class Value>
  auto* operator()(Value v) const {
    return run(v);
  }
};

// Calls `function(member, image)` for every image: each member of the team has as many images to
// itself, and those that are left over they compute together. What a kernel computes does not hang
// on how many members do.
template <class Function>
void each_image(Member& t, const BatchRun& run, Function&& function) {
  const auto scratch = [&](int of) {
    return reinterpret_cast<float*>(run.scratch + of * run.scratch_bytes);
  };
  const auto [begin, end, rest] = own_images(t, run.images);
  Member alone = t.alone();
  for (auto i = begin; i < end; ++i) function(alone, OneImage{run, int(i), scratch(t.rank())});
  for (auto i = rest; i < run.images; ++i) {
    t.barrier();  // The scratch that all share may still be in use.
    function(t, OneImage{run, int(i), scratch(t.size())});
  }
}

}  // namespace incept::cpu
