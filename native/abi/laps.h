/*
 * How long each section of a run takes; only in a library that was built to be timed
 * (INCEPT_TIMED). Such a program computes one section after the other, all threads each, and looks
 * at the clock behind every one.
 */
#ifndef INCEPT_LAPS_H
#define INCEPT_LAPS_H

#include "incept.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Nanoseconds that the calling thread has spent in each section, in the order of the program, in
 * all runs that it has made since it last asked; `count` of them, 0 where there are no more
 * sections. Time in which it waited for the others to end a section is part of it. */
INCEPT_API void incept_laps(double* nanoseconds, size_t count);

#ifdef __cplusplus
}
#endif

#endif
