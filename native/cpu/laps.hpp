// What a program that was built to be timed calls between its sections: laps.cpp has the clock.
// Other programs have neither.
#pragma once

namespace incept::cpu {
class Member;

// The time until now belongs to no section.
void start_laps(Member& t);

// The time since this thread last looked belongs to the section of this number.
void lap(Member& t, int section);

}  // namespace incept::cpu
