// SPDX-License-Identifier: MIT
// How far a key figure is on the way to its target (KPI specification 8).
#pragma once

#include <cstdint>
#include <optional>

namespace insitu::manage {

enum class Direction : std::uint8_t { kUp, kDown };

// "From `baseline`, `direction` by `change`, between `start` and `by`." Times in ms since 1970.
struct Target {
  Direction direction = Direction::kUp;
  std::optional<double> baseline;  // in the unit of the figure
  std::optional<double> change;    // > 0; empty or 0: any gain is enough
  double start = 0;
  std::optional<double> by;  // empty: without a date
};

enum class TargetStatus : std::uint8_t {
  kNoData,   // no baseline or no current value
  kMet,      // the whole change is there
  kOpen,     // not met, and no date
  kMissed,   // not met, and the date is over
  kOnTrack,  // the share of the change is at least the share of the time
  kBehind,
};

struct TargetProgress {
  std::optional<double> progress;  // share of the change: 0 at the baseline, 1 met, below 0 worse
  std::optional<double> elapsed;   // share of the time, 0 .. 1; empty without a date
  TargetStatus status = TargetStatus::kNoData;
};

// Where `current` stands at the time `now`. A target that ends no later than it begins is over from
// its date on, and before that has not begun. O(1).
[[nodiscard]] TargetProgress target_progress(const Target& target, std::optional<double> current,
                                             double now);

// The name files use: "on_track". Never null.
[[nodiscard]] const char* name(TargetStatus status);

}  // namespace insitu::manage
