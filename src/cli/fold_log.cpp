// SPDX-License-Identifier: MIT
#include "cli/fold_log.h"

#include <cstdint>
#include <cstring>

#include "events/batch.h"

namespace insitu::cli {
namespace {

// Calls visit(type, bytes) for the records of a batch that a reader wrote.
template <class Visit>
void for_each_record(std::span<const std::byte> batch, Visit&& visit) {
  events::BatchHead head;
  std::span<const std::byte> records;
  if (events::open_batch(batch, head, records) != base::Status::kOk) return;
  (void)events::for_each_record(records, visit);
}

std::uint64_t fingerprint(const log::ClientInfo& client) {
  const auto of = [](std::string_view text) {
    return base::checksum(std::as_bytes(std::span(text)));
  };
  return base::mix(of(client.visitor) + base::mix(of(client.session)));
}

}  // namespace

void SegmentFold::take(std::span<const std::byte> batch, const log::ClientInfo& client) {
  constexpr auto kEnd = static_cast<std::uint16_t>(events::ControlType::kEnd);
  if (key_.empty() || log::has_segment(client.segment, key_, value_)) {
    (void)engine_.ingest(batch);  // never refused: the reader wrote it
    for_each_record(
        batch, [&](std::uint16_t type, std::span<const std::byte>) { folded_ += type == kEnd; });
    return;
  }
  const std::uint64_t id = fingerprint(client);
  sessions::Clock& clock = skipped_[id].clock;
  bool is_over = false;
  for_each_record(batch, [&](std::uint16_t type, std::span<const std::byte> bytes) {
    events::RecordHead record;
    is_over |= type == kEnd;
    if (type < events::kFirstEventType || bytes.size() < sizeof record) return;
    std::memcpy(&record, bytes.data(), sizeof record);
    clock.advance(record);
    if (clock.stepped_back()) quality_.add(base::Problem::kClockBack);
  });
  if (is_over) skipped_.erase(id);
}

std::size_t SegmentFold::finish() {
  engine_.add_quality(quality_);
  return folded_;
}

std::size_t fold_log(const log::NdjsonReader& reader, std::string_view segment_key,
                     std::string_view segment_value, Engine& engine) {
  SegmentFold fold(segment_key, segment_value, engine);
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo& client) {
    fold.take(batch, client);
  });
  engine.add_quality(reader.quality());
  return fold.finish();
}

}  // namespace insitu::cli
