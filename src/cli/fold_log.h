// SPDX-License-Identifier: MIT
// From a log that has been read to an engine that has folded it.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include "base/quality.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "sessions/clock.h"

namespace insitu::cli {

// Gives an engine the batches of the client sessions that count.
//
// With a `key` only those whose first session_start has that key with `value` count, as if the
// others did not exist; of these only steps of the clock back are counted, because the counters of
// reading cover the whole log (KPI specification 8). A client session's batches come one after the
// other, or take turns with others of the same decision.
class SegmentFold {
 public:
  SegmentFold(std::string_view key, std::string_view value, Engine& engine)
      : key_(key), value_(value), engine_(engine) {}

  void take(std::span<const std::byte> batch, const log::ClientInfo& client);
  // Adds the counts of what was skipped to the engine, and gives the number of client sessions that
  // were folded.
  std::size_t finish();

 private:
  struct Skipped {
    sessions::Clock clock;
  };

  std::string_view key_;
  std::string_view value_;
  Engine& engine_;
  base::Quality quality_;
  // Of client sessions that do not count and may go on.
  base::FlatMap<Skipped> skipped_;
  std::size_t folded_ = 0;
};

// Gives `engine` the client sessions of `reader`, after its finish(), and its counts of problems.
// Returns how many client sessions were folded. O(log).
std::size_t fold_log(const log::NdjsonReader& reader, std::string_view segment_key,
                     std::string_view segment_value, Engine& engine);

// The same without a segment: the whole log.
inline std::size_t fold_log(const log::NdjsonReader& reader, Engine& engine) {
  return fold_log(reader, {}, {}, engine);
}

}  // namespace insitu::cli
