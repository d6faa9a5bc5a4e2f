// SPDX-License-Identifier: MIT
// Structured results as numbers: how a report crosses from wasm to JS without a JSON writer.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/text_pool.h"
#include "base/writer.h"

namespace insitu::report {

// Writes one JSON value as a list of doubles and a pool of texts joined by NUL. Tokens:
//   0 null · 1 false · 2 true · 3 number, the value follows · 4 text, its index in the pool follows
//   · 5 begin array · 6 end array · 7 begin object · 8 end object · 9 key, its index in the pool
//   follows (before every value inside an object)
// Numbers that are not finite are null. NUL in a text becomes U+0020, because it parts the pool.
// Each different text is stored once: O(1) on average per text.
class PackedWriter final : public base::Writer {
 public:
  void begin_object() override { put(7); }
  void end_object() override { put(8); }
  void begin_array() override { put(5); }
  void end_array() override { put(6); }
  void key(std::string_view name) override { put_text(9, name); }
  void text(std::string_view value) override { put_text(4, value); }
  void number(double value) override;
  void boolean(bool value) override { put(value ? 2 : 1); }
  void null() override { put(0); }

  // Calls write(*this) twice for the same value: the first time only counts, so that the list gets
  // its size at once. A list that grows needs three times the room.
  template <class Write>
  void sized(Write&& write) {
    counting_ = true;
    write(*this);
    counting_ = false;
    tokens_.reserve(count_);
    write(*this);
  }

  const std::vector<double>& tokens() const { return tokens_; }
  std::string_view pool() const { return texts_.all().substr(0, texts_.all().size() - 1); }

 private:
  void put(double token);
  void put_text(double token, std::string_view text);

  std::vector<double> tokens_;
  std::size_t count_ = 0;
  bool counting_ = false;
  base::TextPool texts_;  // each with its NUL
  base::Text text_;       // only while put_text() runs
};

}  // namespace insitu::report
