// SPDX-License-Identifier: MIT
// From records that a reader holds to batches of the wire format (docs/wire-format.md).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "events/batch.h"
#include "events/batch_builder.h"
#include "log/string_pool.h"

namespace insitu::log {

// A batch is closed before it outgrows this, bytes. One event with long texts may still do so.
inline constexpr std::size_t kBatchBytes = 64 << 10;

// One entry of session_start.segment.
struct SegmentEntry {
  std::string_view key;
  std::string_view value;
};

// The client session a batch belongs to. How long the views are valid is the reader's to say.
struct ClientInfo {
  std::string_view visitor;
  std::string_view session;
  // Of its first session_start in the order of seq; empty without one.
  std::span<const SegmentEntry> segment;
};

// True if `segment` has the entry `key` = `value`.
[[nodiscard]] bool has_segment(std::span<const SegmentEntry> segment, std::string_view key,
                               std::string_view value);

// Calls visit(key, value), numbers in a pool, for every entry of the segment if `record`, with
// numbers of a pool, is a session_start; returns whether it is one.
template <class Visit>
bool for_each_segment_entry(std::span<const std::byte> record, Visit&& visit);

// Whoever takes batches: any callable object as visit(batch, client), which it must outlive.
class BatchVisitor {
 public:
  template <class Visit>
  explicit BatchVisitor(Visit& visit)
      : call_([](void* callee, std::span<const std::byte> batch, const ClientInfo& client) {
          (*static_cast<Visit*>(callee))(batch, client);
        }),
        callee_(const_cast<void*>(static_cast<const void*>(&visit))) {}

  void operator()(std::span<const std::byte> batch, const ClientInfo& client) const {
    call_(callee_, batch, client);
  }

 private:
  void (*call_)(void* callee, std::span<const std::byte> batch, const ClientInfo& client);
  void* callee_;
};

// Packs the records of one client session after the other.
//
// Each batch is complete in itself and 8-byte aligned; it begins with a context record and has
// another one behind every gap in seq. Memory: one batch, and 8 bytes per text of the pool.
class BatchPacker {
 public:
  // What begin() opens must be closed by end() before the next one.
  void begin(const ClientInfo& client, const StringPool& pool);
  // Adds a record whose strings are numbers in the pool. A batch that is full is handed on first.
  void add(std::span<const std::byte> record, double seq, const BatchVisitor& visit);
  // Hands the rest on, if there is any; with an end record if the client session `is_complete`.
  void end(bool is_complete, const BatchVisitor& visit);

  // The pool will have other numbers for its texts.
  void forget_texts();

 private:
  // The id of a text in a batch.
  struct BatchId {
    std::uint32_t batch = 0;
    std::uint32_t id = 0;
  };

  void clear();

  events::BatchBuilder builder_;
  ClientInfo client_;
  const StringPool* pool_ = nullptr;
  std::vector<BatchId> ids_;  // by number in the pool: a text is looked up once per batch
  std::uint32_t batch_ = 0;   // number of the current one
  bool is_empty_ = true;
  double next_seq_ = 0;
};

template <class Visit>
bool for_each_segment_entry(std::span<const std::byte> bytes, Visit&& visit) {
  constexpr auto kSessionStart = static_cast<std::uint16_t>(events::EventType::kSessionStart);
  std::uint16_t type;
  std::memcpy(&type, bytes.data(), sizeof type);
  events::Record record;
  if (type != kSessionStart || !record.read(bytes)) return false;
  for (const events::FieldInfo& field : record.info().fields) {
    if (field.kind != events::FieldKind::kMap) continue;
    const std::span<const std::byte> list = record.list(field);
    for (std::size_t i = 0; i < list.size(); i += 8) {
      std::uint32_t pair[2];
      std::memcpy(pair, list.data() + i, sizeof pair);
      visit(pair[0], pair[1]);
    }
  }
  return true;
}

}  // namespace insitu::log
