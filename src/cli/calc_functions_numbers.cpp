// SPDX-License-Identifier: MIT
// What the KPIs are computed with: distributions, quantiles, sketches, exact sums.
#include <algorithm>
#include <cinttypes>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "cli/calc_functions.h"
#include "cli/text.h"
#include "stats/beta.h"
#include "stats/ddsketch.h"
#include "stats/gaussian_smooth.h"
#include "stats/hash64.h"
#include "stats/hll.h"
#include "stats/moments.h"
#include "stats/normal.h"
#include "stats/quantile.h"
#include "stats/running_moments.h"
#include "stats/student_t.h"

namespace insitu::cli {
namespace {

Json normal_cdf(CalcInput& input) { return {{"value", stats::normal_cdf(input.number("x"))}}; }

Json normal_quantile(CalcInput& input) {
  return {{"value", stats::normal_quantile(input.number("p", Allowed::kOpenShare))}};
}

Json t_cdf(CalcInput& input) {
  const double t = input.number("t");
  return {{"value", stats::student_t_cdf(t, input.number("df", Allowed::kPositive))}};
}

Json t_quantile(CalcInput& input) {
  const double confidence = input.confidence();
  const double df = input.number("df", Allowed::kPositive);
  return {{"value", stats::student_t_two_sided(confidence, df)}};
}

Json beta_quantile(CalcInput& input) {
  const double p = input.number("p", Allowed::kShare);
  const double a = input.number("a", Allowed::kPositive);
  const double b = input.number("b", Allowed::kPositive);
  return {{"value", stats::beta_quantile(p, a, b)}};
}

Json quantile(CalcInput& input) {
  std::vector<double> values = input.numbers("values");
  std::sort(values.begin(), values.end());
  return {
      {"value", to_json(stats::quantile_of_sorted(values, input.number("q", Allowed::kShare)))}};
}

// Calls take(part, place) for each list of numbers in `parts`.
template <class Take>
void for_each_part(CalcInput& input, Take&& take) {
  const Json& parts = input.list("parts");
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string place = join({"parts[", std::to_string(i), "]"});
    // Read like an argument, so that mistakes are told the same way.
    const Json named = Json::object({{place, parts[i]}});
    CalcInput part(named);
    take(part.numbers(place));
    if (!part.error().empty()) input.fail(part.error());
  }
}

Json merge_moments(CalcInput& input) {
  stats::RunningMoments all;
  for_each_part(input, [&](const std::vector<double>& values) {
    stats::RunningMoments part;
    for (const double value : values) part.add(value);
    all.merge(part);
  });
  const stats::Summary summary = all.summary();
  return {{"n", summary.n},
          {"mean", summary.n > 0 ? Json(summary.mean) : Json()},
          {"variance", summary.n > 1 ? Json(summary.variance) : Json()}};
}

Json fixed_point_answer(std::uint64_t n, const stats::FixedSum& s1, const stats::FixedSum& s2,
                        const stats::Summary& summary) {
  const auto pair = [](const stats::FixedSum& sum) {
    return join({"[", std::to_string(sum.pair().hi), ",", std::to_string(sum.pair().lo), "]"});
  };
  return {{"canonical",
           join({"{\"n\":", std::to_string(n), ",\"s1\":", pair(s1), ",\"s2\":", pair(s2), "}"})},
          {"mean", n > 0 ? Json(summary.mean) : Json()},
          {"sd", n > 1 ? Json(std::sqrt(summary.variance)) : Json()}};
}

Json fixed_point(CalcInput& input) {
  const std::int64_t bits = input.whole_or("bits", stats::kRealBits, 0, stats::kRealBits);
  if (bits != 0 && bits != stats::kRealBits) {
    input.fail("`bits` must be 40, for real numbers, or 0, for whole ones");
  }
  stats::Moments reals;
  stats::IntMoments wholes;
  const Json& values = input.list("values");
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::string place = join({"values[", std::to_string(i), "]"});
    const std::optional<std::int64_t> whole = as_whole(values[i]);
    if (!values[i].is_number() || (bits == 0 && !whole)) {
      input.reject(place, bits == 0 ? "a whole number" : "a number", values[i]);
    } else if (!(bits == 0 ? wholes.add(*whole) : reals.add(values[i].get<double>()))) {
      input.fail(join({"with `", place, "` the sum leaves its range"}));
    }
  }
  return bits == 0 ? fixed_point_answer(wholes.n(), wholes.s1(), wholes.s2(), wholes.summary())
                   : fixed_point_answer(reals.n(), reals.s1(), reals.s2(), reals.summary());
}

Json ddsketch(CalcInput& input) {
  const double alpha =
      input.number_or("alpha", stats::DDSketch::kDefaultAlpha, Allowed::kOpenShare);
  const double q = input.number("q", Allowed::kShare);
  stats::DDSketch all(alpha);
  std::vector<double> taken;
  for_each_part(input, [&](const std::vector<double>& values) {
    stats::DDSketch part(alpha);
    for (const double value : values) {
      if (part.add(value)) taken.push_back(value);
    }
    if (!all.merge(part)) input.fail("`parts` hold more than 2^53 values");
  });
  std::sort(taken.begin(), taken.end());
  Json answer = {
      {"value", to_json(all.quantile(q))}, {"order_statistic", nullptr}, {"n", taken.size()}};
  if (!taken.empty()) {
    const double rank = std::floor(q * static_cast<double>(taken.size() - 1));
    answer["order_statistic"] = taken[static_cast<std::size_t>(rank)];
  }
  return answer;
}

Json hash64(CalcInput& input) {
  char hex[17];
  std::snprintf(hex, sizeof hex, "%016" PRIx64, stats::hash64(input.text("utf8")));
  return {{"hex", hex}};
}

// More keys than this take longer than anybody waits.
constexpr std::int64_t kMaxKeys = 100'000'000;

Json hll(CalcInput& input) {
  const std::int64_t count = input.whole("count", 0, kMaxKeys);
  const std::string prefix = input.text("prefix");
  stats::HyperLogLog sketch(
      static_cast<int>(input.whole_or("p", stats::HyperLogLog::kDefaultPrecision, 4, 18)));
  for (std::int64_t i = 0; i < count; ++i) sketch.add(join({prefix, ":", std::to_string(i)}));
  std::uint64_t sum = 0;
  std::uint64_t zeros = 0;
  for (const std::uint8_t each : sketch.registers()) {
    sum += each;
    if (each == 0) ++zeros;
  }
  return {{"estimate", sketch.estimate()}, {"register_sum", sum}, {"zero_registers", zeros}};
}

Json heatmap_smooth(CalcInput& input) {
  const double sigma = input.number("sigma", Allowed::kNotNegative);
  const Json& rows = input.list("grid");
  std::vector<double> grid;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string place = join({"grid[", std::to_string(i), "]"});
    const Json named = Json::object({{place, rows[i]}});
    CalcInput row(named);
    const std::vector<double> cells = row.numbers(place);
    if (!row.error().empty()) input.fail(row.error());
    if (i == 0) columns = cells.size();
    if (cells.size() != columns) input.fail(join({"`", place, "` must be as long as `grid[0]`"}));
    grid.insert(grid.end(), cells.begin(), cells.end());
  }
  if (!input.error().empty()) return {};
  stats::gaussian_smooth(grid, rows.size(), columns, sigma);
  Json smooth = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto begin = grid.begin() + static_cast<std::ptrdiff_t>(i * columns);
    smooth.push_back(std::vector<double>(begin, begin + static_cast<std::ptrdiff_t>(columns)));
  }
  return {{"grid", std::move(smooth)}};
}

constexpr CalcEntry kEntries[] = {
    {"normal_cdf", "x=", normal_cdf},
    {"normal_quantile", "p=", normal_quantile},
    {"t_cdf", "t= df=", t_cdf},
    {"t_quantile", "df= [confidence=]   two-sided", t_quantile},
    {"beta_quantile", "p= a= b=", beta_quantile},
    {"quantile", "values=[...] q=", quantile},
    {"merge_moments", "parts=[[...], ...]", merge_moments},
    {"fixed_point", "values=[...] [bits=]", fixed_point},
    {"ddsketch", "parts=[[...], ...] q= [alpha=]", ddsketch},
    {"hll", "prefix= count= [p=]", hll},
    {"hash64", "utf8=", hash64},
    {"heatmap_smooth", "grid=[[...], ...] sigma=", heatmap_smooth},
};

}  // namespace

std::span<const CalcEntry> number_functions() { return kEntries; }

}  // namespace insitu::cli
