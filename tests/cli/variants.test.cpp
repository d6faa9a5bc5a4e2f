// SPDX-License-Identifier: MIT
// Covers cli/variants.h: who belongs to which arm of an A/B test.
#include "cli/variants.h"

#include <cstdint>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using insitu::cli::Arms;
using insitu::test::LogText;

namespace {

Arms arms_of(const std::string& log) {
  insitu::log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  return insitu::cli::find_arms(reader);
}

}  // namespace

TEST_CASE("variants: a visitor belongs to the arm that a session of theirs names", "[cli]") {
  LogText log;
  log.of("a", "1").add("session_start", 0, R"("variant":"new")");
  log.of("b", "1").add("session_start", 0, R"("variant":"control")");
  log.of("c", "1").add("session_start", 0, R"("variant":"new")");
  log.of("d", "1").add("heartbeat", 0);  // without one at first
  log.of("d", "2").add("session_start", 0, R"("variant":"control")");
  log.of("d", "3").add("session_start", 0);
  const Arms arms = arms_of(log.text());
  CHECK(arms.names == std::vector<std::string>{"control", "new"});
  CHECK(arms.arm_of("a") == 1);
  CHECK(arms.arm_of("b") == 0);
  CHECK(arms.arm_of("c") == 1);
  CHECK(arms.arm_of("d") == 0);
  CHECK(arms.visitors == std::vector<std::uint64_t>{2, 2});
  CHECK(arms.in_both == 0);
  CHECK(arms.in_none == 0);
  CHECK(arms.arm_of("nobody") == Arms::kNone);
}

TEST_CASE("variants: visitors of two arms and of none are counted apart", "[cli]") {
  LogText log;
  log.of("both", "1").add("session_start", 0, R"("variant":"x")");
  log.of("both", "2").add("session_start", 0, R"("variant":"y")");
  log.of("both", "3").add("session_start", 0, R"("variant":"x")");
  log.of("within", "1")
      .add("session_start", 0, R"("variant":"x")")
      .add("session_start", 1, R"("variant":"y")");
  log.of("same", "1").add("session_start", 0, R"("variant":"x")");
  log.of("same", "2").add("session_start", 0, R"("variant":"x")");
  log.of("none", "1").add("session_start", 0);
  log.of("empty", "1").add("session_start", 0, R"("variant":"")");
  log.of("number", "1").add("session_start", 0, R"("variant":5)");
  const Arms arms = arms_of(log.text());
  CHECK(arms.names == std::vector<std::string>{"x", "y"});
  CHECK(arms.arm_of("both") == Arms::kBoth);
  CHECK(arms.arm_of("within") == Arms::kBoth);
  CHECK(arms.arm_of("same") == 0);
  CHECK(arms.arm_of("none") == Arms::kNone);
  CHECK(arms.arm_of("empty") == Arms::kNone);
  CHECK(arms.arm_of("number") == Arms::kNone);
  CHECK(arms.visitors == std::vector<std::uint64_t>{1, 0});
  CHECK(arms.in_both == 2);
  CHECK(arms.in_none == 3);
}

TEST_CASE("variants: arms are in the order of their bytes, however the log has them", "[cli]") {
  LogText log;
  const char* const names[] = {"b", "a", "\u00e9", "B", "10", "9"};
  int visitor = 0;
  for (const char* const name : names) {
    log.of("v" + std::to_string(visitor++), "s")
        .add("session_start", 0, R"("variant":")" + std::string(name) + '"');
  }
  const Arms arms = arms_of(log.text());
  CHECK(arms.names == std::vector<std::string>{"10", "9", "B", "a", "b", "\u00e9"});
  CHECK(arms.arm_of("v0") == 4);
  CHECK(arms.arm_of("v4") == 0);
}

TEST_CASE("variants: a log without sessions has no arms", "[cli]") {
  const Arms arms = arms_of("");
  CHECK(arms.names.empty());
  CHECK(arms.in_none == 0);
}
