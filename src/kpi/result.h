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

// A count of something. Signed: the difference of two partials may take away.
using Count = std::int64_t;

// x of n.
struct Rate {
  Count x = 0;
  Count n = 0;

  void add(bool counted) {
    x += counted;
    ++n;
  }
};

// x/n, no data for n = 0.
inline double ratio(double x, double n) { return n > 0 ? x / n : kNoData; }
inline double ratio(Count x, Count n) {
  return ratio(static_cast<double>(x), static_cast<double>(n));
}

// A further member of a KPI. Groups (objects, lists) are flat: a begin, their members, an end.
struct Field {
  enum class Kind : std::uint8_t {
    kNumber,
    kText,
    kBeginObject,
    kBeginList,  // its members have no names
    kEnd,
  };
  Kind kind = Kind::kNumber;
  std::uint32_t name_first = 0;  // where its name is in the names of its KPI
  std::uint32_t name_size = 0;
  const char* text = nullptr;  // of texts; nullptr is no data
  double value = kNoData;      // of numbers
};

// One KPI of a report. `value` is in the unit of `info`; rates are 0...1.
struct KpiResult {
  const KpiInfo* info = nullptr;
  bool has_value = true;  // false: there are only the fields
  double value = kNoData;
  double x = kNoData;         // rates: the counted, out of n; else not written
  double n = kNoData;         // observations; not written when there is no such number
  bool has_interval = false;  // this KPI has an interval when there is enough data
  bool is_sketch = false;     // a number of it comes from a sketch or from fixed-point sums
  stats::Interval interval{kNoData, kNoData};
  base::Array<Field> fields;
  base::Text names;  // of the fields, one behind the other: thousands of texts would be too large

  // Under which a field is in JSON; valid until the next one is added.
  std::string_view name(const Field& field) const {
    return names.view().substr(field.name_first, field.name_size);
  }

  void number(std::string_view name, double number);
  void number(std::string_view name, Count count) { number(name, static_cast<double>(count)); }
  void text(std::string_view name, const char* text);
  // Members until the matching end() belong to the group.
  void begin_object(std::string_view name);
  void begin_list(std::string_view name);
  void end();
  // A rate x/n as an object of its own: value, x, n, ci.
  void rate(std::string_view name, Rate rate, const Options& options);

  // Takes an interval that may not exist.
  void set_interval(const std::optional<stats::Interval>& given);

 private:
  Field& add(Field::Kind kind, std::string_view name);
};

// The interval of a rate that the options ask for; empty unless 0 <= x <= n and n > 0.
std::optional<stats::Interval> interval_of(Rate rate, const Options& options);

// The KPIs of one task, or of everything, in registry order.
class Sheet {
 public:
  explicit Sheet(const Options& options) : options_(options) {}

  // Adds a KPI without a value; fill what it gives back. Valid until the next call.
  KpiResult& add(const KpiInfo& info);
  // Adds a plain number.
  KpiResult& number(const KpiInfo& info, double value);
  // Adds a rate x/n with the interval that the options ask for; n = 0 gives no value.
  KpiResult& rate(const KpiInfo& info, Rate rate);
  // Adds a mean: value, n, t interval within [lower, upper], field `sd`.
  KpiResult& mean(const KpiInfo& info, const stats::Summary& sample, double lower = 0,
                  double upper = std::numeric_limits<double>::infinity());

  const Options& options() const { return options_; }
  base::Array<KpiResult>& results() { return results_; }

 private:
  const Options& options_;
  base::Array<KpiResult> results_;
};

// A share or threshold as a label: the shortest decimal that is the number, with at least one
// decimal ("0.25", "1.0"). For values from 0 to 1.
base::Text share_label(double share);

// A whole number as a label: "-3", "17".
base::Text count_label(std::int64_t count);

}  // namespace insitu::kpi
