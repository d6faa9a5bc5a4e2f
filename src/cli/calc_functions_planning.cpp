// SPDX-License-Identifier: MIT
// How large a study must be, how far a target is, and whether a set of KPIs is in order.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/calc_functions.h"
#include "cli/registry_json.h"
#include "cli/text.h"
#include "manage/target_progress.h"
#include "stats/problem_discovery.h"
#include "stats/sample_size.h"

namespace insitu::cli {
namespace {

Json problem_discovery(CalcInput& input) {
  const double p = input.number("p", Allowed::kShare);
  return {{"value", stats::problem_discovery(p, input.count("n"))}};
}

Json sample_size_discovery(CalcInput& input) {
  const double p = input.number("p", Allowed::kShare);
  return {{"n", to_json(stats::sample_size_discovery(p, input.number("goal")))}};
}

Json discovery_p_adjusted(CalcInput& input) {
  const Json& rows = input.list("participants_by_problems");
  std::vector<std::uint8_t> met;
  const std::size_t problems = rows.empty() || !rows[0].is_array() ? 0 : rows[0].size();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string name = join({"participants_by_problems[", std::to_string(i), "]"});
    if (!rows[i].is_array() || rows[i].size() != problems) {
      input.reject(name, "a list as long as the first one", rows[i]);
      continue;
    }
    for (const Json& cell : rows[i]) {
      if (cell != 0 && cell != 1) input.reject(name, "a list of 0 and 1", rows[i]);
      met.push_back(cell == 1 ? 1 : 0);
    }
  }
  // An empty span of rows that do not fit: the mistake is noted.
  const auto rate = stats::discovery_rate(met, rows.size(), problems);
  if (!rate) {
    return {
        {"raw", nullptr}, {"deflated", nullptr}, {"good_turing", nullptr}, {"adjusted", nullptr}};
  }
  return {{"raw", rate->raw},
          {"deflated", rate->deflated},
          {"good_turing", rate->good_turing},
          {"adjusted", rate->adjusted}};
}

Json sample_size_proportion(CalcInput& input) {
  const double p = input.number("p", Allowed::kShare);
  const double margin = input.number("margin", Allowed::kPositive);
  return {{"n", to_json(stats::sample_size_proportion(p, margin, input.confidence()))}};
}

Json sample_size_two_proportions(CalcInput& input) {
  const double p1 = input.number("p1", Allowed::kShare);
  const double p2 = input.number("p2", Allowed::kShare);
  const double confidence = input.confidence();
  const double power = input.number_or("power", 0.8, Allowed::kOpenShare);
  return {{"n_per_group", to_json(stats::sample_size_two_proportions(p1, p2, confidence, power))}};
}

Json target_progress(CalcInput& input) {
  static constexpr const char* kDirections[] = {"up", "down", nullptr};
  CalcInput given(input.object("target"));
  manage::Target target;
  (void)given.text("direction");
  if (given.word("direction", kDirections) == 1) target.direction = manage::Direction::kDown;
  target.baseline = given.maybe_number("baseline");
  target.change = given.maybe_number("change", Allowed::kNotNegative);
  target.by = given.maybe_number("by");
  target.start = target.by ? given.number("start") : given.number_or("start", 0);
  if (!given.error().empty()) input.fail(join({"in `target`, ", given.error()}));
  const std::optional<double> current = input.maybe_number("current");
  const auto result = manage::target_progress(target, current, input.number("now"));
  return {{"progress", to_json(result.progress)},
          {"elapsed", to_json(result.elapsed)},
          {"status", manage::name(result.status)}};
}

Json kpi_registry_lint(CalcInput& input) {
  std::string error;
  const auto definitions = read_definitions(input.list("definitions"), error);
  if (!error.empty()) input.fail(join({"in `definitions`, ", error}));
  return {{"findings", findings_json(manage::lint_registry(definitions))}};
}

constexpr CalcEntry kEntries[] = {
    {"problem_discovery", "p= n=", problem_discovery},
    {"sample_size_discovery", "p= goal=", sample_size_discovery},
    {"discovery_p_adjusted", "participants_by_problems=[[0, 1, ...], ...]", discovery_p_adjusted},
    {"sample_size_proportion", "p= margin= [confidence=]", sample_size_proportion},
    {"sample_size_two_proportions", "p1= p2= [confidence=] [power=]", sample_size_two_proportions},
    {"target_progress",
     "target={\"direction\": \"up\" or \"down\", \"baseline\": , \"change\": , \"start\": , "
     "\"by\": } "
     "current= now=   times in ms",
     target_progress},
    {"kpi_registry_lint", "definitions=[{...}, ...]", kpi_registry_lint},
};

}  // namespace

std::span<const CalcEntry> planning_functions() { return kEntries; }

}  // namespace insitu::cli
