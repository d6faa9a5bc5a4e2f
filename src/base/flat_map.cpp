// SPDX-License-Identifier: MIT
#include "base/flat_map.h"

namespace insitu::base {

std::uint32_t FlatKeys::insert(std::uint64_t key) {
  if (!fits(size() + 1, slots_.size())) reindex();
  std::uint32_t* at = slot(key);
  if (!*at) {
    keys_.push_back(key);
    *at = static_cast<std::uint32_t>(size());
  }
  return *at - 1;
}

bool FlatKeys::within(std::uint64_t most) const {
  for (const std::uint64_t key : keys_) {
    if (key > most) return false;
  }
  return true;
}

void FlatKeys::erase(std::uint32_t index) {
  const std::size_t mask = slots_.size() - 1;
  auto hole = static_cast<std::size_t>(slot(keys_[index]) - slots_.data());
  const std::uint64_t last = keys_.back();
  *slot(last) = index + 1;
  for (std::size_t i = (hole + 1) & mask; slots_[i]; i = (i + 1) & mask) {
    // By the old indexes but for the last key, which is `last` under both.
    const std::uint64_t key = slots_[i] == index + 1 ? last : keys_[slots_[i] - 1];
    const std::size_t home = static_cast<std::size_t>(mix(key)) & mask;
    // An entry may fill the hole unless its home lies cyclically in (hole, i].
    const bool stays = hole <= i ? (hole < home && home <= i) : (hole < home || home <= i);
    if (stays) continue;
    slots_[hole] = slots_[i];
    hole = i;
  }
  slots_[hole] = 0;
  keys_[index] = last;
  keys_.resize(size() - 1);
}

void FlatKeys::clear() {
  keys_.clear();
  slots_.clear();
}

void FlatKeys::reindex() {
  std::size_t wanted = 8;
  while (!fits(size() + 1, wanted)) wanted *= 2;
#ifndef __wasm__
  // A table that is used again is made in fewer steps, as long as that is no work of its own.
  while (wanted < 256 && wanted * 2 <= slots_.capacity()) wanted *= 2;
#endif
  slots_.assign(wanted, 0);
  // Forged keys may be equal: the last of them is found, and the others are out of reach.
  for (std::uint32_t i = 0; i < size(); ++i) *slot(keys_[i]) = i + 1;
}

}  // namespace insitu::base
