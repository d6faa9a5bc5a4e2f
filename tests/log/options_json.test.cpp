// SPDX-License-Identifier: MIT
// Covers log/options_json.h: kinds of values, places of errors, messages, and the real options.
#include "log/options_json.h"

#include <cmath>

#include "catch_amalgamated.hpp"
#include "kpi/options.h"

using insitu::kpi::Options;
using insitu::log::apply_options;
using insitu::log::OptionsText;
using insitu::log::OptionValue;
using insitu::log::read_options;
using Kind = OptionValue::Kind;

namespace {

std::string apply(std::string_view json, Options& options) {
  const OptionsText text = read_options(json);
  REQUIRE(text.error.empty());
  return apply_options(text, options, insitu::kpi::allowed);
}

}  // namespace

TEST_CASE("options: every kind of value", "[log]") {
  const OptionsText text = read_options(
      R"({"a":1.5,"b":true,"c":null,"d":"x","e":[1,2],"f":["p","q"],"g":[],"h":{"k":1},
          "i":[{"page":"/p"},{"goal":"order"}],"j":["p",1]})");
  REQUIRE(text.error.empty());
  REQUIRE(text.values.size() == 10);
  CHECK(text.values[0].number == 1.5);
  CHECK(text.values[1].number == 1);
  CHECK(std::isnan(text.values[2].number));
  CHECK(text.values[2].kind == Kind::kNumber);
  CHECK(text.values[3].text == "x");
  CHECK(text.values[4].numbers == std::vector<double>{1, 2});
  CHECK(text.values[5].texts == std::vector<std::string>{"p", "q"});
  CHECK(text.values[6].kind == Kind::kNumbers);
  CHECK(text.values[7].kind == Kind::kOther);
  CHECK(text.values[8].texts == std::vector<std::string>{"page /p", "goal order"});
  CHECK(text.values[9].kind == Kind::kOther);
}

TEST_CASE("options: the last of equal names counts", "[log]") {
  const OptionsText text = read_options(R"({"a":1,"a":2})");
  REQUIRE(text.values.size() == 1);
  CHECK(text.values[0].number == 2);
}

TEST_CASE("options: syntax errors have a place", "[log]") {
  const OptionsText text = read_options("{\n  \"a\": 1,\n  \"b\": wrong\n}");
  CHECK_FALSE(text.error.empty());
  CHECK(text.line == 3);
  CHECK(text.column == 8);
  CHECK(read_options("").line == 1);
  CHECK_FALSE(read_options("").error.empty());
  CHECK_FALSE(read_options("[1]").error.empty());
  CHECK_FALSE(read_options("{} x").error.empty());
  CHECK_FALSE(read_options("{\"a\":NaN}").error.empty());
}

TEST_CASE("options: reach the options of the KPIs", "[log]") {
  Options options;
  CHECK(apply(R"({"bounce_mode":"ga4","idle_cap_ms":null,"engaged_ms":30000,
                  "duration_exclude_bounces":true,"conversion_goals":["order","signup"],
                  "scroll_thresholds":[0.5]})",
              options) == "");
  CHECK(options.bounce_mode == insitu::kpi::BounceMode::kGa4);
  CHECK(std::isnan(options.idle_cap_ms));
  CHECK(options.engaged_ms == 30'000);
  CHECK(options.duration_exclude_bounces);
  CHECK(options.conversion_goals.view() == "order\x1fsignup\x1f");
  CHECK(options.scroll_thresholds == std::vector<double>{0.5});
}

TEST_CASE("options: messages name the option, the value and what is allowed", "[log]") {
  Options options;
  CHECK(apply(R"({"no_such_option":1})", options) == "there is no option `no_such_option`");
  CHECK(apply(R"({"bounce_mode":"ga5"})", options) ==
        "option `bounce_mode` cannot be \"ga5\"; allowed: single_page or ga4");
  CHECK(apply(R"({"confidence":2})", options) ==
        "option `confidence` cannot be 2.0; allowed: a number between 0 and 1, both excluded");
  CHECK(apply(R"({"confidence":null})", options) ==
        "option `confidence` cannot be null; allowed: a number between 0 and 1, both excluded");
  CHECK(apply(R"({"confidence":{"a":1}})", options) ==
        "option `confidence` cannot be this value; allowed: a number between 0 and 1, both "
        "excluded");
  CHECK(apply(R"({"product_page":["/a"]})", options) ==
        "option `product_page` cannot be this list of texts; allowed: a route, such as /product");
}
