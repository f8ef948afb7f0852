// Which of the network's programs this process runs.
#pragma once

#include "../abi/incept.h"
#include "network.hpp"

namespace incept::cpu {

// The best program that this processor has the instructions for, or the one that the environment
// variable INCEPT_CPU names. The first call decides; it is the same ever after.
const network::Program& chosen_program();

// Fails where the chosen program does not run here, or INCEPT_CPU names none.
incept_status check_program();

}  // namespace incept::cpu
