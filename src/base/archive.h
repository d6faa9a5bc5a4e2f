// SPDX-License-Identifier: MIT
// Saves and restores state as bytes. Plain structs (trivially copyable) and lists of them need
// nothing; any other type takes part by one member that lists its fields:
//   void archive(base::Archive& a) { a(count_, values_); }
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <tuple>
#include <type_traits>
#include <vector>

#include "base/array.h"

namespace insitu::base {

// 64-bit FNV-1a (Fowler, Noll & Vo 1991) of bytes: guards saved state against damage.
std::uint64_t checksum(std::span<const std::byte> bytes);

// Takes every field of a state in turn and either appends its bytes to a vector or reads them back,
// so that both directions share one list of fields (and one copy of the code).
//
// When loading, bytes that are cut or state impossible sizes make good() false for good; values
// read after that are unspecified but valid objects. Byte order and sizes are the machine's own:
// state is never moved between kinds of machine. Check a checksum() before loading.
class Archive {
 public:
  // Saves to the end of `out`.
  explicit Archive(std::vector<std::byte>& out) : out_(&out) {}
  // Loads from `in`.
  explicit Archive(std::span<const std::byte> in) : in_(in) {}

  bool loading() const { return out_ == nullptr; }
  bool good() const { return good_; }
  // Loading: everything was read, and nothing is left.
  bool at_end() const { return good_ && in_.empty(); }
  // Says that what was loaded cannot be.
  void fail() { good_ = false; }

  template <class... Ts>
  void operator()(Ts&... fields) {
    (this->one(fields), ...);
  }

 private:
  // Types that are saved as their bytes, padding and all; a checksum over the whole keeps bytes
  // that nobody saved from coming back as an invalid bool.
  template <class T>
  static constexpr bool kPlain = std::is_trivially_copyable_v<T>;

  void raw(void* data, std::size_t size);
  void plain(detail::Block& values, std::size_t each);
  // The number of elements of a container that takes at least `each` bytes per element.
  std::size_t size(std::size_t now, std::size_t each);

  template <class T>
  void one(T& value) {
    if constexpr (std::is_empty_v<T>) {
      // In a tuple its one byte may be another field's.
    } else if constexpr (kPlain<T>) {
      raw(&value, sizeof value);
    } else {
      value.archive(*this);
    }
  }
  template <class T>
  void one(std::vector<T>& values) {
    values.resize(size(values.size(), kPlain<T> ? sizeof(T) : 1));
    if constexpr (kPlain<T>) {
      raw(values.data(), values.size() * sizeof(T));
    } else {
      for (T& value : values) one(value);
    }
  }
  template <class T>
  void one(Array<T>& values) {
    if constexpr (kPlain<T>) {
      plain(values.block(), sizeof(T));
    } else {
      values.resize(size(values.size(), 1));
      for (T& value : values) one(value);
    }
  }
  template <class... Ts>
  void one(std::tuple<Ts...>& values) {
    std::apply([this](auto&... v) { (this->one(v), ...); }, values);
  }

  std::vector<std::byte>* out_ = nullptr;
  std::span<const std::byte> in_;
  bool good_ = true;
};

}  // namespace insitu::base
