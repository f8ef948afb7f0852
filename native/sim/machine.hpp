// The simulator's form of memory, order and libraries; ../cuda/README.md lists it.
#pragma once

#include "device.hpp"
#include "plans.hpp"
#include "recorder.hpp"
