// Memory, order and libraries on a GPU; ../README.md says what each promises.
#pragma once

#include "device.hpp"
#include "memory.hpp"
#include "plans.hpp"
#include "recorder.hpp"
