// Two addons of one process, each with a copy of native/cuda/device/context.cpp: compiled with
// ADDON it is one of them, else the process, whose arguments name two.
#include "device/context.hpp"

using namespace incept::cuda;

#ifdef ADDON

extern "C" {
__attribute__((visibility("default"))) context::Generation join() {
  return context::join(0);
}
__attribute__((visibility("default"))) void lose() {
  context::lose("launching max_pool");
}
__attribute__((visibility("default"))) bool alive(context::Generation generation) {
  return static_cast<bool>(context::LastUse(generation));
}
}

#else

#include <dlfcn.h>

#include <cstdio>

template <class Function>
Function* in(void* addon, const char* name) {
  return reinterpret_cast<Function*>(dlsym(addon, name));
}

int main(int, char** arguments) {
  void* a = dlopen(arguments[1], RTLD_NOW | RTLD_LOCAL);
  void* b = dlopen(arguments[2], RTLD_NOW | RTLD_LOCAL);
  if (a == nullptr || b == nullptr || in<void()>(a, "lose") == in<void()>(b, "lose")) return 1;
  const auto old = in<context::Generation()>(b, "join")();
  in<void()>(a, "lose")();
  std::printf("%d\n", in<bool(context::Generation)>(b, "alive")(old));
  const auto fresh = in<context::Generation()>(a, "join")();
  std::printf("%d\n", in<bool(context::Generation)>(b, "alive")(old));
  std::printf("%d\n", in<bool(context::Generation)>(b, "alive")(fresh));
}

#endif
