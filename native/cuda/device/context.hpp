// The process's CUDA context of each GPU, which all sessions on it share, those of other networks'
// addons too. A kernel that crashes ends the context for all of them: from then on every call gives
// the same "sticky" error until the device is reset. So each session belongs to a generation of the
// context; once that is lost the session reports cuda/lost and its destructors leave the device
// alone, and the next session that is made resets the device and begins a new generation.
#pragma once

#include <driver_types.h>

#include <cstdint>
#include <string>

#include "../failure.hpp"

namespace incept::cuda::context {

// Which GPU, and how often its context began anew; 0 is that of nothing.
using Generation = std::uint64_t;

// The generation under way on a GPU, for a session that is being made: a new one, after a reset, if
// the last was lost. Throws Failure.
Generation join(int device);

int device_of(Generation generation);

// The generation that the calling thread uses is lost, and why; what to throw then and from now on.
Failure lose(const std::string& why);

// Whether an error leaves the context unusable.
bool sticky(cudaError_t error);

// Held by each call of an session that touches the device: makes the device the thread's current
// one, and keeps others from resetting it meanwhile. Throws cuda/lost if the generation is.
class Use {
 public:
  explicit Use(Generation generation);
  ~Use();
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  friend class LastUse;
  static void end_use(int device) noexcept;
  const int device_;
};

// The same for destructors: says whether the device may be touched, and never throws.
class LastUse {
 public:
  explicit LastUse(Generation generation) noexcept;
  ~LastUse();
  LastUse(const LastUse&) = delete;
  LastUse& operator=(const LastUse&) = delete;
  explicit operator bool() const { return alive_; }

 private:
  const int device_;
  bool alive_;
};

// A stream that is being captured, from any thread, forbids to wait for the device as a whole,
// which some calls do inside. Captures hold a Capture, such calls a Quiet: it waits for the
// captures under way and holds off new ones.
class Capture {
 public:
  Capture();
  ~Capture();
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
};
class Quiet {
 public:
  Quiet();
  ~Quiet();
  Quiet(const Quiet&) = delete;
  Quiet& operator=(const Quiet&) = delete;
};

}  // namespace incept::cuda::context
