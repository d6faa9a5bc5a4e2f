// SPDX-License-Identifier: MIT
#include "log/string_pool.h"

#include <algorithm>

#include "log/short_text.h"

namespace insitu::log {
namespace {

constexpr std::size_t kBlockBytes = 1 << 16;

// Eight bytes per step, each mixed by the finaliser of murmur3 (Appleby 2011). Keys of visitors and
// sessions are random and long, so a bytewise hash would cost more than finding the line's end.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = text.size() * 0x9e37'79b9'7f4a'7c15;
  const auto mix = [&](std::uint64_t word) {
    hash ^= word;
    hash ^= hash >> 33;
    hash *= 0xff51'afd7'ed55'8ccd;
    hash ^= hash >> 33;
    hash *= 0xc4ce'b9fe'1a85'ec53;
  };
  while (text.size() > 8) {
    mix(load_bytes(text.data(), 8));
    text.remove_prefix(8);
  }
  mix(load_bytes(text.data(), text.size()));
  return hash ^ hash >> 33;
}

}  // namespace

StringPool::StringPool() : buckets_(1024, 0) {}

std::string_view StringPool::store(std::string_view text) {
  if (blocks_.empty() || text.size() > room_) {
    const std::size_t size = std::max(kBlockBytes, text.size());
    blocks_.emplace_back();
    blocks_.back().reserve(size);
    room_ = size;
    block_bytes_ += size;
  }
  std::string& block = blocks_.back();
  const std::size_t begin = block.size();
  block.append(text);
  room_ -= text.size();
  return {block.data() + begin, text.size()};
}

void StringPool::grow() {
  buckets_.assign(buckets_.size() * 2, 0);
  const std::size_t mask = buckets_.size() - 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t bucket = entries_[i].hash & mask;
    while (buckets_[bucket] != 0) bucket = (bucket + 1) & mask;
    buckets_[bucket] = static_cast<std::uint32_t>(i + 1);
  }
}

std::uint32_t StringPool::intern(std::string_view text) {
  const std::uint64_t hash = hash_of(text);
  const std::size_t mask = buckets_.size() - 1;
  std::size_t bucket = hash & mask;
  while (buckets_[bucket] != 0) {
    const std::uint32_t number = buckets_[bucket] - 1;
    const Entry& entry = entries_[number];
    if (entry.hash == hash && same_text(entry.text, text)) return number;
    bucket = (bucket + 1) & mask;
  }
  const auto number = static_cast<std::uint32_t>(entries_.size());
  entries_.push_back({store(text), hash});
  buckets_[bucket] = number + 1;
  if (entries_.size() * 2 > buckets_.size()) grow();
  return number;
}

}  // namespace insitu::log
