#include "library.hpp"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include <cstdlib>

namespace incept::cuda {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Wheels of one site-packages lie beside each other: nvidia/cudnn, nvidia/cu13, nvidia/cublas.
std::vector<std::string> folders_before_the_loader() {
  const std::string cudnn = variable("CUDNN_PATH");
  if (cudnn.empty()) return {};
  return {cudnn + "/lib", cudnn + "/lib64", cudnn, cudnn + "/../cu13/lib",
          cudnn + "/../cublas/lib"};
}

std::vector<std::string> folders_after_the_loader() {
  std::vector<std::string> folders;
  for (const char* name : {"CUDA_PATH", "CUDA_HOME"}) {
    const std::string cuda = variable(name);
    if (cuda.empty()) continue;
    folders.push_back(cuda + "/lib64");
    folders.push_back(cuda + "/lib");
  }
  folders.push_back("/usr/local/cuda/lib64");
  return folders;
}

}  // namespace

bool Library::open_from(const std::string& file, int flags) {
  handle_ = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | flags);
  if (handle_ != nullptr) {
    link_map* map = nullptr;
    path_ = dlinfo(handle_, RTLD_DI_LINKMAP, &map) == 0 ? map->l_name : file;
    return true;
  }
  const char* error = dlerror();
  if (error_.empty() && error != nullptr && flags == 0) error_ = error;
  return false;
}

Library::Library(Wanted wanted) : wanted_(std::move(wanted)) {
  const auto in_folders = [&](const std::vector<std::string>& folders) {
    for (const std::string& folder : folders)
      for (const std::string& name : wanted_.names) {
        const std::string file = folder + "/" + name;
        if (access(file.c_str(), F_OK) == 0 && open_from(file, 0)) return true;
      }
    return false;
  };
  // Two copies of one library in a process would not know of each other: one that is there counts.
  for (const std::string& name : wanted_.names)
    if (open_from(name, RTLD_NOLOAD)) return;
  if (in_folders(folders_before_the_loader())) return;
  for (const std::string& name : wanted_.names)
    if (open_from(name, 0)) return;
  if (in_folders(folders_after_the_loader())) return;
  throw Failure(wanted_.code,
                std::string(wanted_.title) + " was not found: " + error_ + ". " + wanted_.advice);
}

void* Library::address_of(const char* symbol) const {
  void* address = dlsym(handle_, symbol);
  if (address == nullptr)
    throw Failure(wanted_.code, path_ + " is not what was looked for, " + wanted_.title +
                                    ": it has no " + symbol + ". " + wanted_.advice);
  return address;
}

}  // namespace incept::cuda
