// SPDX-License-Identifier: MIT
// INSITU_ASSERT: a check for mistakes in our own code, never for bad data from outside.
#pragma once

// INSITU_ASSERT(condition) stops the program where it stands if `condition` is false, in builds
// without NDEBUG (debug, sanitizers, fuzzing, tests) or with INSITU_ENABLE_ASSERTS. In release
// builds the condition is not evaluated, so it must have no side effect.
#if !defined(NDEBUG) || defined(INSITU_ENABLE_ASSERTS)
#define INSITU_ASSERT(condition) ((condition) ? static_cast<void>(0) : __builtin_trap())
#else
#define INSITU_ASSERT(condition) static_cast<void>(sizeof(!(condition)))
#endif
