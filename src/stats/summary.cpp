// SPDX-License-Identifier: MIT
// Number, mean and variance of a sample. Source in the header.
#include "stats/summary.h"

#include <algorithm>
#include <cmath>

#include "base/elementary.h"
#include "stats/compensated.h"

namespace insitu::stats {
namespace {

template <class Value>
Summary summarize_by(std::size_t size, Value value) {
  Summary result;
  result.n = size;
  if (size == 0) return result;
  const auto n = static_cast<double>(size);
  CompensatedSum sum;
  for (std::size_t i = 0; i < size; ++i) sum.add(value(i));
  const double rough = sum.value() / n;
  CompensatedSum deviation;
  CompensatedSum square;
  for (std::size_t i = 0; i < size; ++i) {
    const double d = value(i) - rough;
    deviation.add(d);
    square.add(d * d);
  }
  const double shift = deviation.value() / n;
  result.mean = rough + shift;
  if (size > 1) {
    result.variance = std::max(0.0, square.value() - n * shift * shift) / (n - 1);
  }
  return result;
}

}  // namespace

Summary summarize(std::span<const double> values) {
  return summarize_by(values.size(), [&](std::size_t i) { return values[i]; });
}

Summary summarize_logs(std::span<const double> values) {
  return summarize_by(values.size(), [&](std::size_t i) { return base::ln(values[i]); });
}

Summary summarize_differences(std::span<const double> first, std::span<const double> second) {
  return summarize_by(std::min(first.size(), second.size()),
                      [&](std::size_t i) { return first[i] - second[i]; });
}

Summary summarize_log_ratios(std::span<const double> first, std::span<const double> second) {
  return summarize_by(std::min(first.size(), second.size()),
                      [&](std::size_t i) { return base::ln(first[i]) - base::ln(second[i]); });
}

}  // namespace insitu::stats
