// SPDX-License-Identifier: MIT
// What turns out about a click after it came. The friction family judges, heatmaps want to know.
#pragma once

#include <cstdint>

#include "base/array.h"

namespace insitu::kpi {

// One click of a client session, by its ordinal (ClientSession::events when it came).
struct ClickVerdict {
  enum class Kind : std::uint8_t {
    kJoins,   // it is of one chain with the click `before`
    kFrenzy,  // with it its chain is a rage episode: it and all it is chained to are rage clicks
    kRage,    // a further click of an episode
    kDead,    // nothing has answered it
    kError    // a script error followed
  };
  Kind kind = Kind::kJoins;
  std::uint32_t click = 0;
  std::uint32_t before = 0;
};

using ClickVerdicts = base::Array<ClickVerdict>;

}  // namespace insitu::kpi
