// SPDX-License-Identifier: MIT
// DDSketch. Source in the header; buckets are a sorted vector because a page sees few distinct
// ones.
#include "stats/ddsketch.h"

#include <cmath>

#include "base/assert.h"
#include "base/elementary.h"
#include "base/float.h"
#include "stats/moments.h"

namespace insitu::stats {

DDSketch::DDSketch(double alpha, std::size_t max_buckets)
    : alpha_(alpha),
      gamma_((1 + alpha) / (1 - alpha)),
      log_gamma_(base::ln(gamma_)),
      max_buckets_(max_buckets) {
  INSITU_ASSERT(alpha > 0 && alpha < 1);
  INSITU_ASSERT(max_buckets >= 1);
}

std::int32_t DDSketch::bucket_index(double value) const {
  // A tiny alpha could ask for more buckets than the index has.
  const double index = std::ceil(base::ln(value) / log_gamma_);
  return static_cast<std::int32_t>(base::cut(index, -kMaxIndex, kMaxIndex));
}

bool DDSketch::add(double value) {
  if (!(value >= 0) || !base::is_finite(value)) return false;
  if (value <= kZeroLimit) return add_zeros(1);
  return add_bucket(bucket_index(value), 1);
}

bool DDSketch::add_zeros(std::uint64_t count) {
  if (count > kMaxCount - count_) return false;
  zero_count_ += count;
  count_ += count;
  return true;
}

bool DDSketch::add_bucket(std::int32_t index, std::uint64_t count) {
  if (count > kMaxCount - count_ || index < -kMaxIndex) return false;
  if (count == 0) return true;
  count_ += count;
  insert(index, count);
  return true;
}

void DDSketch::insert(std::int32_t index, std::uint64_t count) {
  std::size_t low = 0;
  std::size_t high = buckets_.size();
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (buckets_[middle].index < index) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low < buckets_.size() && buckets_[low].index == index) {
    buckets_[low].count += count;
    return;
  }
  if (low == 0 && buckets_.size() >= max_buckets_) {
    buckets_.front().count += count;
    collapsed_ = true;
    return;
  }
  buckets_.emplace_back();
  for (std::size_t i = buckets_.size() - 1; i > low; --i) buckets_[i] = buckets_[i - 1];
  buckets_[low] = {index, count};
  if (buckets_.size() > max_buckets_) collapse();
}

// Joins the lowest bucket with the next. The kept buckets are then always the highest of all
// indices ever added, with everything lower in the lowest kept: a state that no order of adding can
// change.
void DDSketch::collapse() {
  buckets_[1].count += buckets_[0].count;
  buckets_.erase(buckets_.begin());
  collapsed_ = true;
}

bool DDSketch::merge(const DDSketch& other) {
  if (alpha_ != other.alpha_ || other.count_ > kMaxCount - count_) return false;
  if (&other == this) {
    for (Bucket& bucket : buckets_) bucket.count *= 2;
  } else {
    for (const Bucket& bucket : other.buckets_) insert(bucket.index, bucket.count);
  }
  zero_count_ += other.zero_count_;
  count_ += other.count_;
  collapsed_ = collapsed_ || other.collapsed_;
  return true;
}

std::optional<double> DDSketch::quantile(double q) const {
  if (count_ == 0) return std::nullopt;
  const auto rank =
      static_cast<std::uint64_t>(base::cut(q, 0, 1) * static_cast<double>(count_ - 1));
  std::uint64_t seen = zero_count_;
  if (seen > rank) return 0.0;
  for (const Bucket& bucket : buckets_) {
    seen += bucket.count;
    if (seen > rank) return 2 * base::power(gamma_, bucket.index) / (gamma_ + 1);
  }
  return std::nullopt;
}

}  // namespace insitu::stats
