// SPDX-License-Identifier: MIT
// Who comes back, and what customers are worth.
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/int128.h"
#include "cli/calc_functions.h"
#include "cli/text.h"
#include "stats/activity.h"

namespace insitu::cli {
namespace {

Json clv(CalcInput& input) {
  const Json& orders = input.list("orders");
  std::set<std::string> customers;
  base::Int128 total = 0;
  for (std::size_t i = 0; i < orders.size(); ++i) {
    const Json& order = orders[i];
    const auto value = order.is_array() && order.size() == 2 && order[0].is_string()
                           ? as_whole(order[1])
                           : std::nullopt;
    if (!value) {
      input.reject(join({"orders[", std::to_string(i), "]"}),
                   "[customer, value], the value in whole cents", order);
      continue;
    }
    if (*value < 0) continue;
    customers.insert(order[0].get<std::string>());
    total += *value;
  }
  Json answer = {{"value", nullptr}, {"n", customers.size()}};
  if (!customers.empty()) {
    answer["value"] = static_cast<double>(total) / static_cast<double>(customers.size());
  }
  return answer;
}

Json clv_predictive(CalcInput& input) {
  const double order_value = input.number("average_order_value");
  const double orders = input.number("orders_per_customer_per_period", Allowed::kNotNegative);
  const double margin = input.number("margin");
  const auto churn = input.maybe_number("churn_rate", Allowed::kShare);
  if (!churn || *churn == 0) return {{"value", nullptr}};
  return {{"value", order_value * orders * margin / *churn}};
}

// Rows [day, gap, visitors]; their sum is kept where adding up cannot overflow.
std::vector<stats::GapCount> gap_counts(CalcInput& input) {
  const Json& rows = input.list("counts");
  std::vector<stats::GapCount> out;
  std::int64_t total = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Json& row = rows[i];
    std::optional<std::int64_t> day, gap, count;
    if (row.is_array() && row.size() == 3) {
      day = as_whole(row[0]);
      gap = as_whole(row[1]);
      count = as_whole(row[2]);
    }
    if (!day || !gap || !count || *gap < 1 || *count < 0) {
      input.reject(join({"counts[", std::to_string(i), "]"}), "[day, gap from 1, visitors from 0]",
                   row);
      continue;
    }
    total += *count;
    if (total > kMaxWhole) {
      input.fail("`counts` add up to more than 2^53 visitors");
      return {};
    }
    out.push_back({*day, *gap, *count});
  }
  return out;
}

Json mau_from_gaps(CalcInput& input) {
  const std::vector<stats::GapCount> rows = gap_counts(input);
  const std::int64_t day = input.whole("day");
  const std::int64_t window = input.whole_or("window", 28, 1);
  return {{"value", stats::mau_from_gaps(rows, day, window)}};
}

Json retention_from_gaps(CalcInput& input) {
  const std::vector<stats::GapCount> rows = gap_counts(input);
  const std::int64_t as_of = input.whole("as_of");
  const std::int64_t period = input.whole_or("period", 30, 1);
  const stats::GapRetention found = stats::retention_from_gaps(rows, as_of, period);
  return {{"at_start", found.at_start}, {"retained", found.retained}};
}

constexpr CalcEntry kEntries[] = {
    {"clv", "orders=[[customer, cents], ...]", clv},
    {"clv_predictive",
     "average_order_value= orders_per_customer_per_period= margin= churn_rate=", clv_predictive},
    {"mau_from_gaps", "counts=[[day, gap, visitors], ...] day= [window=]", mau_from_gaps},
    {"retention_from_gaps", "counts=[[day, gap, visitors], ...] as_of= [period=]",
     retention_from_gaps},
};

}  // namespace

std::span<const CalcEntry> loyalty_functions() { return kEntries; }

}  // namespace insitu::cli
