// SPDX-License-Identifier: MIT
#include "log/batch_packer.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "events/record_strings.h"

namespace insitu::log {
namespace {

constexpr std::size_t kContextBytes = 24;
constexpr std::size_t kStringHeadBytes = 12;

constexpr std::size_t align8(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

}  // namespace

bool has_segment(std::span<const SegmentEntry> segment, std::string_view key,
                 std::string_view value) {
  return std::any_of(segment.begin(), segment.end(), [&](const SegmentEntry& entry) {
    return entry.key == key && entry.value == value;
  });
}

void BatchPacker::forget_texts() {
  ids_.clear();
  batch_ = 0;
}

void BatchPacker::clear() {
  builder_.clear();
  is_empty_ = true;
  // 0 is the batch of texts that are in none.
  if (++batch_ == 0) {
    forget_texts();
    ids_.resize(pool_->size());
    batch_ = 1;
  }
}

void BatchPacker::begin(const ClientInfo& client, const StringPool& pool) {
  client_ = client;
  pool_ = &pool;
  if (ids_.size() < pool.size()) ids_.resize(pool.size());
  clear();
}

void BatchPacker::add(std::span<const std::byte> bytes, double seq, const BatchVisitor& visit) {
  events::Record record;
  const bool is_read = record.read(bytes);
  INSITU_ASSERT(is_read);
  if (!is_read) return;
  scratch_.assign(bytes.begin(), bytes.end());
  const auto number_at = [&](std::size_t offset) {
    std::uint32_t number;
    std::memcpy(&number, bytes.data() + offset, sizeof number);
    return number;
  };
  std::size_t need = bytes.size() + kContextBytes;
  for_each_string_id(record, [&](std::size_t offset) {
    const std::uint32_t number = number_at(offset);
    if (ids_[number].batch == batch_) return;
    need += align8(kStringHeadBytes + pool_->text(number).size());
  });
  if (!is_empty_ && builder_.bytes() + need > kBatchBytes) {
    visit(builder_.finish(), client_);
    clear();
  }
  if (is_empty_ || seq != next_seq_) builder_.context(client_.visitor, client_.session, seq);
  is_empty_ = false;
  next_seq_ = seq + 1;
  for_each_string_id(record, [&](std::size_t offset) {
    const std::uint32_t number = number_at(offset);
    BatchId& known = ids_[number];
    if (known.batch != batch_) known = {batch_, builder_.string(pool_->text(number))};
    std::memcpy(scratch_.data() + offset, &known.id, sizeof known.id);
  });
  builder_.append(scratch_);
}

void BatchPacker::end(bool is_complete, const BatchVisitor& visit) {
  if (is_empty_) return;
  if (is_complete) builder_.end();
  visit(builder_.finish(), client_);
  is_empty_ = true;
}

}  // namespace insitu::log
