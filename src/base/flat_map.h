// SPDX-License-Identifier: MIT
// A small hash table for integer keys. Everything about keys is one piece of code for all maps.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/archive.h"
#include "base/array.h"

namespace insitu::base {

// Spreads the bits of a key (murmur3's 64-bit finaliser), so that neighbours do not collide.
constexpr std::uint64_t mix(std::uint64_t key) {
  key ^= key >> 33;
  key *= 0xff51afd7ed558ccdull;
  key ^= key >> 33;
  key *= 0xc4ceb9fe1a85ec53ull;
  return key ^ (key >> 33);
}

// Gives keys the indexes 0, 1, ... in order of arrival; linear probing. Fewer than 2^32 keys. All
// operations O(1) on average.
class FlatKeys {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::size_t size() const { return keys_.size(); }
  std::uint64_t operator[](std::size_t index) const { return keys_[index]; }
  // Index of `key`, kNone when it is not there.
  std::uint32_t find(std::uint64_t key) const {
    // kNone is 0 - 1: a free slot.
    return slots_.empty() ? kNone : *slot(key) - 1;
  }
  // Index of `key`, which is size() of before when it is new.
  std::uint32_t insert(std::uint64_t key);
  // Removes the key of `index`; the last key takes its index.
  void erase(std::uint32_t index);
  void clear();
  // Whether no key is larger than `most`. O(size).
  bool within(std::uint64_t most) const;
  void archive(Archive& a) {
    a(keys_);
    if (a.loading()) reindex();
  }

 private:
  const std::uint32_t* slot(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t i = static_cast<std::size_t>(mix(key)) & mask;
    while (slots_[i] && keys_[slots_[i] - 1] != key) i = (i + 1) & mask;
    return &slots_[i];
  }
  // Slots are at most 3/4 full in a browser, which has little memory, else 1/4: that most keys are
  // where they are looked for first is worth more than the processor's caches.
#ifdef __wasm__
  static bool fits(std::size_t count, std::size_t slots) { return count * 4 <= slots * 3; }
#else
  static bool fits(std::size_t count, std::size_t slots) { return count * 4 <= slots; }
#endif
  std::uint32_t* slot(std::uint64_t key) {
    return const_cast<std::uint32_t*>(std::as_const(*this).slot(key));
  }
  // Makes the slots anew, with room for one more key.
  void reindex();

  Array<std::uint64_t> keys_;
  Array<std::uint32_t> slots_;  // index + 1, 0 is free; a power of two
};

// Maps 64-bit keys to values.
//
// The order of for_each() depends on the history of insertions and removals: sort what is shown.
// References are valid until the next insertion. Operations as those of FlatKeys. Value needs a
// default constructor.
template <class Value>
class FlatMap {
 public:
  std::size_t size() const { return keys_.size(); }

  Value* find(std::uint64_t key) {
    const std::uint32_t index = keys_.find(key);
    return index == FlatKeys::kNone ? nullptr : &values_[index];
  }
  const Value* find(std::uint64_t key) const { return const_cast<FlatMap*>(this)->find(key); }

  // The value of `key`, made when it is not there.
  Value& operator[](std::uint64_t key) {
    const std::uint32_t index = keys_.insert(key);
    return index < values_.size() ? values_[index] : values_.emplace_back();
  }

  // Where the value of `key` is, made when it is not there; stays until something is erased.
  std::uint32_t index_of(std::uint64_t key) {
    const std::uint32_t index = keys_.insert(key);
    if (index == values_.size()) values_.emplace_back();
    return index;
  }
  Value& at(std::uint32_t index) { return values_[index]; }
  const Value& at(std::uint32_t index) const { return values_[index]; }
  const FlatKeys& keys() const { return keys_; }

  // Whether no key is larger than `most`. O(size).
  bool within(std::uint64_t most) const { return keys_.within(most); }

  // Calls visit(key, value) for every entry.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::size_t i = 0; i < size(); ++i) visit(keys_[i], values_[i]);
  }

  void clear() {
    keys_.clear();
    values_.clear();
  }

  // Removes `key` if it is there.
  void erase(std::uint64_t key) {
    const std::uint32_t index = keys_.find(key);
    if (index == FlatKeys::kNone) return;
    keys_.erase(index);
    values_[index] = std::move(values_.back());
    values_.resize(values_.size() - 1);
  }

  void archive(base::Archive& a) {
    a(keys_, values_);
    if (values_.size() != keys_.size()) a.fail();
    if (!a.good()) clear();
  }

 private:
  FlatKeys keys_;
  Array<Value> values_;
};

}  // namespace insitu::base
