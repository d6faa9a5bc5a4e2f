// SPDX-License-Identifier: MIT
// tests/helpers/vectors.h: the comparison every vector test trusts.
#include <limits>

#include "tests/helpers/vectors.h"

using insitu::test::check_subset;
using insitu::test::Json;

TEST_CASE("an answer with extra keys at any depth passes", "[helpers]") {
  const Json expected = {{"a", {{"b", 1}}}, {"c", {1, nullptr, "x", true}}};
  const Json actual = {{"a", {{"b", 1.0}, {"more", 2}}}, {"c", {1, nullptr, "x", true}}, {"d", 0}};
  CHECK(check_subset(expected, actual, 0) == "");
}

TEST_CASE("numbers may differ by the tolerance, relative above 1 and absolute below", "[helpers]") {
  CHECK(check_subset(1000, 1000.9, 1e-3) == "");
  CHECK(check_subset(1000, 1001.1, 1e-3) != "");
  CHECK(check_subset(0.001, 0.0019, 1e-3) == "");
  CHECK(check_subset(0.001, 0.0021, 1e-3) != "");
}

TEST_CASE("null, missing, NaN, truth, text and length are told apart", "[helpers]") {
  CHECK(check_subset({{"a", nullptr}}, Json::object(), 1e-9) == "/a: missing, expected null\n");
  CHECK(check_subset(nullptr, 0, 1e-9) != "");
  CHECK(check_subset(0, nullptr, 1e-9) != "");
  CHECK(check_subset(nullptr, std::numeric_limits<double>::quiet_NaN(), 1e-9) != "");
  CHECK(check_subset(1, std::numeric_limits<double>::quiet_NaN(), 1e-9) != "");
  CHECK(check_subset(1, true, 1e-9) != "");
  CHECK(check_subset("a", "b", 1e-9) != "");
  CHECK(check_subset(Json::array({1, 2}), Json::array({1}), 1e-9) != "");
  CHECK(check_subset(Json::array({1}), Json::array({1, 2}), 1e-9) != "");
  CHECK(check_subset(Json::object(), Json::array(), 1e-9) != "");
  // Every difference is named with its path.
  CHECK(check_subset({{"a", Json::array({1, 2})}, {"b", 3}}, {{"a", Json::array({1, 5})}}, 1e-9) ==
        "/a/1: off, expected 2, got 5\n/b: missing, expected 3\n");
}
