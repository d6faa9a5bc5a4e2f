# SPDX-License-Identifier: MIT
# Two INTERFACE targets every target of this project links:
#   insitu_options   language level and code generation, the same digits on every machine
#   insitu_core_options   what the shipped core adds: no exceptions (and in wasm no RTTI, wasm.cmake)
# Warnings are errors only when this is the top-level project: a newer compiler of somebody who
# embeds the core must not break their build.

add_library(insitu_options INTERFACE)
target_compile_features(insitu_options INTERFACE cxx_std_20)
target_compile_options(insitu_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  # One multiply-add instead of two roundings would give other digits on other machines.
  -ffp-contract=off)
if(NOT EMSCRIPTEN AND CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64)$")
  # Machines since 2009. Rounding is one instruction there and a call without: a quarter of the time
  # of a fold. The digits are the same.
  target_compile_options(insitu_options INTERFACE -march=x86-64-v2)
endif()
if(PROJECT_IS_TOP_LEVEL)
  target_compile_options(insitu_options INTERFACE -Werror)
endif()

# INSITU_SANITIZE: comma list for -fsanitize= (address,undefined). Catch2 is built without it,
# that halves the build time and hides nothing of ours.
set(INSITU_SANITIZE "" CACHE STRING "Sanitizers for every target, e.g. address,undefined")
if(INSITU_SANITIZE)
  target_compile_options(insitu_options INTERFACE
    -fsanitize=${INSITU_SANITIZE} -fno-omit-frame-pointer
    # Needs a runtime library of its own for a handful of types.
    -fno-sanitize=vptr
    # Everything stops the program, these two by tests/helpers/sanitizers.h: not in
    # tests/fuzz/state.fuzz.cpp, which says why.
    -fno-sanitize-recover=all -fsanitize-recover=bool,signed-integer-overflow)
  target_link_options(insitu_options INTERFACE -fsanitize=${INSITU_SANITIZE})
endif()

add_library(insitu_core_options INTERFACE)
target_link_libraries(insitu_core_options INTERFACE insitu_options)
# With RTTI: whoever derives from a class of the core and has it would otherwise have another virtual
# table of that class than the core, which link-time optimisation rightly complains of.
target_compile_options(insitu_core_options INTERFACE -fno-exceptions)
