// SPDX-License-Identifier: MIT
// Makes every finding of the undefined-behaviour sanitizer stop the program; two kinds would only
// be printed (cmake/warnings.cmake). To be included once in a program. Without sanitizers it means
// nothing.
#pragma once

extern "C" const char* __ubsan_default_options();
extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1:halt_on_error=1"; }
