// SPDX-License-Identifier: MIT
// What makes an Embind module of ours small: stand-ins for parts of the runtime that a table of
// numbers does not need. Definitions; included by the one source file of each module.
#pragma once

#include <emscripten/bind.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#ifdef NDEBUG
// Failed checks of libc++ and a full memory only have to stop. The libraries' own versions format
// text (printf), look for handlers, raise signals and keep timers: 5 KB.
namespace std {
inline namespace __2 {
[[noreturn]] void __libcpp_verbose_abort(const char*, ...) noexcept { __builtin_trap(); }
}  // namespace __2
}  // namespace std
void* operator new(std::size_t size) {
  void* memory = std::malloc(size);
  if (!memory) __builtin_trap();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
extern "C" {
void abort() { __builtin_trap(); }
// The allocator's debugging aid, never called, but a reason to link printf.
void emscripten_errf(const char*, ...) {}
}
#endif

// Embind's own start (its bind.cpp) registers every type of C++, strings and views included, and
// the script that converts them. The table below needs three, see register_numbers(); all else is
// 1.5 KB. These stand in for that file, so that it stays out of the link.
extern "C" {
// Would run the table again in every worker of a shared module.
void _embind_register_bindings(emscripten::internal::InitFunc*) {}
void _embind_initialize_bindings() {}
// Would name a type that is not registered, in an error that a table of numbers cannot raise.
const char* __getTypeName(const void*) { return nullptr; }
// Would continue C++ coroutines.
void _emval_coro_resume(void*, void*) {}
void _emval_coro_reject(void*, void*) {}
}

namespace insitu::bindings {

// Registers the three types that a table may use: void, std::uint32_t and double.
inline void register_numbers() {
  using emscripten::internal::TypeID;
  emscripten::internal::_embind_register_void(TypeID<void>::get(), "void");
#ifdef NDEBUG
  // Numbers without conversion, 0.3 KB less: all addresses, lengths and statuses are below 2^31.
  emscripten::internal::_embind_register_float(TypeID<std::uint32_t>::get(), "unsigned int", 4);
#else
  emscripten::internal::_embind_register_integer(TypeID<std::uint32_t>::get(), "unsigned int", 4, 0,
                                                 UINT32_MAX);
#endif
  emscripten::internal::_embind_register_float(TypeID<double>::get(), "double", 8);
}

}  // namespace insitu::bindings
