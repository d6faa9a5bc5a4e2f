// SPDX-License-Identifier: MIT
// Structured results as JSON text, for files and terminals.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/writer.h"

namespace insitu::report {

// Writes one JSON value (RFC 8259) as UTF-8 text.
//
// Doubles have as few digits as it takes to read the same double back; whole numbers within +-2^53
// have no fraction and no exponent; NaN and infinities are null. Text that is not UTF-8 has its bad
// bytes replaced by U+FFFD. Keys are written in the order of the calls and are not checked for
// repetition. Memory O(text).
class JsonWriter final : public base::Writer {
 public:
  // `indent` spaces per level with one member per line; negative: no white space at all.
  explicit JsonWriter(int indent = -1);

  void begin_object() override;
  void end_object() override;
  void begin_array() override;
  void end_array() override;
  void key(std::string_view name) override;
  void text(std::string_view value) override;
  void number(double value) override;
  void boolean(bool value) override;
  void null() override;

  // The text so far, without a line break at its end. The writer is then as new.
  [[nodiscard]] std::string take();

 private:
  void separate();
  void open(char bracket);
  void close(char bracket);
  void write_text(std::string_view value);

  std::size_t indent_;
  std::string separator_;  // of members where the writer is: a comma, and the line break if any
  std::string out_;
  std::vector<bool> has_members_;  // of every value that is open
  bool after_key_ = false;
};

}  // namespace insitu::report
