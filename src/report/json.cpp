// SPDX-License-Identifier: MIT
#include "report/json.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <utility>

#include "base/assert.h"
#include "base/float.h"
#include "base/limits.h"
#include "nlohmann/json.hpp"

namespace insitu::report {
namespace {

bool stands_for_itself(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f &&
         c != '"' && c != '\\';
}

}  // namespace

JsonWriter::JsonWriter(int indent)
    : indent_(indent < 0 ? 0 : static_cast<std::size_t>(indent)),
      separator_(indent < 0 ? "," : ",\n") {}

// What stands between the value that comes and what was before it.
void JsonWriter::separate() {
  if (std::exchange(after_key_, false) || has_members_.empty()) return;
  out_.append(separator_, has_members_.back() ? 0 : 1);
  has_members_.back() = true;
}

void JsonWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  has_members_.push_back(false);
  separator_.append(indent_, ' ');
}

void JsonWriter::close(char bracket) {
  INSITU_ASSERT(!has_members_.empty() && !after_key_);
  separator_.resize(separator_.size() - indent_);
  if (has_members_.back()) out_.append(separator_, 1);
  has_members_.pop_back();
  out_.push_back(bracket);
}

void JsonWriter::begin_object() { open('{'); }
void JsonWriter::end_object() { close('}'); }
void JsonWriter::begin_array() { open('['); }
void JsonWriter::end_array() { close(']'); }

void JsonWriter::write_text(std::string_view value) {
  if (std::all_of(value.begin(), value.end(), stands_for_itself)) {
    out_.push_back('"');
    out_.append(value);
    out_.push_back('"');
    return;
  }
  using nlohmann::json;
  out_ += json(value).dump(-1, ' ', false, json::error_handler_t::replace);
}

void JsonWriter::key(std::string_view name) {
  INSITU_ASSERT(!after_key_);
  separate();
  write_text(name);
  out_ += separator_.size() > 1 ? ": " : ":";
  after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
  separate();
  write_text(value);
}

void JsonWriter::number(double value) {
  if (!base::is_finite(value)) return null();
  separate();
  char digits[32];
  char* const end = digits + sizeof digits;
  const bool is_whole = value >= -base::kMaxInteger && value <= base::kMaxInteger &&
                        static_cast<double>(static_cast<long long>(value)) == value;
  const auto written = is_whole ? std::to_chars(digits, end, static_cast<long long>(value))
                                : std::to_chars(digits, end, value);
  out_.append(digits, written.ptr);
}

void JsonWriter::boolean(bool value) {
  separate();
  out_ += value ? "true" : "false";
}

void JsonWriter::null() {
  separate();
  out_ += "null";
}

std::string JsonWriter::take() {
  INSITU_ASSERT(has_members_.empty());
  return std::exchange(out_, {});
}

}  // namespace insitu::report
