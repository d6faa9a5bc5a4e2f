// SPDX-License-Identifier: MIT
// Two reports side by side: what differs, by how much, and whether it may be chance (KPI
// specification 6).
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/writer.h"
#include "report/report.h"
#include "stats/interval.h"

namespace insitu::report {

// One KPI of both sides.
struct Comparison {
  const kpi::KpiInfo* info = nullptr;
  std::string_view task;  // empty: of everything
  double a = kpi::kNoData;
  double b = kpi::kNoData;
  double n_a = kpi::kNoData;
  double n_b = kpi::kNoData;
  bool is_ratio = false;  // the effect is a / b, else a - b
  double effect = kpi::kNoData;
  std::optional<stats::Interval> interval;  // of the effect
  double p = kpi::kNoData;                  // two-sided
  const char* test = nullptr;  // n1_chi_square, fisher_exact, welch_log_t, welch_t; null: none
};

// Compares every KPI that both reports have a value of, in registry order; then those of tasks that
// both have. Rates: N-1 two-proportion test or Fisher's (Campbell 2007), interval of Agresti and
// Caffo (2000). Geometric means of times: Welch's t on logarithms. Other means with a standard
// deviation: Welch's t. What is left has a difference and no test. Both reports must have been made
// with equal options; `confidence` is of the intervals. O(KPIs).
[[nodiscard]] std::vector<Comparison> compare(const Report& a, const Report& b, double confidence);

// Writes {a, b, n_a, n_b, difference or ratio, ci, p, test, unit, better}.
void write_comparison(const Comparison& comparison, base::Writer& out);

}  // namespace insitu::report
