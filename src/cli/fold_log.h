// SPDX-License-Identifier: MIT
// From a log that has been read to an engine that has folded it.
#pragma once

#include <string_view>

#include "engine.h"
#include "log/ndjson_reader.h"

namespace insitu::cli {

// Gives `engine` the client sessions of `reader`, after its finish(), and its counts of problems.
//
// With a `segment_key` only those whose first session_start has that key with `segment_value`
// count, as if the others did not exist; the counters of reading, clock_back among them, cover the
// whole log all the same (KPI specification 8). Returns how many client sessions were folded.
// O(log).
std::size_t fold_log(const log::NdjsonReader& reader, std::string_view segment_key,
                     std::string_view segment_value, Engine& engine);

// The same without a segment: the whole log.
inline std::size_t fold_log(const log::NdjsonReader& reader, Engine& engine) {
  return fold_log(reader, {}, {}, engine);
}

}  // namespace insitu::cli
