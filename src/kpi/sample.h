// SPDX-License-Identifier: MIT
// Measured values: exact while there are few, then sums and a sketch.
#pragma once

#include <cstdint>
#include <optional>

#include "base/archive.h"
#include "base/array.h"
#include "kpi/partial_io.h"
#include "stats/ddsketch.h"
#include "stats/interval.h"
#include "stats/moments.h"
#include "stats/summary.h"

namespace insitu::kpi {

// What a sample must know of its values once it no longer keeps them.
enum SampleParts : std::uint8_t {
  kLogs = 1,    // moments of ln of seconds; values are ms > 0
  kWholes = 2,  // moments of the values, whole numbers
  kReals = 4,   // moments of the values, real numbers
  kSketch = 8,  // quantiles of values >= 0
  kIsMs = 16,   // values are ms, the sketch is of seconds
};

// Values of one kind. Up to a number of values everything is computed from the values as KPI
// specification section 3 says; beyond it, or merged, from fixed-point sums and a DDSketch
// (section 4), and is_exact() says so. Adding and merging in any order give the same.
class SampleBase {
 public:
  explicit SampleBase(std::uint8_t parts) : parts_(parts) {}

  // Takes a finite value that fits the parts; false, and no change, when a sum would leave its
  // range. O(1) while exact.
  bool add(double value, const Setting& setting);
  bool merge(const SampleBase& other, const Setting& setting);

  std::uint64_t count() const { return exact_ ? values_.size() : count_; }
  bool is_exact() const { return exact_; }

  // Of the values themselves. O(n log n) while exact, as the next two.
  stats::Summary summary() const;
  // Of ln of seconds.
  stats::Summary log_summary() const;
  // Type 7 of the values, or the sketch's answer; NaN without values. In seconds for ms.
  double quantile(double q) const;
  // The exact sum of whole numbers.
  double whole_sum() const;

  // For partials: each walks one part, as a member of the open object. Values are spilled into the
  // parts first, and what has been read is not exact.
  void partial_logs(PartialIo& io, std::string_view name);
  void partial_reals(PartialIo& io, std::string_view name);
  void partial_wholes(PartialIo& io, std::string_view name);
  void partial_whole_sum(PartialIo& io, std::string_view name);  // as an integer
  void partial_sketch(PartialIo& io, std::string_view name);
  void partial_count(PartialIo& io, std::string_view name);

  void archive(base::Archive& a) { a(values_, exact_, count_, logs_, reals_, wholes_, sketch_); }

 private:
  base::Array<double> sorted() const;
  void spill(const Setting& setting);
  void add_to_parts(double value);
  template <class Walk>
  void walk(PartialIo& io, Walk&& walk);

  std::uint8_t parts_;
  bool exact_ = true;
  std::uint64_t count_ = 0;  // unless exact
  base::Array<double> values_;
  stats::Moments logs_;
  stats::Moments reals_;
  stats::IntMoments wholes_;
  stats::DDSketch sketch_;
};

template <unsigned kParts>
class Sample : public SampleBase {
 public:
  Sample() : SampleBase(static_cast<std::uint8_t>(kParts)) {}
};

// Adds a mean in seconds of a sample of ms: value, n, t interval not below 0, `sd`.
KpiResult& mean_seconds(Sheet& sheet, const KpiInfo& info, const SampleBase& ms);
// Adds a geometric mean in seconds of a sample with logs: value, n, log-t interval, `log_sd`.
KpiResult& geometric_mean(Sheet& sheet, const KpiInfo& info, const SampleBase& ms);

}  // namespace insitu::kpi
