// SPDX-License-Identifier: MIT
// Covers base/quality.h and base/status.h.
#include "base/quality.h"

#include <set>
#include <string>

#include "base/status.h"
#include "catch_amalgamated.hpp"

namespace base = insitu::base;
using base::Problem;
using base::Quality;

TEST_CASE("quality: every counter has a name of its own", "[base]") {
  std::set<std::string> names;
  for (std::size_t i = 0; i < base::kProblemCount; ++i) {
    const char* name = base::name(static_cast<Problem>(i));
    REQUIRE(name != nullptr);
    CHECK_FALSE(std::string(name).empty());
    CHECK(names.insert(name).second);
  }
  CHECK(std::string(base::name(Problem::kMalformed)) == "malformed");
  CHECK(std::string(base::name(Problem::kOverLimit)) == "over_limit");
  CHECK(std::string(base::name(Problem::kLate)) == "late");
}

TEST_CASE("quality: counts start at 0, add up and merge", "[base]") {
  Quality a;
  CHECK(a.count(Problem::kDuplicate) == 0);
  a.add(Problem::kDuplicate);
  a.add(Problem::kDuplicate, 4);
  Quality b;
  b.add(Problem::kDuplicate, 10);
  b.add(Problem::kClockBack);
  a.merge(b);
  CHECK(a.count(Problem::kDuplicate) == 15);
  CHECK(a.count(Problem::kClockBack) == 1);
  CHECK(a.count(Problem::kMalformed) == 0);
  CHECK(b.count(Problem::kDuplicate) == 10);
}

TEST_CASE("status: every status has a sentence of its own, an unknown one too", "[base]") {
  std::set<std::string> messages;
  for (std::uint32_t i = 0; i <= static_cast<std::uint32_t>(base::Status::kClosed) + 1; ++i) {
    const char* message = base::message(static_cast<base::Status>(i));
    REQUIRE(message != nullptr);
    CHECK_FALSE(std::string(message).empty());
    CHECK(messages.insert(message).second);
  }
}
