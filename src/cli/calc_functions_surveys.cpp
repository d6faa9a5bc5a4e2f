// SPDX-License-Identifier: MIT
// Answers to questionnaires. Answers outside the scale are dropped and counted in `invalid`.
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/calc_functions.h"
#include "cli/text.h"
#include "stats/csat.h"
#include "stats/mean_interval.h"
#include "stats/nps.h"
#include "stats/summary.h"
#include "stats/sus.h"

namespace insitu::cli {
namespace {

// {value, n, sd, ci, invalid} of the mean of `values`, which lie on the scale `bounds`.
Json mean_answer(CalcInput& input, const std::vector<double>& values, std::size_t given,
                 stats::Bounds bounds) {
  const stats::Summary summary = stats::summarize(values);
  return {{"value", summary.n > 0 ? Json(summary.mean) : Json()},
          {"n", summary.n},
          {"sd", summary.n > 1 ? Json(std::sqrt(summary.variance)) : Json()},
          {"ci", to_json(stats::mean_interval(summary, input.confidence(), bounds))},
          {"invalid", given - values.size()}};
}

// An answer on the scale; empty for anything else.
std::optional<std::int64_t> on_scale(const Json& answer, std::int64_t lower, std::int64_t upper) {
  const std::optional<std::int64_t> value = as_whole(answer);
  return value && *value >= lower && *value <= upper ? value : std::nullopt;
}

// Mean of each response that has exactly `items` answers on the scale.
std::vector<double> response_means(CalcInput& input, std::size_t items, std::int64_t lower,
                                   std::int64_t upper) {
  const Json& responses = input.list("responses");
  std::vector<double> means;
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const Json& response = responses[i];
    if (!response.is_array()) {
      input.reject(join({"responses[", std::to_string(i), "]"}), "a list of answers", response);
      continue;
    }
    std::int64_t sum = 0;
    std::size_t valid = 0;
    for (const Json& answer : response) {
      const std::optional<std::int64_t> value = on_scale(answer, lower, upper);
      if (!value) break;
      sum += *value;
      ++valid;
    }
    if (valid != items || response.size() != items) continue;
    means.push_back(static_cast<double>(sum) / static_cast<double>(items));
  }
  return means;
}

Json mean_of_responses(CalcInput& input, std::size_t items, std::int64_t lower,
                       std::int64_t upper) {
  const std::vector<double> means = response_means(input, items, lower, upper);
  return mean_answer(input, means, input.list("responses").size(),
                     {static_cast<double>(lower), static_cast<double>(upper)});
}

Json asq(CalcInput& input) { return mean_of_responses(input, 3, 1, 7); }

Json nasa_tlx_raw(CalcInput& input) { return mean_of_responses(input, 6, 0, 100); }

Json umux_lite(CalcInput& input) {
  std::vector<double> scores = response_means(input, 2, 1, 7);
  for (double& mean : scores) mean = (2 * mean - 2) * 100 / 12;
  Json answer = mean_answer(input, scores, input.list("responses").size(), {0, 100});
  // The regression is linear, so the mean of all is that of the mean.
  answer["regressed"] = nullptr;
  if (!scores.empty()) answer["regressed"] = 0.65 * answer["value"].get<double>() + 22.9;
  return answer;
}

Json sus(CalcInput& input) {
  static constexpr const char* kMissing[] = {"reject", "neutral", nullptr};
  const bool neutral_missing = input.word("sus_missing", kMissing) == 1;
  const Json& responses = input.list("responses");
  std::vector<double> scores;
  for (std::size_t i = 0; i < responses.size(); ++i) {
    if (!responses[i].is_array()) {
      input.reject(join({"responses[", std::to_string(i), "]"}), "a list of ten answers",
                   responses[i]);
      continue;
    }
    std::vector<double> items;
    for (const Json& answer : responses[i]) {
      // 0 is on no scale.
      items.push_back(answer.is_null() ? std::numeric_limits<double>::quiet_NaN()
                                       : static_cast<double>(as_whole(answer).value_or(0)));
    }
    const std::optional<double> score = stats::sus_score(items, neutral_missing);
    if (score) scores.push_back(*score);
  }
  Json answer = mean_answer(input, scores, responses.size(), {0, 100});
  answer["scores"] = scores;
  answer["percentile"] = answer["grade"] = nullptr;
  if (!scores.empty()) {
    const double mean = answer["value"].get<double>();
    answer["percentile"] = stats::sus_percentile(mean);
    answer["grade"] = stats::sus_grade(mean);
  }
  return answer;
}

// Answers of the list `name` on the scale.
std::vector<double> answers(CalcInput& input, std::string_view name, std::int64_t lower,
                            std::int64_t upper) {
  std::vector<double> out;
  for (const Json& answer : input.list(name)) {
    const std::optional<std::int64_t> value = on_scale(answer, lower, upper);
    if (value) out.push_back(static_cast<double>(*value));
  }
  return out;
}

Json seq(CalcInput& input) {
  const std::vector<double> valid = answers(input, "ratings", 1, 7);
  return mean_answer(input, valid, input.list("ratings").size(), {1, 7});
}

Json csat(CalcInput& input) {
  const std::int64_t lower = input.whole_or("scale_min", 1);
  const std::int64_t upper = input.whole_or("scale_max", 5);
  if (lower >= upper) input.fail("`scale_min` must be below `scale_max`");
  const Json& ratings = input.list("ratings");
  std::uint64_t satisfied = 0;
  std::vector<double> percent;
  for (const Json& rating : ratings) {
    const std::optional<std::int64_t> value = on_scale(rating, lower, upper);
    if (!value) continue;
    if (stats::is_satisfied(*value, lower, upper)) ++satisfied;
    percent.push_back(100 * static_cast<double>(*value - lower) /
                      static_cast<double>(upper - lower));
  }
  Json answer = {{"value", nullptr},
                 {"x", satisfied},
                 {"n", percent.size()},
                 {"mean_percent", nullptr},
                 {"invalid", ratings.size() - percent.size()}};
  answer["ci"] = to_json(
      stats::rate_interval(satisfied, percent.size(), input.confidence(), input.ci_method()), 100);
  if (percent.empty()) return answer;
  answer["value"] = 100 * static_cast<double>(satisfied) / static_cast<double>(percent.size());
  answer["mean_percent"] = stats::summarize(percent).mean;
  return answer;
}

Json nps_answer(CalcInput& input, std::uint64_t promoters, std::uint64_t passives,
                std::uint64_t detractors) {
  const auto result =
      stats::net_promoter_score(promoters, passives, detractors, input.confidence());
  return {{"value", result ? Json(result->value) : Json()},
          {"n", promoters + passives + detractors},
          {"ci", to_json(result ? result->ci : std::nullopt)},
          {"promoters", promoters},
          {"passives", passives},
          {"detractors", detractors}};
}

Json nps(CalcInput& input) {
  const std::uint64_t promoters = input.count("promoters");
  const std::uint64_t passives = input.count("passives");
  const std::uint64_t detractors = input.count("detractors");
  return nps_answer(input, promoters, passives, detractors);
}

Json nps_scores(CalcInput& input) {
  const std::int64_t lower = input.whole_or("nps_min", 0, 0, 1);
  std::uint64_t promoters = 0;
  std::uint64_t passives = 0;
  std::uint64_t detractors = 0;
  const std::vector<double> scores = answers(input, "scores", lower, 10);
  for (const double score : scores) {
    if (score >= 9) {
      ++promoters;
    } else if (score >= 7) {
      ++passives;
    } else {
      ++detractors;
    }
  }
  Json answer = nps_answer(input, promoters, passives, detractors);
  answer["invalid"] = input.list("scores").size() - scores.size();
  return answer;
}

// One answer of a list whose scale may differ from answer to answer: [answer, lowest, highest], or
// the answer alone on 1 .. 7. As a share of its scale; empty if it is not valid.
std::optional<double> effort_share(const Json& row) {
  Json full = row.is_array() ? row : Json::array({row, 1, 7});
  if (full.size() != 3) return std::nullopt;
  const std::optional<std::int64_t> lower = as_whole(full[1]);
  const std::optional<std::int64_t> upper = as_whole(full[2]);
  if (!lower || !upper || *lower >= *upper) return std::nullopt;
  const std::optional<std::int64_t> value = on_scale(full[0], *lower, *upper);
  if (!value) return std::nullopt;
  return static_cast<double>(*value - *lower) / static_cast<double>(*upper - *lower);
}

Json ces(CalcInput& input) {
  const auto top = static_cast<double>(input.whole_or("ces_scale_max", 7, 2));
  const Json& responses = input.list("responses");
  std::vector<double> values;
  for (const Json& row : responses) {
    const std::optional<double> share = effort_share(row);
    if (share) values.push_back(1 + (top - 1) * *share);
  }
  return mean_answer(input, values, responses.size(), {1, top});
}

constexpr const char* kCsat = "ratings=[...] [scale_min=] [scale_max=] [confidence=] [ci_method=]";

constexpr CalcEntry kEntries[] = {
    {"seq", "ratings=[...] [confidence=]", seq},
    {"sus", "responses=[[ten answers], ...] [sus_missing=] [confidence=]", sus},
    {"umux_lite", "responses=[[a, b], ...] [confidence=]", umux_lite},
    {"asq", "responses=[[a, b, c], ...] [confidence=]", asq},
    {"nasa_tlx_raw", "responses=[[six scales], ...] [confidence=]", nasa_tlx_raw},
    {"csat", kCsat, csat},
    {"customer_service_satisfaction", kCsat, csat},
    {"nps", "promoters= passives= detractors= [confidence=]", nps},
    {"nps_scores", "scores=[...] [nps_min=] [confidence=]", nps_scores},
    {"ces", "responses=[[answer, lowest, highest], ...] [ces_scale_max=] [confidence=]", ces},
};

}  // namespace

std::span<const CalcEntry> survey_functions() { return kEntries; }

}  // namespace insitu::cli
