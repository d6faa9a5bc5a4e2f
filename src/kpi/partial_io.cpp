// SPDX-License-Identifier: MIT
#include "kpi/partial_io.h"

namespace insitu::kpi {

bool read_whole(std::string_view text, std::int64_t& value) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 18 || (text.front() == '0' && (text.size() > 1 || negative))) {
    return false;
  }
  std::int64_t read = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    read = read * 10 + (c - '0');
  }
  value = negative ? -read : read;
  return true;
}

std::string_view NumberKeys::name(PartialIo& io, std::uint64_t key) {
  io.name_room() = count_label(static_cast<std::int64_t>(key));
  return io.name_room().view();
}

bool NumberKeys::read(PartialIo&, std::string_view name, std::uint64_t& key) {
  std::int64_t value = 0;
  if (!read_whole(name, value) || value != static_cast<std::int32_t>(value)) return false;
  key = static_cast<std::uint64_t>(value);
  return true;
}

std::string_view TextKeys::name(PartialIo& io, std::uint64_t key) {
  return io.table().text(static_cast<std::uint32_t>(key));
}

bool TextKeys::read(PartialIo& io, std::string_view name, std::uint64_t& key) {
  // Nothing is kept of a partial that may still be refused.
  key = io.storing() ? io.table().intern(name) : io.table().find(name);
  return true;
}

std::string_view PairKeys::name(PartialIo& io, std::uint64_t key) const {
  // Unsigned ones are below 2^31 too.
  io.name_room() = count_label(static_cast<std::int32_t>(key >> 32));
  io.name_room().add({&between, 1});
  io.name_room().add(count_label(static_cast<std::int32_t>(key)).view());
  return io.name_room().view();
}

bool PairKeys::read(PartialIo&, std::string_view name, std::uint64_t& key) const {
  constexpr std::int64_t kLimit = std::int64_t{1} << 31;
  const std::size_t at = base::find(name, between);
  std::int64_t first = 0;
  std::int64_t second = 0;
  if (at == name.size() || !read_whole(name.substr(0, at), first) ||
      !read_whole(name.substr(at + 1), second) || first >= kLimit || second >= kLimit) {
    return false;
  }
  const std::int64_t least = is_signed ? -kLimit : 0;
  if (first < least || second < least) return false;
  key = pair_key(first, second);
  return true;
}

void PartialWriter::count(std::string_view name, Count& value) {
  if (value) out_.field(name, static_cast<double>(value));
}

void PartialWriter::sum(std::string_view name, stats::FixedSum& value) {
  if (value.is_zero()) return;
  const stats::SumPair pair = value.pair();
  out_.key(name);
  out_.begin_array();
  out_.number(static_cast<double>(pair.hi));
  out_.number(static_cast<double>(pair.lo));
  out_.end_array();
}

void PartialWriter::sketch(std::string_view name, stats::DDSketch& value) {
  begin(name);
  for (const stats::DDSketch::Bucket& bucket : value.buckets()) {
    auto count = static_cast<Count>(bucket.count);
    this->count(NumberKeys::name(*this, static_cast<std::uint64_t>(std::int64_t{bucket.index})),
                count);
  }
  auto zeros = static_cast<Count>(value.zero_count());
  count("zero", zeros);
  end();
}

}  // namespace insitu::kpi
