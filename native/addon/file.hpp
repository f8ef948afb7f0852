// A file that JavaScript has open, read by other threads.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__unix__) || defined(__APPLE__)
#include <unistd.h>
#define INCEPT_READS_FILES 1
#endif

namespace incept::addon {

#ifdef INCEPT_READS_FILES

// Its own descriptor: whoever closes the other one, or ends the worker_thread that has it, does not
// have us read another file.
class File {
 public:
  explicit File(int descriptor) : own_(dup(descriptor)) {}
  ~File() {
    if (own_ >= 0) close(own_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  // Whether so many bytes could be read from that place.
  bool read(void* into, std::size_t bytes, std::int64_t position) const {
    auto* to = static_cast<char*>(into);
    while (bytes > 0) {
      const ssize_t done = pread(own_, to, bytes < kMost ? bytes : kMost, off_t(position));
      if (done <= 0) return false;
      to += done;
      bytes -= std::size_t(done);
      position += done;
    }
    return true;
  }

 private:
  static constexpr std::size_t kMost = std::size_t(1) << 28;  // In one call of the system.
  int own_;
};

#else

// What Node calls a descriptor means nothing outside of it here.
class File {
 public:
  explicit File(int) {}
  bool read(void*, std::size_t, std::int64_t) const { return false; }
};

#endif

}  // namespace incept::addon
