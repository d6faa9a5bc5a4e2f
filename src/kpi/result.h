// SPDX-License-Identifier: MIT
// What families hand out: plain values, ready for a report.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "base/array.h"
#include "base/text.h"
#include "kpi/info.h"
#include "kpi/options.h"
#include "stats/interval.h"
#include "stats/summary.h"

namespace insitu::kpi {

// In results, no data is NaN; it becomes null in JSON. Test with std::isnan().
inline constexpr double kNoData = std::numeric_limits<double>::quiet_NaN();

// A further number of a KPI, under its JSON name.
struct Extra {
  const char* name;
  double value;
};

// A number of a group under a label of its own, such as a scroll threshold.
struct Part {
  base::Text label;
  double value;
};

// One KPI of a report. `value` is in the unit of `info`; rates are 0...1.
struct KpiResult {
  const KpiInfo* info = nullptr;
  double value = kNoData;
  double x = kNoData;         // rates: the counted, out of n; else not written
  double n = kNoData;         // observations; not written when there is no such number
  bool has_interval = false;  // this KPI has an interval when there is enough data
  stats::Interval interval{kNoData, kNoData};
  base::Array<Extra> extras;
  const char* parts_name = nullptr;
  base::Array<Part> parts;

  void add_extra(const char* name, double value);
  // Takes an interval that may not exist.
  void set_interval(const std::optional<stats::Interval>& given);
};

// The KPIs of one task, or of everything, in registry order.
class Sheet {
 public:
  explicit Sheet(const Options& options) : options_(options) {}

  // Adds a KPI without a value; fill what it gives back. Valid until the next call.
  KpiResult& add(const KpiInfo& info);
  // Adds a rate x/n with the interval that the options ask for; n = 0 gives no value.
  KpiResult& rate(const KpiInfo& info, std::uint64_t x, std::uint64_t n);
  // Adds a mean in seconds or counts: value, n, t interval not below 0, extra `sd`.
  KpiResult& mean(const KpiInfo& info, const stats::Summary& sample);

  const Options& options() const { return options_; }
  base::Array<KpiResult>& results() { return results_; }

 private:
  const Options& options_;
  base::Array<KpiResult> results_;
};

// x/n, no data for n = 0.
inline double ratio(double x, double n) { return n > 0 ? x / n : kNoData; }

// A share or threshold as a label: the shortest decimal that is the number, with at least one
// decimal ("0.25", "1.0"). For values from 0 to 1.
base::Text share_label(double share);

}  // namespace insitu::kpi
