// SPDX-License-Identifier: MIT
// A little owned text. std::string would be the core's only use of 5 KB of library code.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/archive.h"
#include "base/array.h"

namespace insitu::base {

// Bytes of UTF-8, owned.
class Text {
 public:
  Text() = default;
  explicit Text(std::string_view text) { add(text); }

  std::string_view view() const { return {bytes_.data(), bytes_.size()}; }
  void add(std::string_view more) { bytes_.append(more.data(), more.size()); }
  void clear() { bytes_.clear(); }
  friend bool operator==(const Text& a, const Text& b) { return a.view() == b.view(); }
  void archive(Archive& a) { a(bytes_); }

 private:
  Array<char> bytes_;
};

// Place of the first `wanted` in `text`, its size when there is none; a quarter of the code of
// std::string_view::find().
constexpr std::size_t find(std::string_view text, char wanted) {
  std::size_t at = 0;
  while (at < text.size() && text[at] != wanted) ++at;
  return at;
}

// A list of texts in one: every item is followed by U+001F, the unit separator.
inline constexpr char kItemEnd = '\x1f';

// Calls visit(item) for each item of a list. O(length).
template <class Visit>
void for_each_item(std::string_view list, Visit&& visit) {
  for (std::size_t end = 0; (end = find(list, kItemEnd)) < list.size();) {
    visit(list.substr(0, end));
    list.remove_prefix(end + 1);
  }
}

}  // namespace insitu::base
