// SPDX-License-Identifier: MIT
// Which clicks of a session are rage, dead or error clicks (KPI specification 5.2). The KPIs count
// them as they come (kpi/families/friction.h); here each click gets its own answer, with the whole
// session at hand.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kpi/options.h"

namespace insitu::cli {

// What of an event the rules look at.
struct JudgedEvent {
  enum class Type : std::uint8_t { kClick, kMutation, kPageView, kScroll, kJsError, kOther };
  Type type = Type::kOther;
  std::int64_t tau_ms = 0;  // corrected time
  bool has_pv = false;
  double pv = 0;
  bool has_from = false;  // of a page view: it replaces the page view `from`
  double from = 0;
  // Of a click.
  double x = 0;
  double y = 0;
  bool is_interactive = false;
  bool is_exempt_from_rage = false;
  bool is_exempt_from_dead = false;
};

struct ClickVerdict {
  bool is_rage = false;   // of a chain of `rage_clicks` or more
  bool is_dead = false;   // nothing answered in time, and time went on
  bool is_error = false;  // the last before a script error of its page view, soon enough
};

// One verdict per event of one session (KPI specification 2.4), in order of time; what is no click
// is nothing. O(events * those within dead_ms of one).
[[nodiscard]] std::vector<ClickVerdict> judge_clicks(std::span<const JudgedEvent> session,
                                                     const kpi::Options& options);

}  // namespace insitu::cli
