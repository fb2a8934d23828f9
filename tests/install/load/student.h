/* student.h - a training of the 2-4-1 network that tells whether a student passes, by functions alone: what a plugin does, and
 * what a program does with functions that it looked up. */
#pragma once

/* A hundred steps; returns the last loss, the same each time, or -1. */
typedef double train_function(void);
