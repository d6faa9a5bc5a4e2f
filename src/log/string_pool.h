// SPDX-License-Identifier: MIT
// The different texts of a log, each once and by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace insitu::log {

// Gives every different text one number: 0, 1, ... in order of arrival. Unlike
// events::StringTable it has no capacity and no reserved numbers: a log on a desk may hold as many
// texts as there is memory. Texts stay where they are until the pool goes.
class StringPool {
 public:
  StringPool();

  // Number of `text`, at most 4 GiB long. O(length) on average.
  std::uint32_t intern(std::string_view text);
  // Text of a number this pool gave out.
  [[nodiscard]] std::string_view text(std::uint32_t number) const { return entries_[number].text; }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  // Memory in use, about.
  [[nodiscard]] std::size_t bytes() const {
    return block_bytes_ + entries_.capacity() * sizeof(Entry) +
           buckets_.size() * sizeof(buckets_[0]);
  }

 private:
  struct Entry {
    std::string_view text;
    std::uint64_t hash;
  };

  std::string_view store(std::string_view text);
  void grow();

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> buckets_;  // number + 1, 0: empty; size a power of two
  std::deque<std::string> blocks_;      // the texts; a block never moves nor grows
  std::size_t room_ = 0;                // bytes left in the last block
  std::size_t block_bytes_ = 0;         // of all blocks
};

}  // namespace insitu::log
