// SPDX-License-Identifier: MIT
// A growing list in little code: each std::vector<T> brings half a kilobyte of its own to the
// browser, an Array<T> shares its growth with all others.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <new>
#include <span>
#include <type_traits>
#include <utility>

#include "base/inline.h"

namespace insitu::base {

namespace detail {

// Natively, calls that need no growth are worth inlining; in wasm they are worth their bytes.
#ifdef __wasm__
inline constexpr bool kInlineAppend = false;
#else
inline constexpr bool kInlineAppend = true;
#endif

// The part of an Array that does not know its type. Sizes count elements of `each` bytes.
struct Block {
  void* data = nullptr;
  std::size_t size = 0;
  std::size_t capacity = 0;

  // Makes room for `wanted` elements in all, at least doubling. Moves the bytes of those there are.
  void reserve(std::size_t wanted, std::size_t each) {
    if (kInlineAppend && wanted <= capacity) [[likely]] {
      return;
    }
    grow(wanted, each);
  }
  void grow(std::size_t wanted, std::size_t each);
  // Appends `count` elements, copied from `from` as bytes; zeros if it is null.
  void append(const void* from, std::size_t count, std::size_t each);
  // Takes the bytes of one element out, those behind it move up.
  void remove(std::size_t index, std::size_t each);
};

}  // namespace detail

// A list of T with the interface of std::vector as far as it is used, and two differences: elements
// move as bytes when the list grows, so T must not hold its own address (nothing in this project
// does; of the standard library, trees, lists and some strings do); and what is appended must not
// be an element of the same list. References are valid until the next change of size. Appending is
// O(1) on average.
template <class T>
class Array {
  // Copied as bytes, no destructor.
  static constexpr bool kPlain = std::is_trivially_copyable_v<T>;
  // T() is all zeros.
  static constexpr bool kZero = std::is_trivially_default_constructible_v<T>;

 public:
  using value_type = T;

  Array() = default;
  explicit Array(std::size_t size) { resize(size); }
  Array(std::initializer_list<T> values) { append(values.begin(), values.size()); }
  Array(const Array& other) { append(other.data(), other.size()); }
  Array(Array&& other) noexcept : block_(std::exchange(other.block_, {})) {}
  Array& operator=(Array other) noexcept {
    swap(other);
    return *this;
  }
  ~Array() {
    clear();
    ::operator delete(block_.data);
  }
  void swap(Array& other) noexcept { std::swap(block_, other.block_); }

  T* data() { return static_cast<T*>(block_.data); }
  const T* data() const { return static_cast<const T*>(block_.data); }
  std::size_t size() const { return block_.size; }
  std::size_t capacity() const { return block_.capacity; }
  bool empty() const { return block_.size == 0; }
  T* begin() { return data(); }
  T* end() { return data() + size(); }
  const T* begin() const { return data(); }
  const T* end() const { return data() + size(); }
  T& operator[](std::size_t index) { return data()[index]; }
  const T& operator[](std::size_t index) const { return data()[index]; }
  // Stops the program beyond the end.
  const T& at(std::size_t index) const {
    if (index >= size()) __builtin_trap();
    return data()[index];
  }
  T& front() { return data()[0]; }
  const T& front() const { return data()[0]; }
  T& back() { return data()[size() - 1]; }
  const T& back() const { return data()[size() - 1]; }

  void reserve(std::size_t wanted) { block_.reserve(wanted, sizeof(T)); }

  void append(const T* from, std::size_t count) {
    if constexpr (kPlain) {
      if (count) block_.append(from, count, sizeof(T));
    } else {
      reserve(size() + count);
      std::uninitialized_copy_n(from, count, end());
      block_.size += count;
    }
  }
  INSITU_HOT void push_back(const T& value) {
    if constexpr (kPlain && detail::kInlineAppend) {
      reserve(size() + 1);
      ::new (end()) T(value);
      ++block_.size;
    } else {
      append(&value, 1);
    }
  }
  void push_back(T&& value) {
    if constexpr (kPlain) {
      push_back(std::as_const(value));
    } else {
      reserve(size() + 1);
      ::new (end()) T(std::move(value));
      ++block_.size;
    }
  }
  // Appends a T().
  T& emplace_back() {
    resize(size() + 1);
    return back();
  }

  // New elements are T().
  void resize(std::size_t wanted) {
    if (wanted <= size()) {
      if constexpr (!kPlain) std::destroy(begin() + wanted, end());
    } else if constexpr (kZero && !detail::kInlineAppend) {
      block_.append(nullptr, wanted - size(), sizeof(T));
    } else {
      reserve(wanted);
      std::uninitialized_value_construct(end(), begin() + wanted);
    }
    block_.size = wanted;
  }
  // `count` times `value`.
  void assign(std::size_t count, const T& value) {
    resize(count);
    for (T& each : *this) each = value;
  }
  void clear() {
    if constexpr (!kPlain) std::destroy(begin(), end());
    block_.size = 0;
  }
  void erase(const T* at) {
    const auto index = static_cast<std::size_t>(at - data());
    if constexpr (!kPlain) std::destroy_at(data() + index);
    block_.remove(index, sizeof(T));
  }
  // For code that treats elements as bytes (base/archive.h).
  detail::Block& block() { return block_; }

  friend bool operator==(const Array& a, std::span<const T> b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < b.size(); ++i) {
      if (!(a[i] == b[i])) return false;
    }
    return true;
  }
  friend bool operator==(const Array& a, const Array& b) { return a == std::span<const T>(b); }

 private:
  detail::Block block_;
};

}  // namespace insitu::base
