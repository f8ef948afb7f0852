// The vendor's libraries, found and opened at run time: an addon links to neither, and what is
// missing is named with advice. Linux only, as is the CUDA target.
#pragma once

#include <string>
#include <vector>

#include "../failure.hpp"

#if !defined(__linux__)
#error "the CUDA target's libraries are opened with dlopen; only Linux is supported"
#endif

namespace incept::cuda {

class Library {
 public:
  struct Wanted {
    const char* title;               // "cuDNN 9"
    const char* code;                // "cuda/no-cudnn"
    std::vector<std::string> names;  // By preference: {"libcudnn.so.9"}
    std::string advice;              // A sentence or two.
  };

  // Looks among the libraries that the process has loaded, in $CUDNN_PATH (lib, itself, and where
  // wheels beside it lie), where the system's loader looks, in $CUDA_PATH and $CUDA_HOME (lib64,
  // lib), in /usr/local/cuda/lib64. Throws Failure. It stays open.
  explicit Library(Wanted wanted);

  // Throws Failure with the symbol's name.
  template <class Function>
  void find(Function*& function, const char* symbol) const {
    function = reinterpret_cast<Function*>(address_of(symbol));
  }

  // The file, for messages.
  const std::string& path() const { return path_; }

 private:
  void* address_of(const char* symbol) const;
  bool open_from(const std::string& file, int flags);

  Wanted wanted_;
  void* handle_ = nullptr;
  std::string path_;
  std::string error_;  // The first that was more than a file that is not there.
};

}  // namespace incept::cuda
