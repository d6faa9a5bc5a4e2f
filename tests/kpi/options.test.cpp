// SPDX-License-Identifier: MIT
// Covers kpi/options.h: ranges, kinds, differences from the defaults, fingerprints.
#include "kpi/options.h"

#include <cmath>
#include <initializer_list>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"
#include "report/json.h"

using insitu::base::Status;
using insitu::kpi::Options;
using Json = nlohmann::json;
namespace kpi = insitu::kpi;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Json differences(const Options& options, std::vector<const char*> names = {}) {
  insitu::report::JsonWriter out;
  options.write_differences(out, names);
  return Json::parse(out.take());
}

Status set_texts(Options& options, std::string_view name, std::vector<std::string_view> values) {
  return options.set_texts(name, values);
}

Status set_numbers(Options& options, std::string_view name, std::vector<double> values) {
  return options.set_numbers(name, values);
}

}  // namespace

TEST_CASE("options: as they come there are no differences", "[kpi]") {
  CHECK(differences(Options{}) == Json::object());
}

TEST_CASE("options: every kind can be set and is written with its name", "[kpi]") {
  Options options;
  CHECK(options.set_number("confidence", 0.9) == Status::kOk);
  CHECK(options.set_number("duration_exclude_bounces", 1) == Status::kOk);
  CHECK(options.set_number("idle_cap_ms", NAN) == Status::kOk);
  CHECK(options.set_number("as_of", 20'000) == Status::kOk);
  CHECK(options.set_text("ci_method", "clopper_pearson") == Status::kOk);
  CHECK(options.set_text("product_page", "/p") == Status::kOk);
  CHECK(set_texts(options, "conversion_goals", {"order", "signup"}) == Status::kOk);
  CHECK(set_numbers(options, "scroll_thresholds", {0.5, 1}) == Status::kOk);
  CHECK(differences(options) == Json::parse(R"({"confidence":0.9,"duration_exclude_bounces":true,
      "idle_cap_ms":null,"as_of":20000,"ci_method":"clopper_pearson","product_page":"/p",
      "conversion_goals":["order","signup"],"scroll_thresholds":[0.5,1]})"));
  CHECK(options.confidence == 0.9);
  CHECK(options.duration_exclude_bounces);
  CHECK(std::isnan(options.idle_cap_ms));
  CHECK(options.has_as_of);
}

TEST_CASE("options: only those asked for are written, in the order of the table", "[kpi]") {
  Options options;
  REQUIRE(options.set_number("engaged_ms", 5000) == Status::kOk);
  REQUIRE(options.set_number("confidence", 0.8) == Status::kOk);
  CHECK(differences(options, {"engaged_ms", "idle_cap_ms"}) == Json{{"engaged_ms", 5000}});
  insitu::report::JsonWriter out;
  options.write_differences(out, {});
  CHECK(out.take() == R"({"confidence":0.8,"engaged_ms":5000})");
}

TEST_CASE("options: set back to its default it is no difference", "[kpi]") {
  Options options;
  REQUIRE(options.set_number("as_of", 5) == Status::kOk);
  REQUIRE(options.set_number("as_of", NAN) == Status::kOk);
  REQUIRE(options.set_number("idle_cap_ms", NAN) == Status::kOk);
  REQUIRE(options.set_number("idle_cap_ms", 30'000) == Status::kOk);
  REQUIRE(options.set_text("bounce_mode", "ga4") == Status::kOk);
  REQUIRE(options.set_text("bounce_mode", "single_page") == Status::kOk);
  REQUIRE(set_texts(options, "conversion_goals", {}) == Status::kOk);
  REQUIRE(set_texts(options, "conversion_goals", {"order"}) == Status::kOk);
  CHECK(differences(options) == Json::object());
  CHECK(options.fingerprint() == Options{}.fingerprint());
}

TEST_CASE("options: a name that is none is refused by every setter", "[kpi]") {
  Options options;
  for (const char* name : {"", "confidences", "Confidence", "confidence "}) {
    CHECK(options.set_number(name, 0.5) == Status::kUnknownOption);
    CHECK(options.set_text(name, "wilson") == Status::kUnknownOption);
    CHECK(set_texts(options, name, {"a"}) == Status::kUnknownOption);
    CHECK(set_numbers(options, name, {1}) == Status::kUnknownOption);
    CHECK(kpi::allowed(name).empty());
  }
}

TEST_CASE("options: values outside their range change nothing", "[kpi]") {
  const std::pair<const char*, std::vector<double>> rows[] = {
      {"confidence", {0, 1, -0.5, 2, NAN, kInfinity}},
      {"session_timeout_ms", {-1, NAN, kInfinity, 1e17}},
      {"idle_cap_ms", {-1, kInfinity}},
      {"heat_cols", {0, 0.5, 31.5, 4097, NAN}},
      {"heat_row_px", {0, 0.5, NAN}},
      {"hll_p", {3, 19, 12.5}},
      {"sketch_alpha", {0, 1, NAN}},
      {"partial_credit", {-0.1, 1.1}},
      {"tz_offset_min", {-841, 841, 0.5}},
      {"as_of", {0.5, kInfinity}},
      {"duration_exclude_bounces", {2, -1, NAN, 0.5}},
      {"nps_min", {-1, 0.5}}};
  for (const auto& [name, values] : rows) {
    for (const double value : values) {
      Options options;
      INFO(name << " = " << value);
      CHECK(options.set_number(name, value) == Status::kBadOptionValue);
      CHECK(differences(options) == Json::object());
    }
  }
}

TEST_CASE("options: a value of another kind is refused", "[kpi]") {
  Options options;
  CHECK(options.set_text("confidence", "0.9") == Status::kBadOptionValue);
  CHECK(options.set_number("ci_method", 1) == Status::kBadOptionValue);
  CHECK(options.set_number("bounce_mode", 0) == Status::kBadOptionValue);
  CHECK(options.set_number("conversion_goals", 0) == Status::kBadOptionValue);
  CHECK(options.set_number("product_page", 0) == Status::kBadOptionValue);
  CHECK(options.set_text("conversion_goals", "order") == Status::kBadOptionValue);
  CHECK(set_texts(options, "product_page", {"/p"}) == Status::kBadOptionValue);
  CHECK(set_texts(options, "scroll_thresholds", {"1"}) == Status::kBadOptionValue);
  CHECK(set_numbers(options, "conversion_goals", {1}) == Status::kBadOptionValue);
  CHECK(set_numbers(options, "confidence", {0.9}) == Status::kBadOptionValue);
  CHECK(differences(options) == Json::object());
}

TEST_CASE("options: words must be one of the list, whole", "[kpi]") {
  Options options;
  for (const char* value : {"", "ga", "ga44", "single_page|ga4", "|", "GA4"}) {
    INFO(value);
    CHECK(options.set_text("bounce_mode", value) == Status::kBadOptionValue);
  }
  CHECK(options.set_text("product_page", "") == Status::kBadOptionValue);
  const std::pair<const char*, std::vector<const char*>> rows[] = {
      {"bounce_mode", {"single_page", "ga4"}},
      {"ci_method", {"adjusted_wald", "wilson", "clopper_pearson"}},
      {"conversion_unit", {"visitor", "session"}},
      {"cart_unit", {"session", "visitor_day"}},
      {"csat_mode", {"top_box", "mean_percent"}},
      {"umux_mode", {"raw", "regressed"}},
      {"sus_missing", {"reject", "neutral"}},
      {"time_population", {"success", "all"}},
      {"error_rate_mode", {"per_attempt", "share"}},
      {"rage_metric", {"manhattan", "euclid"}}};
  for (const auto& [name, values] : rows) {
    for (const char* value : values) {
      INFO(name << " = " << value);
      Options each;
      CHECK(each.set_text(name, value) == Status::kOk);
      const bool is_default = value == values.front();
      CHECK(differences(each) == (is_default ? Json::object() : Json{{name, value}}));
    }
  }
}

TEST_CASE("options: lists are replaced whole, or not at all", "[kpi]") {
  Options options;
  CHECK(set_numbers(options, "scroll_thresholds", {0.1, 1.5}) == Status::kBadOptionValue);
  CHECK(set_numbers(options, "retention_days", {1, 2.5}) == Status::kBadOptionValue);
  CHECK(set_texts(options, "conversion_goals", {"a", "b\x1f"}) == Status::kBadOptionValue);
  CHECK(differences(options) == Json::object());
  // An empty list has no kind.
  CHECK(set_texts(options, "scroll_thresholds", {}) == Status::kOk);
  CHECK(set_numbers(options, "conversion_goals", {}) == Status::kOk);
  CHECK(differences(options) == Json::parse(R"({"conversion_goals":[],"scroll_thresholds":[]})"));
}

TEST_CASE("options: equal options have equal fingerprints, others not", "[kpi]") {
  std::set<std::uint64_t> seen{Options{}.fingerprint()};
  const auto differs = [&](auto&& change) {
    Options options;
    REQUIRE(change(options) == Status::kOk);
    CHECK(seen.insert(options.fingerprint()).second);
    Options again;
    REQUIRE(change(again) == Status::kOk);
    CHECK(again.fingerprint() == options.fingerprint());
  };
  differs([](Options& o) { return o.set_number("confidence", 0.9); });
  differs([](Options& o) { return o.set_number("as_of", 0); });  // not the same as null
  differs([](Options& o) { return o.set_number("idle_cap_ms", NAN); });
  differs([](Options& o) { return o.set_number("clv_net_of_refunds", 1); });
  differs([](Options& o) { return o.set_text("rage_metric", "euclid"); });
  differs([](Options& o) { return o.set_text("activation_goal", "x"); });
  differs([](Options& o) { return set_texts(o, "conversion_goals", {"a", "b"}); });
  differs([](Options& o) { return set_texts(o, "conversion_goals", {"ab"}); });
  differs([](Options& o) { return set_texts(o, "conversion_goals", {}); });
  differs([](Options& o) { return set_numbers(o, "retention_days", {1, 7}); });
}

TEST_CASE("options: what is allowed is said in words", "[kpi]") {
  CHECK(kpi::allowed("ci_method") == "adjusted_wald|wilson|clopper_pearson");
  CHECK_FALSE(kpi::allowed("confidence").empty());
  CHECK_FALSE(kpi::allowed("tz_offset_min").empty());
}
