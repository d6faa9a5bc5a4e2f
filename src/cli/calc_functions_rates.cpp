// SPDX-License-Identifier: MIT
// Rates: x of n with an interval.
#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/calc_functions.h"
#include "cli/text.h"

namespace insitu::cli {
namespace {

// {value, x, n, ci} of x in n trials, n named for messages.
Json rate(CalcInput& input, std::uint64_t x, std::uint64_t n, std::string_view x_name,
          std::string_view n_name) {
  const double confidence = input.confidence();
  const stats::CiMethod method = input.ci_method();
  if (x > n) input.fail(join({"`", x_name, "` must be at most `", n_name, "`"}));
  Json answer = {{"value", nullptr}, {"x", x}, {"n", n}};
  if (n > 0) answer["value"] = static_cast<double>(x) / static_cast<double>(n);
  answer["ci"] = to_json(stats::rate_interval(x, n, confidence, method));
  return answer;
}

Json plain_rate(CalcInput& input) {
  const std::uint64_t x = input.count("x");
  const std::uint64_t n = input.count("n");
  return rate(input, x, n, "x", "n");
}

Json task_success_rate(CalcInput& input) {
  const std::uint64_t x = input.count("successes");
  const std::uint64_t n = input.count("attempts");
  const std::uint64_t partial = static_cast<std::uint64_t>(input.whole_or("partial", 0, 0));
  const double credit = input.number_or("partial_credit", 0, Allowed::kShare);
  Json answer = rate(input, x, n, "successes", "attempts");
  if (partial > n || x > n - partial) {
    input.fail("`successes` and `partial` must together be at most `attempts`");
  }
  const auto successes = static_cast<double>(x);
  const auto attempts = static_cast<double>(n);
  answer["laplace"] = answer["with_partial"] = nullptr;
  if (n == 0) return answer;
  answer["laplace"] = (successes + 1) / (attempts + 2);
  answer["with_partial"] = (successes + credit * static_cast<double>(partial)) / attempts;
  return answer;
}

Json errors_per_opportunity(CalcInput& input) {
  const std::uint64_t errors = input.count("errors");
  const std::uint64_t opportunities = input.count("opportunities");
  // As every attempt counts: more errors than chances are as many as chances.
  return rate(input, std::min(errors, opportunities), opportunities, "errors", "opportunities");
}

Json cart_abandonment_rate(CalcInput& input) {
  const std::uint64_t carts = input.count("carts");
  const std::uint64_t purchased = input.count("purchased");
  if (purchased > carts) input.fail("`purchased` must be at most `carts`");
  return rate(input, carts - std::min(purchased, carts), carts, "purchased", "carts");
}

Json churn_rate(CalcInput& input) {
  const std::uint64_t at_start = input.count("at_start");
  const std::uint64_t lost = input.count("lost");
  return rate(input, lost, at_start, "lost", "at_start");
}

Json retention_rate(CalcInput& input) {
  const std::uint64_t at_start = input.count("at_start");
  const std::uint64_t at_end = input.count("at_end");
  const std::uint64_t added = input.count("new");
  if (added > at_end) input.fail("`new` must be at most `at_end`");
  const std::uint64_t kept = at_end - std::min(added, at_end);
  // Nobody there at first: no rate, whoever is left.
  if (at_start > 0 && kept > at_start) {
    input.fail("`at_end` - `new`, those who stayed, must be at most `at_start`");
  }
  return rate(input, std::min(kept, at_start), at_start, "at_end", "at_start");
}

Json funnel_drop_off(CalcInput& input) {
  const Json& steps = input.list("reached");
  std::vector<double> reached;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::optional<std::int64_t> count = as_whole(steps[i]);
    if (!count || *count < 0) {
      input.reject(join({"reached[", std::to_string(i), "]"}), "a whole number from 0", steps[i]);
    }
    reached.push_back(static_cast<double>(count.value_or(0)));
  }
  Json drops = Json::array();
  const auto drop = [](double from, double to) { return from > 0 ? Json(1 - to / from) : Json(); };
  for (std::size_t i = 1; i < reached.size(); ++i)
    drops.push_back(drop(reached[i - 1], reached[i]));
  Json whole = reached.empty() ? Json() : drop(reached.front(), reached.back());
  return {{"drop_off", std::move(drops)}, {"value", std::move(whole)}};
}

constexpr const char* kPlain = "x= n= [confidence=] [ci_method=]";

constexpr CalcEntry kEntries[] = {
    {"task_success_rate",
     "successes= attempts= [partial=] [partial_credit=] [confidence=] [ci_method=]",
     task_success_rate},
    {"task_abandonment_rate", kPlain, plain_rate},
    {"errors_per_opportunity", "errors= opportunities= [confidence=] [ci_method=]",
     errors_per_opportunity},
    {"bounce_rate", kPlain, plain_rate},
    {"engagement_rate", kPlain, plain_rate},
    {"rage_click_rate", kPlain, plain_rate},
    {"dead_click_rate", kPlain, plain_rate},
    {"error_click_rate", kPlain, plain_rate},
    {"quick_back_rate", kPlain, plain_rate},
    {"thrashed_cursor_rate", kPlain, plain_rate},
    {"form_abandonment_rate", kPlain, plain_rate},
    {"form_refill_rate", kPlain, plain_rate},
    {"conversion_rate", kPlain, plain_rate},
    {"acquisition_rate", kPlain, plain_rate},
    {"product_page_conversion", kPlain, plain_rate},
    {"checkout_completion_rate", kPlain, plain_rate},
    {"cart_abandonment_rate", "carts= purchased= [confidence=] [ci_method=]",
     cart_abandonment_rate},
    {"funnel_drop_off", "reached=[...]", funnel_drop_off},
    {"refund_rate", kPlain, plain_rate},
    {"dispute_rate", kPlain, plain_rate},
    {"repeat_purchase_rate", kPlain, plain_rate},
    {"retention_rate", "at_start= at_end= new= [confidence=] [ci_method=]", retention_rate},
    {"churn_rate", "at_start= lost= [confidence=] [ci_method=]", churn_rate},
    {"advocacy_rate", kPlain, plain_rate},
    {"first_contact_resolution", kPlain, plain_rate},
    {"repeat_contact_rate", kPlain, plain_rate},
};

}  // namespace

std::span<const CalcEntry> rate_functions() { return kEntries; }

}  // namespace insitu::cli
