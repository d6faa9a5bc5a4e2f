// SPDX-License-Identifier: MIT
#include "log/batch_packer.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstring>

#include "base/assert.h"
#include "events/record_strings.h"

namespace insitu::log {
namespace {

constexpr std::size_t kContextBytes = 24;
constexpr std::size_t kStringHeadBytes = 12;

constexpr std::size_t align8(std::size_t bytes) { return (bytes + 7) / 8 * 8; }

// Where the string ids are in the records of a type.
struct IdPlaces {
  static constexpr std::size_t kMaxStrings = 4;
  std::uint8_t count = 0;
  bool has_lists = true;  // of ids; also where there is no such type
  std::uint32_t bits[kMaxStrings] = {};
  std::uint16_t offsets[kMaxStrings] = {};
};
constexpr auto kIdPlaces = [] {
  std::array<IdPlaces, events::kEventTypeLimit> table{};
  for (const events::EventInfo& event : events::kEvents) {
    IdPlaces& places = table[static_cast<std::size_t>(event.type)];
    places.has_lists = false;
    const auto add = [&](std::uint32_t bit, std::size_t offset) {
      places.bits[places.count] = bit;
      places.offsets[places.count++] = static_cast<std::uint16_t>(offset);
    };
    add(events::RecordHead::kHasPage, offsetof(events::RecordHead, page));
    for (const events::FieldInfo& field : event.fields) {
      if (field.kind == events::FieldKind::kString) add(1u << field.bit, field.offset);
      places.has_lists |= events::list_item_bytes(field.kind) != 0;
    }
  }
  return table;
}();

// Calls visit(offset) as events::for_each_string_id() does, for a record that an EventWriter wrote.
template <class Visit>
void for_each_id(std::span<const std::byte> bytes, Visit&& visit) {
  std::uint16_t type;
  std::uint32_t present;
  std::memcpy(&type, bytes.data() + offsetof(events::RecordHead, type), sizeof type);
  std::memcpy(&present, bytes.data() + offsetof(events::RecordHead, present), sizeof present);
  const IdPlaces& places = kIdPlaces[type];
  if (places.has_lists) {
    events::Record record;
    const bool is_read = record.read(bytes);
    INSITU_ASSERT(is_read);
    if (is_read) events::for_each_string_id(record, visit);
    return;
  }
  for (std::size_t i = 0; i < places.count; ++i) {
    if (present & places.bits[i]) visit(std::size_t{places.offsets[i]});
  }
}

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
  const auto known_at = [&](std::size_t offset) -> BatchId& {
    std::uint32_t number;
    std::memcpy(&number, bytes.data() + offset, sizeof number);
    return ids_[number];
  };
  const auto text_of = [&](const BatchId& known) {
    return pool_->text(static_cast<std::uint32_t>(&known - ids_.data()));
  };
  std::size_t need = bytes.size() + kContextBytes;
  bool has_new_texts = false;
  for_each_id(bytes, [&](std::size_t offset) {
    const BatchId& known = known_at(offset);
    if (known.batch == batch_) return;
    has_new_texts = true;
    need += align8(kStringHeadBytes + text_of(known).size());
  });
  if (!is_empty_ && builder_.bytes() + need > kBatchBytes) {
    visit(builder_.finish(), client_);
    clear();
    has_new_texts = true;
  }
  if (is_empty_ || seq != next_seq_) builder_.context(client_.visitor, client_.session, seq);
  is_empty_ = false;
  next_seq_ = seq + 1;
  if (has_new_texts) {
    for_each_id(bytes, [&](std::size_t offset) {
      BatchId& known = known_at(offset);
      if (known.batch != batch_) known = {batch_, builder_.string(text_of(known))};
    });
  }
  const std::span<std::byte> record = builder_.append(bytes);
  for_each_id(bytes, [&](std::size_t offset) {
    std::memcpy(record.data() + offset, &known_at(offset).id, sizeof(BatchId::id));
  });
}

void BatchPacker::end(bool is_complete, const BatchVisitor& visit) {
  if (is_empty_) return;
  if (is_complete) builder_.end();
  visit(builder_.finish(), client_);
  is_empty_ = true;
}

}  // namespace insitu::log
