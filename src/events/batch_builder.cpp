// SPDX-License-Identifier: MIT
#include "events/batch_builder.h"

#include <cstring>

#include "base/assert.h"
#include "base/limits.h"
#include "events/word_table.h"

namespace insitu::events {
namespace {

constexpr std::size_t kStringHeadBytes = 12;  // type, size, id, length; the text follows

template <class T>
void store(base::Array<std::uint64_t>& words, std::size_t byte, T value) {
  std::memcpy(reinterpret_cast<std::byte*>(words.data()) + byte, &value, sizeof value);
}

}  // namespace

BatchBuilder::BatchBuilder(double document, double previous)
    : document_(document), previous_(previous) {
  rehash(64);
  clear();
}

void BatchBuilder::clear() {
  words_.clear();
  words_.resize(sizeof(BatchHead) / 8);
  records_ = 0;
  if (!entries_.empty()) {
    entries_.clear();
    buckets_.assign(buckets_.size(), 0);
  }
}

std::size_t BatchBuilder::grow(std::size_t words) {
  const std::size_t begin = words_.size();
  INSITU_ASSERT((begin + words) * 8 <= 0xffff'fff8u);
  words_.resize(begin + words);
  ++records_;
  return begin;
}

std::string_view BatchBuilder::text_of(const Entry& entry) const {
  const char* record = reinterpret_cast<const char*>(words_.data() + entry.word);
  return {record + kStringHeadBytes, entry.length};
}

void BatchBuilder::rehash(std::size_t buckets) {
  buckets_.assign(buckets, 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t bucket = entries_[i].hash & (buckets - 1);
    while (buckets_[bucket] != 0) bucket = (bucket + 1) & (buckets - 1);
    buckets_[bucket] = static_cast<std::uint32_t>(i + 1);
  }
}

std::uint32_t BatchBuilder::string(std::string_view text) {
  if (text.size() > base::kMaxStringBytes) return 0;
  const std::uint64_t hash = hash_text(text);
  if (const std::uint32_t word = find_word(text, hash)) return word;
  std::size_t bucket = hash & (buckets_.size() - 1);
  while (buckets_[bucket] != 0) {
    const std::uint32_t index = buckets_[bucket] - 1;
    if (entries_[index].hash == hash && text_of(entries_[index]) == text) {
      return kFirstBatchString + index;
    }
    bucket = (bucket + 1) & (buckets_.size() - 1);
  }

  const auto index = static_cast<std::uint32_t>(entries_.size());
  const std::size_t words = (kStringHeadBytes + text.size() + 7) / 8;
  const std::size_t begin = grow(words);
  store(words_, begin * 8, ControlType::kString);
  store(words_, begin * 8 + 2, static_cast<std::uint16_t>(words));
  store(words_, begin * 8 + 4, kFirstBatchString + index);
  store(words_, begin * 8 + 8, static_cast<std::uint32_t>(text.size()));
  if (!text.empty()) {
    std::memcpy(reinterpret_cast<char*>(words_.data() + begin) + kStringHeadBytes, text.data(),
                text.size());
  }
  entries_.push_back(
      {hash, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(text.size())});
  buckets_[bucket] = index + 1;
  if (entries_.size() * 2 > buckets_.size()) rehash(buckets_.size() * 2);
  return kFirstBatchString + index;
}

void BatchBuilder::context(std::string_view visitor, std::string_view session, double seq) {
  INSITU_ASSERT(visitor.size() <= base::kMaxStringBytes);
  INSITU_ASSERT(session.size() <= base::kMaxStringBytes);
  ContextRecord record;
  record.visitor = string(visitor);
  record.session = string(session);
  record.seq = seq;
  store(words_, grow(sizeof record / 8) * 8, record);
}

void BatchBuilder::end() {
  const std::size_t byte = grow(1) * 8;
  store(words_, byte, ControlType::kEnd);
  store(words_, byte + 2, std::uint16_t{1});
}

std::span<std::byte> BatchBuilder::append(std::span<const std::byte> record) {
  INSITU_ASSERT(record.size() >= sizeof(RecordHead) && record.size() % 8 == 0);
  INSITU_ASSERT(bytes() + record.size() <= 0xffff'fff8u);
  const std::size_t begin = words_.size();
  words_.block().append(record.data(), record.size() / 8, 8);
  ++records_;
  return std::as_writable_bytes(std::span(words_.data() + begin, record.size() / 8));
}

std::span<const std::byte> BatchBuilder::finish() {
  BatchHead head;
  head.bytes = static_cast<std::uint32_t>(bytes());
  head.records = records_;
  head.document = document_;
  head.previous = previous_;
  store(words_, 0, head);
  return std::as_bytes(std::span<const std::uint64_t>(words_.data(), words_.size()));
}

}  // namespace insitu::events
