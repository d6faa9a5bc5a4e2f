// SPDX-License-Identifier: MIT
// Makes every finding of the undefined-behaviour sanitizer stop a fuzz target that includes this;
// two of them would only be printed (cmake/warnings.cmake). Without sanitizers it means nothing.
#pragma once

extern "C" const char* __ubsan_default_options() { return "print_stacktrace=1:halt_on_error=1"; }
