// The simulator's form of what kernels are written in; ../cuda/README.md lists it.
#pragma once

#include <cmath>

#include "element.hpp"
#include "keywords.hpp"
#include "pointer.hpp"
