// SPDX-License-Identifier: MIT
// Different texts by number, in one block of memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/archive.h"
#include "base/array.h"

namespace insitu::base {

// Gives every different text one number, 0, 1, ... in order of arrival, at most 4 GB in all.
class TextPool {
 public:
  static constexpr std::uint32_t kNone = 0xffffffff;

  std::size_t size() const { return ends_.size(); }
  // All texts, one directly after the other.
  std::string_view all() const { return {pool_.data(), pool_.size()}; }
  // Number of `text`, kNone when it is not there. O(length) on average.
  std::uint32_t find(std::string_view text) const;
  // Number of `text`, added when it is new. O(length) on average.
  std::uint32_t add(std::string_view text);
  // Text of a number below size(). Valid until the next add().
  std::string_view operator[](std::size_t number) const;

  void archive(Archive& a) {
    a(pool_, ends_);
    if (a.loading()) reindex();
  }

 private:
  std::uint32_t* slot(std::string_view text) const;
  // Makes the slots anew, with room for more texts.
  void reindex();

  Array<char> pool_;            // texts one after the other
  Array<std::uint32_t> ends_;   // end of text i in pool_
  Array<std::uint32_t> slots_;  // open addressing: number + 1, 0 is free; a power of two
};

}  // namespace insitu::base
