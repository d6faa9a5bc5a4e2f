// SPDX-License-Identifier: MIT
#include "kpi/result.h"

#include <cmath>

#include "stats/mean_interval.h"

namespace insitu::kpi {

std::optional<stats::Interval> interval_of(Rate rate, const Options& options) {
  if (rate.x < 0 || rate.x > rate.n) return std::nullopt;
  return stats::rate_interval(static_cast<std::uint64_t>(rate.x),
                              static_cast<std::uint64_t>(rate.n), options.confidence,
                              options.ci_method);
}

KpiResult& Sheet::add(const KpiInfo& info) {
  results_.emplace_back();
  results_.back().info = &info;
  return results_.back();
}

KpiResult& Sheet::number(const KpiInfo& info, double value) {
  KpiResult& result = add(info);
  result.value = value;
  return result;
}

KpiResult& Sheet::rate(const KpiInfo& info, Rate rate) {
  KpiResult& result = add(info);
  result.x = static_cast<double>(rate.x);
  result.n = static_cast<double>(rate.n);
  result.value = ratio(result.x, result.n);
  result.set_interval(interval_of(rate, options_));
  return result;
}

KpiResult& Sheet::mean(const KpiInfo& info, const stats::Summary& sample, double lower,
                       double upper) {
  KpiResult& result = add(info);
  result.n = static_cast<double>(sample.n);
  if (sample.n > 0) result.value = sample.mean;
  result.set_interval(
      stats::mean_interval(sample, options_.confidence, {.lower = lower, .upper = upper}));
  result.number("sd", sample.n > 1 ? std::sqrt(sample.variance) : kNoData);
  return result;
}

Field& KpiResult::add(Field::Kind kind, std::string_view name) {
  Field& field = fields.emplace_back();
  field.kind = kind;
  field.name_first = static_cast<std::uint32_t>(names.view().size());
  field.name_size = static_cast<std::uint32_t>(name.size());
  names.add(name);
  return field;
}

void KpiResult::number(std::string_view name, double number) {
  add(Field::Kind::kNumber, name).value = number;
}
void KpiResult::text(std::string_view name, const char* text) {
  add(Field::Kind::kText, name).text = text;
}
void KpiResult::begin_object(std::string_view name) { add(Field::Kind::kBeginObject, name); }
void KpiResult::begin_list(std::string_view name) { add(Field::Kind::kBeginList, name); }
void KpiResult::end() { add(Field::Kind::kEnd, {}); }

void KpiResult::rate(std::string_view name, Rate rate, const Options& options) {
  begin_object(name);
  number("value", ratio(rate.x, rate.n));
  number("x", rate.x);
  number("n", rate.n);
  if (const auto ends = interval_of(rate, options)) {
    begin_list("ci");
    number({}, ends->lower);
    number({}, ends->upper);
    end();
  } else {
    text("ci", nullptr);
  }
  end();
}

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

base::Text count_label(std::int64_t count) {
  char text[24];
  char* at = text + sizeof text;
  // Unsigned, so that the smallest number has a positive too.
  auto rest = static_cast<std::uint64_t>(count);
  if (count < 0) rest = 0 - rest;
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest);
  if (count < 0) *--at = '-';
  return base::Text({at, static_cast<std::size_t>(text + sizeof text - at)});
}

}  // namespace insitu::kpi
