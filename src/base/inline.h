// SPDX-License-Identifier: MIT
// What every event passes through.
#pragma once

// A function that is worth a copy at each of its calls natively, where one for each type of event
// costs nothing but room. In wasm the bytes come first, and the compiler decides.
#ifdef __wasm__
#define INSITU_HOT inline
#define INSITU_HOT_LAMBDA
#else
#define INSITU_HOT [[gnu::always_inline]] inline
#define INSITU_HOT_LAMBDA __attribute__((always_inline))
#endif
