// SPDX-License-Identifier: MIT
// What stays the same during a fold.
#pragma once

#include "base/limits.h"
#include "kpi/options.h"

namespace insitu::kpi {

struct Setting {
  Options options;
  base::Limits limits;

  // Day index of a corrected time, in the time zone of the options (KPI specification 2.8).
  std::int64_t day(std::int64_t tau_ms) const {
    constexpr std::int64_t kDayMs = 86'400'000;
    const std::int64_t local = tau_ms + static_cast<std::int64_t>(options.tz_offset_min) * 60'000;
    return local / kDayMs - (local % kDayMs < 0);
  }
};

}  // namespace insitu::kpi
