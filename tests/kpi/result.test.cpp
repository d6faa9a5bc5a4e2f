// SPDX-License-Identifier: MIT
// Covers kpi/result.h: what families fill in.
#include "kpi/result.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/kpis.h"

using Catch::Matchers::WithinAbs;
namespace kpi = insitu::kpi;
namespace stats = insitu::stats;

namespace {

// The reference was computed with 12 digits or more.
constexpr double kTolerance = 1e-9;
const kpi::KpiInfo kRatio = insitu::test::kpi_in("ratio");

}  // namespace

TEST_CASE("results: a rate has its interval, or neither", "[kpi]") {
  const kpi::Options options;
  kpi::Sheet sheet(options);
  // Adjusted Wald of 3 in 5 at 95 %, from log_tiny of the reference.
  const kpi::KpiResult& rate = sheet.rate(kRatio, {3, 5});
  CHECK(rate.value == 0.6);
  CHECK(rate.x == 3);
  CHECK(rate.n == 5);
  CHECK(rate.has_interval);
  CHECK_THAT(rate.interval.lower, WithinAbs(0.22909015658835624, kTolerance));
  CHECK_THAT(rate.interval.upper, WithinAbs(0.8840133504550087, kTolerance));

  const kpi::KpiResult& none = sheet.rate(kRatio, {0, 0});
  CHECK(std::isnan(none.value));
  CHECK(none.x == 0);
  CHECK(none.n == 0);
  CHECK(none.has_interval);
  CHECK(std::isnan(none.interval.lower));
  CHECK(sheet.results().size() == 2);
}

TEST_CASE("results: a mean of nothing, of one and of two", "[kpi]") {
  const kpi::Options options;
  kpi::Sheet sheet(options);
  const kpi::KpiResult none = sheet.mean(kRatio, stats::Summary{});
  CHECK(std::isnan(none.value));
  CHECK(none.n == 0);
  CHECK(std::isnan(none.interval.lower));
  const kpi::KpiResult one = sheet.mean(kRatio, stats::Summary{.n = 1, .mean = 7, .variance = 0});
  CHECK(one.value == 7);
  CHECK(std::isnan(one.interval.lower));
  // 1 and 3: sd sqrt 2, t of 1 degree of freedom 12.7062047361747, cut at 0.
  const kpi::KpiResult two = sheet.mean(kRatio, stats::Summary{.n = 2, .mean = 2, .variance = 2});
  CHECK(two.interval.lower == 0);
  CHECK_THAT(two.interval.upper, WithinAbs(14.7062047361747, kTolerance));
  REQUIRE(two.fields.size() == 1);
  CHECK(two.name(two.fields[0]) == "sd");
  CHECK_THAT(two.fields[0].value, WithinAbs(1.4142135623730951, kTolerance));
  CHECK(std::isnan(one.fields[0].value));
}

TEST_CASE("results: a ratio of nothing is no data", "[kpi]") {
  CHECK(kpi::ratio(1.0, 4.0) == 0.25);
  CHECK(kpi::ratio(0.0, 4.0) == 0);
  CHECK(std::isnan(kpi::ratio(1.0, 0.0)));
  CHECK(std::isnan(kpi::ratio(0.0, 0.0)));
  CHECK(kpi::ratio(kpi::Count{1}, kpi::Count{4}) == 0.25);
  CHECK(std::isnan(kpi::ratio(kpi::Count{0}, kpi::Count{0})));
}

TEST_CASE("results: shares are labelled with the shortest decimal that has one", "[kpi]") {
  const std::pair<double, const char*> rows[] = {
      {0, "0.0"},        {1, "1.0"},     {0.25, "0.25"},   {0.5, "0.5"},
      {0.75, "0.75"},    {0.9, "0.9"},   {0.1, "0.1"},     {0.05, "0.05"},
      {0.333, "0.333"},  {0.01, "0.01"}, {0.999, "0.999"}, {0.123456789, "0.123456789"},
      {0.0001, "0.0001"}};
  for (const auto& [share, label] : rows) CHECK(kpi::share_label(share).view() == label);
}

TEST_CASE("results: groups are flat between a begin and an end, in the order they were given",
          "[kpi]") {
  kpi::KpiResult result;
  result.begin_object("reach");
  result.number("0.5", kpi::Count{3});
  result.begin_list("steps");
  result.number("", 0.25);
  result.end();
  result.end();
  result.text("grade", "A-");
  result.text("none", nullptr);
  using Kind = kpi::Field::Kind;
  const std::pair<Kind, std::string> rows[] = {
      {Kind::kBeginObject, "reach"}, {Kind::kNumber, "0.5"}, {Kind::kBeginList, "steps"},
      {Kind::kNumber, ""},           {Kind::kEnd, ""},       {Kind::kEnd, ""},
      {Kind::kText, "grade"},        {Kind::kText, "none"}};
  REQUIRE(result.fields.size() == std::size(rows));
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    CHECK(result.fields[i].kind == rows[i].first);
    CHECK(result.name(result.fields[i]) == rows[i].second);
  }
  CHECK(result.fields[1].value == 3);
  CHECK(result.fields[3].value == 0.25);
  CHECK(std::string(result.fields[6].text) == "A-");
  CHECK(result.fields[7].text == nullptr);
}

TEST_CASE("results: a rate inside a KPI has value, counts and interval, or null for nothing",
          "[kpi]") {
  const kpi::Options options;
  kpi::KpiResult result;
  result.rate("7", {3, 5}, options);
  result.rate("30", {0, 0}, options);
  std::vector<std::string> names;
  std::vector<double> numbers;
  for (const kpi::Field& field : result.fields) {
    names.emplace_back(result.name(field));
    if (field.kind == kpi::Field::Kind::kNumber) numbers.push_back(field.value);
  }
  REQUIRE(numbers.size() >= 5);
  CHECK(names[0] == "7");
  CHECK(numbers[0] == 0.6);
  CHECK(numbers[1] == 3);
  CHECK(numbers[2] == 5);
  CHECK_THAT(numbers[3], WithinAbs(0.22909015658835624, kTolerance));
  CHECK_THAT(numbers[4], WithinAbs(0.8840133504550087, kTolerance));
  CHECK(std::isnan(numbers[5]));
  CHECK(numbers[6] == 0);
  CHECK(numbers[7] == 0);
}

TEST_CASE("results: an interval needs a count within its number", "[kpi]") {
  const kpi::Options options;
  CHECK(kpi::interval_of({5, 5}, options).has_value());
  CHECK_FALSE(kpi::interval_of({0, 0}, options).has_value());
  CHECK_FALSE(kpi::interval_of({-1, 5}, options).has_value());
  CHECK_FALSE(kpi::interval_of({6, 5}, options).has_value());
}

TEST_CASE("results: whole numbers are labelled with all their digits", "[kpi]") {
  const std::pair<kpi::Count, const char*> rows[] = {
      {0, "0"}, {17, "17"}, {-3, "-3"}, {9007199254740992, "9007199254740992"}};
  for (const auto& [count, label] : rows) CHECK(kpi::count_label(count).view() == label);
}
