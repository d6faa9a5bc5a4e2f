// SPDX-License-Identifier: MIT
#include "cli/fold_log.h"

#include <cstdint>
#include <cstring>

#include "base/quality.h"
#include "events/batch.h"
#include "sessions/clock.h"

namespace insitu::cli {
namespace {

// Advances `clock` over the events of a batch and counts its steps back.
void count_clock_back(std::span<const std::byte> batch, sessions::Clock& clock,
                      base::Quality& quality) {
  events::BatchHead head;
  std::span<const std::byte> records;
  if (events::open_batch(batch, head, records) != base::Status::kOk) return;
  (void)events::for_each_record(records, [&](std::uint16_t type, std::span<const std::byte> bytes) {
    events::RecordHead record;
    if (type < events::kFirstEventType || bytes.size() < sizeof record) return;
    std::memcpy(&record, bytes.data(), sizeof record);
    clock.advance(record);
    if (clock.stepped_back()) quality.add(base::Problem::kClockBack);
  });
}

}  // namespace

std::size_t fold_log(const log::NdjsonReader& reader, std::string_view segment_key,
                     std::string_view segment_value, Engine& engine) {
  base::Quality quality = reader.quality();
  sessions::Clock clock;  // of a client session that does not count
  std::size_t folded = 0;
  std::string_view visitor;
  std::string_view session;
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo& client) {
    const bool is_new = client.visitor != visitor || client.session != session;
    visitor = client.visitor;
    session = client.session;
    if (segment_key.empty() || log::has_segment(client.segment, segment_key, segment_value)) {
      if (is_new) ++folded;
      (void)engine.ingest(batch);  // never refused: the reader wrote it
      return;
    }
    if (is_new) clock = {};
    count_clock_back(batch, clock, quality);
  });
  engine.add_quality(quality);
  return folded;
}

}  // namespace insitu::cli
