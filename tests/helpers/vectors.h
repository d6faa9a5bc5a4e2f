// SPDX-License-Identifier: MIT
// Reads the language-neutral vector files of tests/fixtures/vectors and compares answers with them.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"

#ifndef INSITU_FIXTURES
#error "INSITU_FIXTURES must name the folder tests/fixtures"
#endif

namespace insitu::test {

using Json = nlohmann::json;

namespace detail {

inline std::string at(const std::string& path) { return path.empty() ? "(top)" : path; }

inline void collect_differences(const Json& expected, const Json& actual, double tolerance,
                                const std::string& path, std::string& out) {
  const auto differ = [&](const char* what) {
    out +=
        at(path) + ": " + what + ", expected " + expected.dump() + ", got " + actual.dump() + "\n";
  };
  if (expected.is_object()) {
    if (!actual.is_object()) return differ("not an object");
    for (const auto& [key, value] : expected.items()) {
      const std::string below = path + "/" + key;
      if (actual.contains(key)) {
        collect_differences(value, actual.at(key), tolerance, below, out);
      } else {
        out += below + ": missing, expected " + value.dump() + "\n";
      }
    }
  } else if (expected.is_array()) {
    if (!actual.is_array()) return differ("not an array");
    if (expected.size() != actual.size()) return differ("other length");
    for (std::size_t i = 0; i < expected.size(); ++i) {
      collect_differences(expected[i], actual[i], tolerance, path + "/" + std::to_string(i), out);
    }
  } else if (expected.is_number()) {
    if (!actual.is_number()) return differ("not a number");
    const double want = expected.get<double>();
    const double got = actual.get<double>();
    // Written so that NaN fails.
    if (!(std::abs(want - got) <= tolerance * std::max(1.0, std::abs(want)))) differ("off");
  } else if (expected != actual) {
    differ("other value");
  }
}

}  // namespace detail

// Every difference between `expected` and `actual`, one line each with its path; empty if `actual`
// passes. Keys of `actual` that `expected` does not name are ignored, at every depth; arrays must
// have equal length; numbers may differ by tolerance * max(1, |expected|); everything else must be
// equal, and a null must be there as null.
[[nodiscard]] inline std::string check_subset(const Json& expected, const Json& actual,
                                              double tolerance) {
  std::string out;
  detail::collect_differences(expected, actual, tolerance, "", out);
  return out;
}

// Path of a file below tests/fixtures, such as "vectors/log_tiny.ndjson".
[[nodiscard]] inline std::string fixture_path(const std::string& name) {
  return std::string(INSITU_FIXTURES) + "/" + name;
}

// The parsed file vectors/NAME.json. Fails the running test if it cannot be read.
[[nodiscard]] inline Json read_vectors(const std::string& name) {
  std::ifstream file(fixture_path("vectors/" + name + ".json"));
  INFO("vector file " << name);
  REQUIRE(file.good());
  Json json = Json::parse(file, nullptr, /*allow_exceptions=*/false);
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

// Runs every case of vectors/NAME.json through `answer`, a callable from the case's `input` to a
// Json, and checks the answers. A file without cases fails.
template <class Answer>
void check_vectors(const std::string& name, Answer answer) {
  const Json cases = read_vectors(name);
  REQUIRE(cases.is_array());
  REQUIRE_FALSE(cases.empty());
  for (const Json& one : cases) {
    INFO(one.at("id").get<std::string>() << " input " << one.at("input").dump().substr(0, 300));
    CHECK(check_subset(one.at("expected"), answer(one.at("input")),
                       one.at("tolerance").get<double>()) == "");
  }
}

// A value, or null for an empty optional.
template <class Optional>
[[nodiscard]] Json optional_json(const Optional& value) {
  return value ? Json(*value) : Json(nullptr);
}

// [lower, upper] of an interval, or null.
template <class OptionalInterval>
[[nodiscard]] Json interval_json(const OptionalInterval& interval) {
  return interval ? Json::array({interval->lower, interval->upper}) : Json(nullptr);
}

}  // namespace insitu::test
