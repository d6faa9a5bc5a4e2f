# SPDX-License-Identifier: MIT
# Compile and link flags of the WebAssembly modules, each with its reason.
#
#   insitu_wasm_module(<target> [LAB | PICTURE])
#
# makes <target> an ES module (`.mjs` + `.wasm`) with Embind. Without LAB it is the module that
# ships: smallest code, fixed memory. With LAB (researchers' console, Node) memory may grow. PICTURE
# is for heat pictures on a researcher's page: memory may grow too.

set(INSITU_WASM_CHECKS OFF CACHE BOOL "Runtime checks and source maps instead of small code")

# Closure and tsc are optional helpers inside Emscripten's own node_modules.
if(EXISTS ${EMSCRIPTEN_ROOT_PATH}/node_modules/google-closure-compiler)
  set(insitu_has_closure TRUE)
else()
  message(STATUS "Emscripten has no closure compiler: the loader will be about 4 KB larger")
endif()
if(EXISTS ${EMSCRIPTEN_ROOT_PATH}/node_modules/.bin/tsc)
  set(insitu_has_tsc TRUE)
endif()

# Flags that every object file of a module must agree on.
add_library(insitu_wasm_options INTERFACE)
target_compile_options(insitu_wasm_options INTERFACE
  # Exceptions would add landing pads to every function; the core reports errors as statuses.
  -fno-exceptions
  # Type names would be the only use of RTTI; Embind can do without them (definition below).
  # -1.4 KB gzip.
  -fno-rtti)
# The linker chooses its system libraries by the same two flags.
target_link_options(insitu_wasm_options INTERFACE -fno-exceptions -fno-rtti)
target_compile_definitions(insitu_wasm_options INTERFACE EMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0)
if(INSITU_WASM_CHECKS)
  target_compile_options(insitu_wasm_options INTERFACE -O1 -g)
else()
  target_compile_options(insitu_wasm_options INTERFACE
    # Bytes on the wire come first: -O3 costs +1.5 KB gzip and the hot loop is memory-bound.
    -Oz
    # Lets the linker drop and inline across files; also needed for the prebuilt LTO libraries.
    -flto
    # One implementation of an interface is all there is here: its calls become direct ones, and what
    # only another one would do goes. -1.8 KB brotli.
    -fwhole-program-vtables -fvisibility=hidden)
  # Asserts and libc++'s verbose abort pull in printf: -4.8 KB gzip.
  target_compile_definitions(insitu_wasm_options INTERFACE NDEBUG)
endif()

# For sources that use iterators of the standard library: their differences have 32 bits there. The
# native builds check the same lines.
add_library(insitu_wasm_differences INTERFACE)
target_compile_options(insitu_wasm_differences INTERFACE
  -Wno-sign-conversion -Wno-shorten-64-to-32)
if(INSITU_LAB)
  target_link_libraries(insitu_wasm_options INTERFACE insitu_wasm_differences)
endif()

function(insitu_wasm_module target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "LAB;PICTURE" "" "")
  set_target_properties(${target} PROPERTIES SUFFIX .mjs)
  target_link_options(${target} PRIVATE
    # The table of functions in src/bindings/.
    -lembind
    # Pages forbid `new Function` (CSP without 'unsafe-eval')...
    -sDYNAMIC_EXECUTION=0
    # ...and without it every Embind call would be 25-40 times slower, unless invokers are made now.
    -sEMBIND_AOT
    # A factory function without side effects, importable by pages, workers, Node and bundlers.
    -sMODULARIZE -sEXPORT_ES6 -sEXPORT_NAME=insituCore
    # A loader that takes the bytes (option `wasm`) and does nothing else: no fetching, no paths, no
    # exit handling. -0.6 KB.
    -sMINIMAL_RUNTIME=1
    # Only decides what is left out; given the bytes, the same file runs in workers and in Node.
    -sENVIRONMENT=web
    # Nothing in the core opens a file.
    -sFILESYSTEM=0
    # Few allocations, all at start: the small allocator is enough. -1.9 KB gzip.
    -sMALLOC=emmalloc
    # No setjmp in the core.
    -sSUPPORT_LONGJMP=0
    # Deepest call chain is a report of all families, far below this; the default 64 KB, made explicit.
    -sSTACK_SIZE=64KB
    # A full memory is a null pointer, which src/bindings/embind.cpp turns into a trap.
    -sABORTING_MALLOC=0
    # The shell copies batches in and results out through these two views.
    -sEXPORTED_RUNTIME_METHODS=HEAPU8,HEAPF64)
  if(arg_LAB OR arg_PICTURE)
    # A study's logs may be any size, and a page of 40 million pixels is 160 MB.
    target_link_options(${target} PRIVATE -sALLOW_MEMORY_GROWTH=1)
  else()
    target_link_options(${target} PRIVATE
      # Memory is fixed, so views on it never detach and a hostile page cannot make it grow.
      -sALLOW_MEMORY_GROWTH=0 -sINITIAL_MEMORY=4MB)
  endif()
  if(INSITU_WASM_CHECKS)
    target_link_options(${target} PRIVATE
      -O1 -sASSERTIONS=2 -sSAFE_HEAP=1 -sSTACK_OVERFLOW_CHECK=2 -gsource-map)
    if(NOT arg_LAB AND NOT arg_PICTURE)
      # The checks themselves (printf, shadow bookkeeping) need room the shipped module does not.
      target_link_options(${target} PRIVATE -sINITIAL_MEMORY=6MB)
    endif()
  else()
    target_link_options(${target} PRIVATE -Oz -flto -fwhole-program-vtables)
    if(insitu_has_closure)
      # -4 KB gzip of loader against plain minification.
      target_link_options(${target} PRIVATE --closure 1)
    endif()
  endif()
  if(NOT arg_LAB AND NOT arg_PICTURE AND NOT INSITU_WASM_CHECKS)
    # The same code as a script, for browsers and pages that refuse WebAssembly.
    execute_process(COMMAND ${EMSCRIPTEN_ROOT_PATH}/em-config BINARYEN_ROOT
      OUTPUT_VARIABLE binaryen OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    set(name $<TARGET_FILE_DIR:${target}>/$<TARGET_FILE_BASE_NAME:${target}>)
    add_custom_command(TARGET ${target} POST_BUILD VERBATIM
      BYPRODUCTS insitu_core_script.mjs
      COMMAND node ${PROJECT_SOURCE_DIR}/tools/wasm_to_script.mjs
        ${binaryen}/bin ${name}.wasm ${name}_script.mjs)
  endif()
  if(insitu_has_tsc AND INSITU_WASM_CHECKS)
    # Types of the Embind table, written beside the module (the path is relative to it). Only here:
    # the generator does not know integers that are registered as src/bindings/embind.cpp does.
    target_link_options(${target} PRIVATE --emit-tsd $<TARGET_FILE_BASE_NAME:${target}>.d.ts)
  endif()
endfunction()
