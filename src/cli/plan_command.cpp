// SPDX-License-Identifier: MIT
#include "cli/plan_command.h"

#include <charconv>
#include <string_view>
#include <vector>

#include "base/float.h"
#include "cli/input.h"
#include "cli/text.h"
#include "stats/problem_discovery.h"
#include "stats/sample_size.h"

namespace insitu::cli {

const char* const kPlanHelp =
    "usage: insitu plan [--participants N]\n"
    "       insitu plan discovery --p P --goal G\n"
    "       insitu plan proportion --p P --margin M\n"
    "       insitu plan two-proportions --p1 P1 --p2 P2 [--power 0.8]\n"
    "\n"
    "Says before a study how many people it takes. Shares are written from 0 to 1: 0.85 is 85 %.\n"
    "\n"
    "  insitu plan\n"
    "      A usability test with 20 participants: how far off a completion rate can be, and how\n"
    "      likely problems show that 5, 10 or 31 % of people meet (31 % is what Nielsen and\n"
    "      Landauer found for an average problem; yours may differ much).\n"
    "  insitu plan discovery --p 0.31 --goal 0.85\n"
    "      Participants until a problem that 31 % of people meet shows with 85 % probability.\n"
    "  insitu plan proportion --p 0.5 --margin 0.1\n"
    "      Observations until a rate of about 50 % is known to +-10 points. If you do not know "
    "the\n"
    "      rate, 0.5 is the safe guess.\n"
    "  insitu plan two-proportions --p1 0.1 --p2 0.12 --power 0.8\n"
    "      Visitors in each arm of an A/B test so that a change from 10 to 12 % is found in 80 %\n"
    "      of such tests. Fix the number beforehand: looking daily and stopping at the first\n"
    "      success finds changes that are not there.\n"
    "\n"
    "  --confidence C   0.95 unless given\n"
    "  --json           numbers for programs\n"
    "\n"
    "Exit code: 0 fine; 2 the words do not make a plan.\n";

namespace {

// Shares of people who meet a problem: rare, frequent, and the mean of Nielsen and Landauer (1993).
constexpr double kProblemShares[] = {0.05, 0.1, 0.31};

enum class Range : std::uint8_t { kShare, kOpenShare, kPositive };

struct Option {
  const char* name;
  double Plan::*value;
  Range range;
  bool is_required;
};

constexpr Option kConfidence = {"--confidence", &Plan::confidence, Range::kOpenShare, false};
constexpr Option kTestOptions[] = {kConfidence};
constexpr Option kDiscoveryOptions[] = {{"--p", &Plan::p, Range::kShare, true},
                                        {"--goal", &Plan::goal, Range::kShare, true}};
constexpr Option kProportionOptions[] = {{"--p", &Plan::p, Range::kShare, true},
                                         {"--margin", &Plan::margin, Range::kPositive, true},
                                         kConfidence};
constexpr Option kTwoProportionsOptions[] = {{"--p1", &Plan::p1, Range::kShare, true},
                                             {"--p2", &Plan::p2, Range::kShare, true},
                                             {"--power", &Plan::power, Range::kOpenShare, false},
                                             kConfidence};

struct Kind {
  const char* name;
  PlanKind kind;
  std::span<const Option> options;
};
constexpr Kind kKinds[] = {{"test", PlanKind::kTest, kTestOptions},
                           {"discovery", PlanKind::kDiscovery, kDiscoveryOptions},
                           {"proportion", PlanKind::kProportion, kProportionOptions},
                           {"two-proportions", PlanKind::kTwoProportions, kTwoProportionsOptions}};

template <class Number>
std::optional<Number> parse_number(std::string_view text) {
  Number number{};
  const auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_in(double value, Range range) {
  switch (range) {
    case Range::kShare:
      return value >= 0 && value <= 1;
    case Range::kOpenShare:
      return value > 0 && value < 1;
    case Range::kPositive:
      return value > 0 && base::is_finite(value);
  }
  return false;
}

const char* range_words(Range range) {
  switch (range) {
    case Range::kShare:
      return "a number from 0 to 1 (0.85 is 85 %)";
    case Range::kOpenShare:
      return "a number between 0 and 1 (0.95 is 95 %)";
    case Range::kPositive:
      return "a number above 0 (0.1 is 10 points)";
  }
  return "";
}

// Sets the option `name` of the plan; false and `error` if there is none or the value is no good.
bool set_option(const Kind& kind, std::string_view name, std::string_view text, Plan& plan,
                std::string& error) {
  if (kind.kind == PlanKind::kTest && name == "--participants") {
    const auto participants = parse_number<std::uint64_t>(text);
    constexpr std::uint64_t kMost = 1'000'000'000;
    if (!participants || *participants == 0 || *participants > kMost) {
      error = join({"--participants must be a whole number from 1, not `", text, "`"});
      return false;
    }
    plan.participants = *participants;
    return true;
  }
  for (const Option& option : kind.options) {
    if (name != option.name) continue;
    const auto value = parse_number<double>(text);
    if (!value || !is_in(*value, option.range)) {
      error = join({name, " must be ", range_words(option.range), ", not `", text, "`"});
      return false;
    }
    plan.*option.value = *value;
    return true;
  }
  error = join({"`plan ", kind.name, "` has no option `", name, "`: see `insitu plan --help`"});
  return false;
}

nlohmann::json count_json(const std::optional<std::uint64_t>& count) {
  return count ? nlohmann::json(*count) : nlohmann::json(nullptr);
}

std::optional<std::uint64_t> needed(const Plan& plan) {
  switch (plan.kind) {
    case PlanKind::kTest:
      return plan.participants;
    case PlanKind::kDiscovery:
      return stats::sample_size_discovery(plan.p, plan.goal);
    case PlanKind::kProportion:
      return stats::sample_size_proportion(plan.p, plan.margin, plan.confidence);
    case PlanKind::kTwoProportions:
      return stats::sample_size_two_proportions(plan.p1, plan.p2, plan.confidence, plan.power);
  }
  return std::nullopt;
}

// A share as people write it: "5 %", "2.5 %".
std::string share_text(double share) { return join({number_text(100 * share), " %"}); }

std::string test_text(const Plan& plan) {
  const auto count = static_cast<double>(plan.participants);
  const std::optional<double> half = stats::worst_half_width(plan.participants, plan.confidence);
  std::string text =
      join({"A usability test with ", count_text(count, "participant", "participants"), "\n\n"});
  text += join({"  completion rate, at worst     +-", percent_text(*half, 0), " (",
                share_text(plan.confidence), " interval; worst if half of them succeed)\n\n"});
  text += "  a problem met by   shows with probability\n";
  for (const double p : kProblemShares) {
    const double seen = stats::problem_discovery(p, plan.participants);
    text +=
        join({"  ", pad_left(share_text(p), 16), "   ", pad_left(percent_text(seen, 1), 22), "\n"});
  }
  return text;
}

}  // namespace

std::optional<Plan> parse_plan(std::span<const char* const> words, std::string& error) {
  Plan plan;
  const Kind* kind = &kKinds[0];
  std::size_t at = 0;
  if (!words.empty() && words[0][0] != '-') {
    kind = nullptr;
    for (const Kind& each : kKinds) {
      if (std::string_view(words[0]) == each.name) kind = &each;
    }
    if (kind == nullptr) {
      error = join({"there is no plan `", words[0],
                    "`: choose test, discovery, proportion or two-proportions"});
      return std::nullopt;
    }
    at = 1;
  }
  plan.kind = kind->kind;
  std::vector<std::string_view> given;
  for (; at < words.size(); ++at) {
    const std::string_view word = words[at];
    if (word == "--json") {
      plan.is_json = true;
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    } else if (++at < words.size()) {
      value = words[at];
    }
    if (!set_option(*kind, name, value, plan, error)) return std::nullopt;
    given.push_back(name);
  }
  for (const Option& option : kind->options) {
    if (!option.is_required) continue;
    bool is_given = false;
    for (const std::string_view name : given) is_given = is_given || name == option.name;
    if (is_given) continue;
    error = join({"`plan ", kind->name, "` needs ", option.name, ", ", range_words(option.range)});
    return std::nullopt;
  }
  return plan;
}

nlohmann::json plan_json(const Plan& plan) {
  if (plan.kind == PlanKind::kTwoProportions) {
    return nlohmann::json::object({{"n_per_group", count_json(needed(plan))}});
  }
  if (plan.kind != PlanKind::kTest) {
    return nlohmann::json::object({{"n", count_json(needed(plan))}});
  }
  nlohmann::json seen = nlohmann::json::array();
  for (const double p : kProblemShares) {
    seen.push_back({{"p", p}, {"value", stats::problem_discovery(p, plan.participants)}});
  }
  return {{"participants", plan.participants},
          {"confidence", plan.confidence},
          {"worst_half_width", *stats::worst_half_width(plan.participants, plan.confidence)},
          {"problem_discovery", std::move(seen)}};
}

std::string plan_text(const Plan& plan) {
  if (plan.kind == PlanKind::kTest) return test_text(plan);
  const std::optional<std::uint64_t> n = needed(plan);
  if (!n) {
    const bool is_equal = plan.kind == PlanKind::kTwoProportions && plan.p1 == plan.p2;
    return is_equal ? "The two rates are equal: there is nothing to find.\n"
                    : "No number of people is enough for that.\n";
  }
  const auto count = static_cast<double>(*n);
  switch (plan.kind) {
    case PlanKind::kTest:
      break;
    case PlanKind::kDiscovery:
      return join({count_text(count, "participant", "participants"), ": a problem that ",
                   share_text(plan.p), " of people meet then shows with at least ",
                   share_text(plan.goal), " probability.\n"});
    case PlanKind::kProportion:
      return join({count_text(count, "observation", "observations"), ": a rate of about ",
                   share_text(plan.p), " is then known to +-", number_text(100 * plan.margin),
                   " points (", share_text(plan.confidence), " interval).\n"});
    case PlanKind::kTwoProportions:
      return join({count_text(count, "visitor", "visitors"), " in each group: a change from ",
                   share_text(plan.p1), " to ", share_text(plan.p2), " is then found in ",
                   share_text(plan.power), " of such tests (two-sided, p < ",
                   number_text(1 - plan.confidence), ").\n"});
  }
  return {};
}

int run_plan(std::span<const char* const> words) {
  for (const std::string_view word : words) {
    if (word == "--help" || word == "-h") return print(kPlanHelp, kFine);
  }
  std::string error;
  const std::optional<Plan> plan = parse_plan(words, error);
  if (!plan) return fail(join({"plan: ", error}));
  return print(plan->is_json ? plan_json(*plan).dump(2) + "\n" : plan_text(*plan), kFine);
}

}  // namespace insitu::cli
