// SPDX-License-Identifier: MIT
#include "kpi/sample.h"

#include <cmath>

#include "base/elementary.h"
#include "base/sort.h"
#include "stats/mean_interval.h"
#include "stats/quantile.h"

namespace insitu::kpi {

namespace {

// A larger whole number has a square beyond the range of sums; 2^42 ms are 139 years.
constexpr double kMaxWhole = 4398046511104.0;
// A larger real number has.
constexpr double kMaxReal = 2896;

double seconds(double ms) { return ms / 1000; }

}  // namespace

bool SampleBase::add(double value, const Setting& setting) {
  if (((parts_ & kWholes) && !(std::abs(value) < kMaxWhole)) ||
      ((parts_ & kReals) && !(std::abs(value) < kMaxReal))) {
    return false;
  }
  if (exact_ && values_.size() < setting.limits.samples) {
    values_.push_back(value);
    return true;
  }
  spill(setting);
  add_to_parts(value);
  return true;
}

bool SampleBase::merge(const SampleBase& other, const Setting& setting) {
  if (exact_ && other.exact_ && values_.size() + other.values_.size() <= setting.limits.samples) {
    values_.append(other.values_.data(), other.values_.size());
    return true;
  }
  spill(setting);
  if (other.exact_) {
    for (const double value : other.values_) add_to_parts(value);
    return true;
  }
  count_ += other.count_;
  // All of them, also when one does not fit.
  bool fits = logs_.merge(other.logs_);
  fits &= reals_.merge(other.reals_);
  fits &= wholes_.merge(other.wholes_);
  fits &= other.sketch_.count() == 0 || sketch_.merge(other.sketch_);
  return fits;
}

base::Array<double> SampleBase::sorted() const {
  base::Array<double> sorted = values_;
  // So that the order of arrival cannot show in the last digit of a sum.
  base::sort(sorted);
  return sorted;
}

stats::Summary SampleBase::summary() const {
  if (exact_) return stats::summarize(sorted());
  return parts_ & kWholes ? wholes_.summary() : reals_.summary();
}

stats::Summary SampleBase::log_summary() const {
  if (!exact_) return logs_.summary();
  base::Array<double> values = sorted();
  for (double& value : values) value = seconds(value);
  return stats::summarize_logs(values);
}

double SampleBase::quantile(double q) const {
  if (!exact_) return sketch_.quantile(q).value_or(kNoData);
  const double value = stats::quantile_of_sorted(sorted(), q).value_or(kNoData);
  return parts_ & kIsMs ? seconds(value) : value;
}

double SampleBase::whole_sum() const {
  if (!exact_) return wholes_.s1().to_double();
  double sum = 0;
  for (const double value : values_) sum += value;
  return sum;
}

void SampleBase::spill(const Setting& setting) {
  if (!exact_) return;
  exact_ = false;
  if (parts_ & kSketch) sketch_ = stats::DDSketch(setting.options.sketch_alpha);
  for (const double value : values_) add_to_parts(value);
  values_ = {};
}

void SampleBase::add_to_parts(double value) {
  ++count_;
  // A sum leaves its range only after billions of values of the largest size.
  if (parts_ & kLogs) (void)logs_.add(base::ln(seconds(value)));
  if (parts_ & kReals) (void)reals_.add(value);
  if (parts_ & kWholes) (void)wholes_.add(static_cast<std::int64_t>(value));
  if (parts_ & kSketch) sketch_.add(parts_ & kIsMs ? seconds(value) : value);
}

template <class Walk>
void SampleBase::walk(PartialIo& io, Walk&& walk) {
  if (io.reading() && !io.storing()) {
    SampleBase copy = *this;
    copy.spill(io.setting());
    walk(copy);
  } else {
    spill(io.setting());
    walk(*this);
  }
}

void SampleBase::partial_logs(PartialIo& io, std::string_view name) {
  walk(io, [&](SampleBase& sample) {
    io.moments(name, sample.logs_);
    sample.count_ = sample.logs_.n();
  });
}

void SampleBase::partial_reals(PartialIo& io, std::string_view name) {
  walk(io, [&](SampleBase& sample) {
    io.moments(name, sample.reals_);
    sample.count_ = sample.reals_.n();
  });
}

void SampleBase::partial_wholes(PartialIo& io, std::string_view name) {
  walk(io, [&](SampleBase& sample) {
    io.moments(name, sample.wholes_);
    sample.count_ = sample.wholes_.n();
  });
}

void SampleBase::partial_whole_sum(PartialIo& io, std::string_view name) {
  walk(io, [&](SampleBase& sample) {
    auto sum = static_cast<Count>(sample.wholes_.s1().units());
    io.count(name, sum);
    stats::FixedSum s1;
    if (s1.add(sum)) {
      sample.wholes_ = stats::IntMoments(sample.wholes_.n(), s1, sample.wholes_.s2());
    }
  });
}

void SampleBase::partial_sketch(PartialIo& io, std::string_view name) {
  walk(io, [&](SampleBase& sample) { io.sketch(name, sample.sketch_); });
}

void SampleBase::partial_count(PartialIo& io, std::string_view name) {
  walk(io, [&](SampleBase& sample) {
    auto count = static_cast<Count>(sample.count_);
    io.size(name, count);
    sample.count_ = static_cast<std::uint64_t>(count);
  });
}

KpiResult& mean_seconds(Sheet& sheet, const KpiInfo& info, const SampleBase& ms) {
  stats::Summary sample = ms.summary();
  sample.mean = seconds(sample.mean);
  sample.variance /= 1000 * 1000;
  KpiResult& result = sheet.mean(info, sample);
  result.is_sketch = !ms.is_exact();
  return result;
}

KpiResult& geometric_mean(Sheet& sheet, const KpiInfo& info, const SampleBase& ms) {
  const stats::Summary logs = ms.log_summary();
  KpiResult& result = sheet.add(info);
  result.n = static_cast<double>(ms.count());
  if (logs.n > 0) result.value = base::exp(logs.mean);
  result.set_interval(stats::geometric_mean_interval(logs, sheet.options().confidence));
  result.number("log_sd", logs.n > 1 ? std::sqrt(logs.variance) : kNoData);
  result.is_sketch = !ms.is_exact();
  return result;
}

}  // namespace insitu::kpi
