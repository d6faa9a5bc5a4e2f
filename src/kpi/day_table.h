// SPDX-License-Identifier: MIT
// Counts by day and number: how partials carry activity without identifiers.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "kpi/partial_io.h"
#include "stats/activity.h"

namespace insitu::kpi {

// Counts of (day or week, gap or age). Both numbers are within 32 bits.
class DayTable {
 public:
  void add(std::int64_t day, std::int64_t gap) { ++counts_[pair_key(day, gap)]; }

  // All rows that are not 0, ascending by day, then gap. O(n log n).
  base::Array<stats::GapCount> rows() const;

  // Walks the table as {day: {gap: count}}, a member of the open object.
  void partial(PartialIo& io, std::string_view name);

  void archive(base::Archive& a) { a(counts_); }

 private:
  void write(PartialIo& io) const;
  void read(PartialIo& io);

  base::FlatMap<Count> counts_;  // by pair_key
};

}  // namespace insitu::kpi
