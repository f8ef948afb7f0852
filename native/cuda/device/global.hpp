// What a pointer to the device's memory is on a GPU: the address itself.
#pragma once

namespace incept::cuda {

template <class T>
using Global = T*;

// The same for libraries, which ask for no type.
using Address = void*;

template <class T>
Address address(T* p) {
  return const_cast<void*>(static_cast<const void*>(p));
}

}  // namespace incept::cuda
