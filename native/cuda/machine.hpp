// Memory, order and libraries, in the form that is being compiled; README.md lists it.
#pragma once

#ifdef INCEPT_SIM
#include "../sim/machine.hpp"
#else
#include "device/machine.hpp"
#endif
