// SPDX-License-Identifier: MIT
// DDSketch: quantiles of a stream within a relative error, from counts that merge exactly.
//
// Based on: C. Masson, J. E. Rim, H. K. Lee. DDSketch: A fast and fully-mergeable quantile sketch
// with relative-error guarantees. PVLDB 12(12), 2019, pp. 2195-2205.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/archive.h"
#include "base/array.h"

namespace insitu::stats {

// Counts of values >= 0 in buckets that grow by gamma = (1 + alpha) / (1 - alpha).
//
// quantile(q) is within alpha (relative) of the value of rank floor(q (n - 1)). Equal values give
// equal buckets however they were split, ordered and merged, so merged sketches are equal byte for
// byte. Memory: 16 bytes per bucket in use, nothing before the first value; values between 1 ms and
// 1 h need at most 756 buckets at alpha = 0.01.
//
// With a cap on the number of buckets the lowest are joined into one when there are more. The
// result still does not depend on the order if all parts have the same cap; high quantiles keep
// their guarantee, low ones come out too high, and collapsed() says so.
class DDSketch {
 public:
  struct Bucket {
    std::int32_t index = 0;   // holds values in (gamma^(index - 1), gamma^index]
    std::uint64_t count = 0;  // > 0
    friend bool operator==(const Bucket&, const Bucket&) = default;
  };

  static constexpr double kDefaultAlpha = 0.01;
  static constexpr std::size_t kNoCap = SIZE_MAX;
  // Values up to this count as zero.
  static constexpr double kZeroLimit = 1e-9;

  // Largest absolute index. No double has one beyond 40,000 at the default alpha.
  static constexpr std::int32_t kMaxIndex = INT32_MAX;

  // 0 < alpha < 1; max_buckets >= 1, not counting the bucket of zeros.
  explicit DDSketch(double alpha = kDefaultAlpha, std::size_t max_buckets = kNoCap);

  // Adds one value. False, and no change, for a negative one, NaN, infinity or a full count (2^53).
  // O(log buckets), plus moving the buckets above when one is new.
  bool add(double value);

  // Adds `count` values of one bucket, or zeros, as read from a partial. False, and no change, if
  // the count would exceed 2^53 or the index is below -kMaxIndex.
  [[nodiscard]] bool add_bucket(std::int32_t index, std::uint64_t count);
  [[nodiscard]] bool add_zeros(std::uint64_t count);

  // Adds all counts of a sketch of equal alpha. False, and no change, if alpha differs or the count
  // would exceed 2^53. O(buckets of both).
  [[nodiscard]] bool merge(const DDSketch& other);

  // See above; q is cut to [0, 1]. Empty without values. O(buckets).
  [[nodiscard]] std::optional<double> quantile(double q) const;

  // The bucket of a value > kZeroLimit: ceil(ln value / ln gamma), evaluated in this order.
  [[nodiscard]] std::int32_t bucket_index(double value) const;

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t zero_count() const { return zero_count_; }
  // Ascending by index.
  [[nodiscard]] std::span<const Bucket> buckets() const { return buckets_; }
  // True once buckets have been joined because of the cap.
  [[nodiscard]] bool collapsed() const { return collapsed_; }
  [[nodiscard]] double alpha() const { return alpha_; }

  void archive(base::Archive& a) {
    a(alpha_, gamma_, log_gamma_, count_, zero_count_, collapsed_, buckets_);
  }

 private:
  void insert(std::int32_t index, std::uint64_t count);
  void collapse();

  double alpha_;
  double gamma_;
  double log_gamma_;
  std::size_t max_buckets_;
  std::uint64_t count_ = 0;
  std::uint64_t zero_count_ = 0;
  bool collapsed_ = false;
  base::Array<Bucket> buckets_;
};

}  // namespace insitu::stats
