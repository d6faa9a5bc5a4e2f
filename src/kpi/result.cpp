// SPDX-License-Identifier: MIT
#include "kpi/result.h"

#include <cmath>

#include "stats/mean_interval.h"

namespace insitu::kpi {

KpiResult& Sheet::add(const KpiInfo& info) {
  results_.emplace_back();
  results_.back().info = &info;
  return results_.back();
}

KpiResult& Sheet::rate(const KpiInfo& info, std::uint64_t x, std::uint64_t n) {
  KpiResult& result = add(info);
  result.x = static_cast<double>(x);
  result.n = static_cast<double>(n);
  result.value = ratio(result.x, result.n);
  result.set_interval(stats::rate_interval(x, n, options_.confidence, options_.ci_method));
  return result;
}

KpiResult& Sheet::mean(const KpiInfo& info, const stats::Summary& sample) {
  KpiResult& result = add(info);
  result.n = static_cast<double>(sample.n);
  if (sample.n > 0) result.value = sample.mean;
  result.set_interval(stats::mean_interval(sample, options_.confidence, {.lower = 0}));
  result.add_extra("sd", sample.n > 1 ? std::sqrt(sample.variance) : kNoData);
  return result;
}

void KpiResult::add_extra(const char* name, double number) { extras.push_back({name, number}); }

void KpiResult::set_interval(const std::optional<stats::Interval>& given) {
  has_interval = true;
  if (given) interval = *given;
}

base::Text share_label(double share) {
  // 15 decimals always suffice for a threshold somebody typed.
  constexpr int kMaxDecimals = 15;
  double scale = 10;
  int decimals = 1;
  while (decimals < kMaxDecimals && std::round(share * scale) / scale != share) {
    scale *= 10;
    ++decimals;
  }
  auto digits = static_cast<std::uint64_t>(std::round(share * scale));
  char text[kMaxDecimals + 2] = {'0', '.'};
  for (int i = decimals; i > 0; --i, digits /= 10) {
    text[i + 1] = static_cast<char>('0' + digits % 10);
  }
  if (digits) text[0] = '1';
  return base::Text({text, static_cast<std::size_t>(decimals) + 2});
}

}  // namespace insitu::kpi
