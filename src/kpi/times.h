// SPDX-License-Identifier: MIT
// Positive durations: exact while there are few, then sums and a sketch.
#pragma once

#include <cstdint>
#include <optional>

#include "base/archive.h"
#include "base/array.h"
#include "stats/ddsketch.h"
#include "stats/interval.h"
#include "stats/moments.h"

namespace insitu::kpi {

// Durations in whole ms, > 0. Up to a number of values everything is computed from the values as
// KPI specification section 3 says; beyond it from fixed-point moments of ln(s), the exact sum of
// ms and a DDSketch (section 4), and is_exact() says so. Merging and adding in any order give the
// same result.
class Times {
 public:
  // `limit`: how many values are kept.
  void add(std::int64_t ms, std::size_t limit, double sketch_alpha);
  void merge(const Times& other, std::size_t limit, double sketch_alpha);

  std::uint64_t count() const { return exact_ ? values_.size() : sums_.n(); }
  bool is_exact() const { return exact_; }

  // In seconds; no data is NaN.
  struct Summary {
    double geometric_mean;
    std::optional<stats::Interval> interval;  // log-t
    double log_sd;                            // of ln(s)
    double mean;
    double median;  // type 7, or the sketch's answer
  };
  // Everything there is to say at `confidence`. O(n log n) while exact.
  Summary summary(double confidence) const;

  void archive(base::Archive& a) { a(values_, exact_, sums_, logs_, sketch_); }

 private:
  void spill(double sketch_alpha);
  void add_to_sums(std::int64_t ms);

  base::Array<std::int64_t> values_;
  bool exact_ = true;
  stats::IntMoments sums_;  // of ms
  stats::Moments logs_;     // of ln(s)
  stats::DDSketch sketch_;  // of s
};

}  // namespace insitu::kpi
