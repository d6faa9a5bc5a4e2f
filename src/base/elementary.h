// SPDX-License-Identifier: MIT
// exp and ln that give the same bits natively and in wasm, and need no tables.
//
// The C library's functions differ in the last digit from machine to machine, and in wasm they
// bring 8 KB of tables that do not compress. These are within 1 ulp.
#pragma once

namespace insitu::base {

// e^x. Overflows to infinity, underflows to 0; NaN stays NaN.
[[nodiscard]] double exp(double x);

// Natural logarithm. -infinity for 0, NaN below 0, infinity for infinity; NaN stays NaN.
[[nodiscard]] double ln(double x);

// base^exponent by repeated squaring; relative error about |exponent| ulp. exponent > INT_MIN.
[[nodiscard]] double power(double base, int exponent);

}  // namespace insitu::base
