// SPDX-License-Identifier: MIT
#include "kpi/times.h"

#include <algorithm>
#include <cmath>

#include "base/elementary.h"
#include "base/sort.h"
#include "stats/mean_interval.h"
#include "stats/quantile.h"
#include "stats/summary.h"

namespace insitu::kpi {

namespace {

double seconds(std::int64_t ms) { return static_cast<double>(ms) / 1000; }

}  // namespace

void Times::add(std::int64_t ms, std::size_t limit, double sketch_alpha) {
  if (exact_ && values_.size() < limit) {
    values_.push_back(ms);
    return;
  }
  spill(sketch_alpha);
  add_to_sums(ms);
}

void Times::merge(const Times& other, std::size_t limit, double sketch_alpha) {
  if (exact_ && other.exact_ && values_.size() + other.values_.size() <= limit) {
    values_.append(other.values_.data(), other.values_.size());
    return;
  }
  spill(sketch_alpha);
  if (other.exact_) {
    for (const std::int64_t ms : other.values_) add_to_sums(ms);
    return;
  }
  // Both sums hold values of at most max_task_ms, far inside the range of the pairs.
  (void)sums_.merge(other.sums_);
  (void)logs_.merge(other.logs_);
  (void)sketch_.merge(other.sketch_);
}

Times::Summary Times::summary(double confidence) const {
  stats::Summary logs;
  stats::Summary plain;
  std::optional<double> median;
  if (exact_) {
    base::Array<double> sorted;
    sorted.reserve(values_.size());
    for (const std::int64_t ms : values_) sorted.push_back(seconds(ms));
    // Sorted first, so that the order of arrival cannot show in the last digit of a sum.
    base::sort(sorted);
    logs = stats::summarize_logs(sorted);
    plain = stats::summarize(sorted);
    median = stats::quantile_of_sorted(sorted, 0.5);
  } else {
    logs = logs_.summary();
    plain = sums_.summary();
    plain.mean /= 1000;
    median = sketch_.quantile(0.5);
  }
  const bool any = logs.n > 0;
  return {.geometric_mean = any ? base::exp(logs.mean) : NAN,
          .interval = stats::geometric_mean_interval(logs, confidence),
          .log_sd = logs.n > 1 ? std::sqrt(logs.variance) : NAN,
          .mean = any ? plain.mean : NAN,
          .median = median.value_or(NAN)};
}

void Times::spill(double sketch_alpha) {
  if (!exact_) return;
  exact_ = false;
  sketch_ = stats::DDSketch(sketch_alpha);
  for (const std::int64_t ms : values_) add_to_sums(ms);
  values_ = {};
}

void Times::add_to_sums(std::int64_t ms) {
  (void)sums_.add(ms);
  (void)logs_.add(base::ln(seconds(ms)));
  sketch_.add(seconds(ms));
}

}  // namespace insitu::kpi
