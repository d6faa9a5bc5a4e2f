// SPDX-License-Identifier: MIT
#include "events/batch.h"

#include <algorithm>
#include <iterator>

#include "base/utf8.h"

namespace insitu::events {

namespace {

constexpr bool is_wide(FieldKind kind) {
  return kind == FieldKind::kNumber || kind == FieldKind::kInt || kind == FieldKind::kIntOrNull;
}

// Bytes of one element of a list, 0 for other kinds.
constexpr std::size_t element_bytes(FieldKind kind) {
  return kind == FieldKind::kInts || kind == FieldKind::kMap ? 8
         : kind == FieldKind::kStrings                       ? 4
                                                             : 0;
}

constexpr bool has_lists(const EventInfo& info) {
  for (const FieldInfo& field : info.fields) {
    if (element_bytes(field.kind)) return true;
  }
  return false;
}

// Index into kEvents by type; ids are dense enough for a table.
constexpr auto kInfoIndex = [] {
  std::array<std::int8_t, kEventTypeLimit> index{};
  index.fill(-1);
  for (std::size_t i = 0; i < std::size(kEvents); ++i) {
    index[static_cast<std::size_t>(kEvents[i].type)] = static_cast<std::int8_t>(i);
  }
  return index;
}();
constexpr auto kHasLists = [] {
  std::array<bool, kEventTypeLimit> lists{};
  for (const EventInfo& info : kEvents) {
    lists[static_cast<std::size_t>(info.type)] = has_lists(info);
  }
  return lists;
}();

}  // namespace

const EventInfo* Record::find_info(std::uint16_t type) {
  if (type >= kEventTypeLimit || kInfoIndex[type] < 0) return nullptr;
  return &kEvents[static_cast<std::size_t>(kInfoIndex[type])];
}

Record& Record::operator=(const Record& other) {
  info_ = other.info_;
  has_pv_ = other.has_pv_;
  bytes_ = other.bytes_;
  std::memcpy(own_, other.own_, sizeof own_);
  fixed_ = other.fixed_ == other.own_ ? own_ : other.fixed_;
  return *this;
}

void Record::copy_fixed() {
  const std::size_t fixed = info_->bytes;
  std::memset(own_, 0, fixed);
  std::memcpy(own_, fixed_, std::min(fixed, bytes_.size()));
  fixed_ = own_;
}

bool Record::read(std::span<const std::byte> bytes) {
  constexpr std::size_t kHeadBytes = sizeof(RecordHead);
  if (bytes.size() < kHeadBytes) return false;
  std::uint16_t type = 0;
  std::memcpy(&type, bytes.data(), 2);
  info_ = find_info(type);
  if (!info_) return false;
  bytes_ = bytes;
  fixed_ = bytes.data();
  const std::size_t fixed = info_->bytes;
  const bool is_short = bytes.size() < fixed;
  if (is_short || reinterpret_cast<std::uintptr_t>(fixed_) % alignof(RecordHead) != 0) {
    copy_fixed();
  }
  if (is_short) {
    auto& head = change<RecordHead>();
    for (const FieldInfo& field : info_->fields) {
      const std::size_t end = field.offset + (is_wide(field.kind) ? 8u : 4u);
      if (end > bytes.size()) head.present &= ~(1u << field.bit);
    }
  }
  has_pv_ = integer(RecordHead::kHasPv, head().pv);
  if (!kHasLists[type]) return true;
  std::size_t need = fixed;
  for (const FieldInfo& field : info_->fields) {
    const std::size_t element = element_bytes(field.kind);
    if (!element || !has(1u << field.bit)) continue;
    std::uint32_t count = 0;
    std::memcpy(&count, fixed_ + field.offset, 4);
    need += (std::size_t{count} * element + 7) & ~std::size_t{7};
    if (need > bytes.size()) return false;
  }
  return true;
}

std::span<const std::byte> Record::list(std::uint32_t bit) const {
  for (const FieldInfo& field : info_->fields) {
    if (1u << field.bit == bit) return list(field);
  }
  return {};
}

std::span<const std::byte> Record::list(const FieldInfo& field) const {
  std::size_t at = info_->bytes;
  for (const FieldInfo& each : info_->fields) {
    const std::size_t element = element_bytes(each.kind);
    if (!element || !has(1u << each.bit)) continue;
    std::uint32_t count = 0;
    std::memcpy(&count, fixed_ + each.offset, 4);
    const std::size_t size = std::size_t{count} * element;
    if (&each == &field) return bytes_.subspan(at, size);
    at += (size + 7) & ~std::size_t{7};
  }
  return {};
}

base::Status open_batch(std::span<const std::byte> bytes, BatchHead& head,
                        std::span<const std::byte>& records) {
  if (bytes.size() < sizeof(BatchHead)) return base::Status::kNotABatch;
  std::memcpy(&head, bytes.data(), sizeof head);
  if (head.magic != kBatchMagic) return base::Status::kNotABatch;
  if (head.version != kBatchVersion) return base::Status::kWrongVersion;
  const std::size_t head_bytes = std::size_t{head.head_words} * 8;
  if (head_bytes < sizeof(BatchHead) || head_bytes > head.bytes || head.bytes > bytes.size() ||
      head.bytes % 8 != 0) {
    return base::Status::kBadSize;
  }
  if (!(head.document >= 0 && head.document <= base::kMaxInteger) ||
      !(head.previous >= 0 && head.previous <= base::kMaxInteger)) {
    return base::Status::kBadSize;
  }
  records = bytes.subspan(head_bytes, head.bytes - head_bytes);
  return base::Status::kOk;
}

bool read_string(std::span<const std::byte> record, std::uint32_t& id, std::string_view& text) {
  if (record.size() < 16) return false;
  std::uint32_t length = 0;
  std::memcpy(&id, record.data() + 4, 4);
  std::memcpy(&length, record.data() + 8, 4);
  if (id < kFirstBatchString || length > base::kMaxStringBytes || length > record.size() - 12) {
    return false;
  }
  text = {reinterpret_cast<const char*>(record.data() + 12), length};
  return base::is_utf8(text);
}

}  // namespace insitu::events
