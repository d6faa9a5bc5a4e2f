// SPDX-License-Identifier: MIT
// Two groups against each other, and a series against its own past.
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "cli/calc_functions.h"
#include "cli/text.h"
#include "stats/baseline.h"
#include "stats/compare_proportions.h"
#include "stats/control_chart.h"
#include "stats/srm.h"
#include "stats/welch.h"

namespace insitu::cli {
namespace {

struct TwoRates {
  std::uint64_t x1, n1, x2, n2;
};

TwoRates two_rates(CalcInput& input) {
  const TwoRates rates{input.count("x1"), input.count("n1"), input.count("x2"), input.count("n2")};
  if (rates.x1 > rates.n1) input.fail("`x1` must be at most `n1`");
  if (rates.x2 > rates.n2) input.fail("`x2` must be at most `n2`");
  return rates;
}

Json two_proportion_n1(CalcInput& input) {
  const TwoRates in = two_rates(input);
  const double confidence = input.confidence();
  const auto result = stats::two_proportion_n1(in.x1, in.n1, in.x2, in.n2, confidence);
  if (!result) return {{"difference", nullptr}, {"z", nullptr}, {"p", nullptr}, {"ci", nullptr}};
  return {{"difference", result->difference},
          {"z", result->z},
          {"p", result->p},
          {"ci", to_json(std::optional(result->ci))}};
}

// Fisher's test may walk through every table that is possible: with more than these it could take
// longer than anybody waits.
constexpr std::uint64_t kMaxTables = 100'000'000;

bool is_walkable(CalcInput& input, const TwoRates& in) {
  const std::uint64_t successes = in.x1 + in.x2;
  const std::uint64_t failures = in.n1 + in.n2 - std::min(successes, in.n1 + in.n2);
  if (std::min({in.n1, in.n2, successes, failures}) <= kMaxTables) return true;
  input.fail("the counts are too large for Fisher's exact test: use two_proportion_n1");
  return false;
}

Json fisher_exact(CalcInput& input) {
  const TwoRates in = two_rates(input);
  if (!is_walkable(input, in)) return {};
  return {{"p", to_json(stats::fisher_exact(in.x1, in.n1, in.x2, in.n2))}};
}

Json compare_proportions(CalcInput& input) {
  const TwoRates in = two_rates(input);
  const auto result = stats::compare_proportions(in.x1, in.n1, in.x2, in.n2);
  if (!result) return {{"method", nullptr}, {"p", nullptr}};
  const bool is_exact = result->method == stats::ProportionTest::kFisherExact;
  return {{"method", is_exact ? "fisher_exact" : "n1_chi_square"}, {"p", result->p}};
}

// Summary of the logs of a list of times.
stats::Summary log_times(CalcInput& input, const char* name) {
  std::vector<double> times = input.numbers(name);
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] > 0) continue;
    input.reject(join({name, "[", std::to_string(i), "]"}), "a number above 0", times[i]);
    times[i] = 1;
  }
  return stats::summarize_logs(times);
}

Json welch_log_t(CalcInput& input) {
  const stats::Summary a = log_times(input, "a");
  const stats::Summary b = log_times(input, "b");
  const auto result = stats::welch_log_t(a, b, input.confidence());
  Json answer = {
      {"ratio", nullptr}, {"t", nullptr}, {"df", nullptr}, {"p", nullptr}, {"ci", nullptr}};
  if (!result) return answer;
  answer["ratio"] = result->effect;
  if (!result->test) return answer;
  answer["t"] = result->test->t;
  answer["df"] = result->test->df;
  answer["p"] = result->test->p;
  answer["ci"] = to_json(std::optional(result->test->ci));
  return answer;
}

Json srm(CalcInput& input) {
  const std::uint64_t n1 = input.count("n1");
  const std::uint64_t n2 = input.count("n2");
  const double share = input.number_or("share1", 0.5, Allowed::kOpenShare);
  const auto result = stats::sample_ratio_mismatch(n1, n2, share);
  if (!result) return {{"z", nullptr}, {"p", nullptr}, {"alarm", nullptr}};
  return {{"z", result->z}, {"p", result->p}, {"alarm", result->p < stats::kSrmAlarmP}};
}

Json baseline(CalcInput& input) {
  std::vector<double> history;
  for (const std::optional<double>& value : input.numbers_or_null("history")) {
    if (value) history.push_back(*value);
  }
  const std::optional<double> current = input.maybe_number("current");
  Json answer = {{"baseline", nullptr}, {"change", nullptr}, {"relative", nullptr}, {"z", nullptr}};
  if (!current) return answer;
  const auto result = stats::baseline_change(stats::summarize(history), *current);
  if (!result) return answer;
  answer["baseline"] = result->baseline;
  answer["change"] = result->change;
  answer["relative"] = to_json(result->relative);
  answer["z"] = to_json(result->z);
  return answer;
}

Json ewma(CalcInput& input) {
  const double mean = input.number("mu");
  const double sd = input.number("sigma", Allowed::kNotNegative);
  const double weight = input.number_or("lambda", 0.2, Allowed::kShare);
  if (weight == 0) input.fail("`lambda` must be above 0");
  stats::Ewma chart(mean, sd, weight, input.number_or("L", 3, Allowed::kPositive));
  Json points = Json::array();
  for (const std::optional<double>& value : input.numbers_or_null("values")) {
    const stats::Ewma::Point point = chart.next(value);
    points.push_back({{"z", point.z},
                      {"lo", point.limits ? Json(point.limits->lower) : Json()},
                      {"hi", point.limits ? Json(point.limits->upper) : Json()},
                      {"alarm", point.alarm}});
  }
  return {{"points", std::move(points)}};
}

Json cusum(CalcInput& input) {
  const double mean = input.number("mu");
  const double sd = input.number("sigma", Allowed::kNotNegative);
  const double slack = input.number_or("k", 0.5, Allowed::kNotNegative);
  stats::Cusum chart(mean, sd, slack, input.number_or("h", 5, Allowed::kNotNegative));
  Json points = Json::array();
  for (const std::optional<double>& value : input.numbers_or_null("values")) {
    const stats::Cusum::Point point = chart.next(value);
    points.push_back({{"up", point.up}, {"down", point.down}, {"alarm", point.alarm}});
  }
  return {{"points", std::move(points)}};
}

constexpr CalcEntry kEntries[] = {
    {"compare_proportions", "x1= n1= x2= n2=", compare_proportions},
    {"two_proportion_n1", "x1= n1= x2= n2= [confidence=]", two_proportion_n1},
    {"fisher_exact", "x1= n1= x2= n2=", fisher_exact},
    {"welch_log_t", "a=[...] b=[...] [confidence=]   times of two groups", welch_log_t},
    {"srm", "n1= n2= [share1=]", srm},
    {"baseline", "history=[...] current=", baseline},
    {"ewma", "values=[...] mu= sigma= [lambda=] [L=]", ewma},
    {"cusum", "values=[...] mu= sigma= [k=] [h=]", cusum},
};

}  // namespace

std::span<const CalcEntry> comparison_functions() { return kEntries; }

}  // namespace insitu::cli
