// SPDX-License-Identifier: MIT
// Texts by number: what KPIs keep of routes, tasks, goals and visitor keys.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/archive.h"
#include "base/limits.h"
#include "base/text_pool.h"

namespace insitu::events {

// Gives every different text one id. The well-known words (event.gen.h) have their fixed ids from
// the start; other texts count up from kFirstBatchString in order of arrival. Nothing is ever
// removed. When the limits are reached, new texts get kOther.
class StringTable {
 public:
  static constexpr std::uint32_t kNone = 0;     // absent
  static constexpr std::uint32_t kOther = 255;  // "(other)": a text there was no room for

  explicit StringTable(const base::Limits& limits);

  // Id of `text`, made when it is new. kNone for the empty text. O(length).
  std::uint32_t intern(std::string_view text);
  // Id of `text` if it is known, else kNone. O(length).
  std::uint32_t find(std::string_view text) const;
  // Text of an id this table gave out; empty for any other. Valid until the next intern().
  std::string_view text(std::uint32_t id) const;

  void archive(base::Archive& a) { a(texts_); }

 private:
  base::Limits limits_;
  base::TextPool texts_;  // the words, then the others
};

}  // namespace insitu::events
