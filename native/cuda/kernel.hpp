// What kernels are written in, in the form that is being compiled; README.md lists it.
#pragma once

#ifdef INCEPT_SIM
#include "../sim/kernel.hpp"
#else
#include "device/kernel.hpp"
#endif
