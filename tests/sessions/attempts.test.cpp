// SPDX-License-Identifier: MIT
// Covers sessions/attempts.h: which start, end, error and click belongs to which attempt.
#include "sessions/attempts.h"

#include <cmath>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "tests/helpers/records.h"

using insitu::base::Limits;
using insitu::base::Problem;
using insitu::sessions::Attempt;
using insitu::sessions::Attempts;
using insitu::sessions::Outcome;
using insitu::test::event_at;
using insitu::test::read_record;
namespace events = insitu::events;
namespace words = insitu::events::words;

namespace {

constexpr double kAbsent = -1;
constexpr std::uint32_t kNoText = 0;
constexpr std::uint32_t kBuy = 256;
constexpr std::uint32_t kFind = 257;
constexpr std::uint32_t kEmpty = 258;
constexpr std::uint32_t kUndefined = 300;

struct Tasks {
  events::StringTable table{Limits::lab()};
  events::BatchStrings strings{table, 100};
  insitu::base::Quality quality;
  Attempts attempts;
  std::uint32_t shown = 0;
  const std::uint32_t* page = nullptr;  // none before the first `page_view`

  explicit Tasks(std::size_t limit = 100) : attempts(limit) {
    strings.define(kBuy, "buy");
    strings.define(kFind, "find");
    strings.define(kEmpty, "");
  }

  template <class Event>
  Event of(std::uint32_t task, double attempt) {
    auto event = event_at<Event>(0);
    if (task != kNoText) {
      event.task = task;
      event.present |= event.kHasTask;
    }
    if (attempt != kAbsent) {
      event.attempt = attempt;
      event.present |= event.kHasAttempt;
    }
    return event;
  }
  template <class Event>
  void apply(const Event& event, std::int64_t tau_ms) {
    attempts.apply(read_record(event), tau_ms, page, strings, quality);
  }
  // A `page_view` of this page, which is then that of all events that follow.
  void view(std::uint32_t id) {
    shown = id;
    page = &shown;
    apply(event_at<events::PageView>(0), 0);
  }
  // An answer to the Single Ease Question.
  void ease(std::vector<double> answers, std::uint32_t task = kBuy, double attempt = kAbsent,
            std::uint32_t instrument = words::kSeq) {
    auto event = of<events::Survey>(task, attempt);
    event.instrument = instrument;
    event.answers_count = static_cast<decltype(event.answers_count)>(answers.size());
    event.present |= event.kHasInstrument | event.kHasAnswers;
    insitu::test::Bytes bytes = insitu::test::record_bytes(event);
    std::size_t at = bytes.size();
    for (const double answer : answers) {
      insitu::test::put(bytes, at, answer);
      at += sizeof answer;
    }
    bytes = insitu::test::resized(bytes, at);
    events::Record record;
    REQUIRE(record.read(bytes));
    attempts.apply(record, 0, page, strings, quality);
  }
  void start(std::int64_t tau_ms, std::uint32_t task = kBuy, double attempt = kAbsent) {
    apply(of<events::TaskStart>(task, attempt), tau_ms);
  }
  void end(std::int64_t tau_ms, std::uint32_t outcome = words::kSuccess, std::uint32_t task = kBuy,
           double attempt = kAbsent) {
    auto event = of<events::TaskEnd>(task, attempt);
    if (outcome != kNoText) {
      event.outcome = outcome;
      event.present |= event.kHasOutcome;
    }
    apply(event, tau_ms);
  }
  void error(std::uint32_t kind, std::uint32_t task = kNoText, double attempt = kAbsent) {
    auto event = of<events::Error>(task, attempt);
    if (kind != kNoText) {
      event.kind = kind;
      event.present |= event.kHasKind;
    }
    apply(event, 0);
  }
  void click() { apply(event_at<events::Click>(0), 0); }

  const Attempt& one(std::size_t i) const { return attempts.all().at(i); }
  std::uint64_t count(Problem problem) const { return quality.count(problem); }
};

}  // namespace

TEST_CASE("attempts: one that ends has its times and outcome", "[sessions]") {
  Tasks tasks;
  tasks.start(1000);
  CHECK_FALSE(tasks.one(0).closed);
  CHECK(tasks.one(0).outcome == Outcome::kAbandon);
  tasks.end(4000);
  REQUIRE(tasks.attempts.all().size() == 1);
  CHECK(tasks.table.text(tasks.one(0).task) == "buy");
  CHECK(tasks.one(0).number == 0);
  CHECK(tasks.one(0).start_ms == 1000);
  CHECK(tasks.one(0).end_ms == 4000);
  CHECK(tasks.one(0).closed);
  CHECK(tasks.one(0).outcome == Outcome::kSuccess);
}

TEST_CASE("attempts: every outcome, and anything else is failure", "[sessions]") {
  const std::pair<std::uint32_t, Outcome> rows[] = {
      {words::kSuccess, Outcome::kSuccess}, {words::kPartial, Outcome::kPartial},
      {words::kFailure, Outcome::kFailure}, {words::kAbandon, Outcome::kAbandon},
      {words::kJs, Outcome::kFailure},      {kBuy, Outcome::kFailure},
      {kUndefined, Outcome::kFailure},      {kNoText, Outcome::kFailure}};
  for (const auto& [word, outcome] : rows) {
    Tasks tasks;
    tasks.start(0);
    tasks.end(1, word);
    INFO("outcome string " << word);
    CHECK(tasks.one(0).outcome == outcome);
    CHECK(tasks.one(0).closed);
  }
}

TEST_CASE("attempts: a second start of the same attempt is ignored and counted", "[sessions]") {
  Tasks tasks;
  tasks.start(1000);
  tasks.start(2000);
  tasks.start(2500, kBuy, 0);  // the default, written out
  tasks.end(3000);
  tasks.start(4000);  // also after its end
  CHECK(tasks.attempts.all().size() == 1);
  CHECK(tasks.one(0).start_ms == 1000);
  CHECK(tasks.count(Problem::kBadTaskStart) == 3);
}

TEST_CASE("attempts: other numbers and other tasks are other attempts", "[sessions]") {
  Tasks tasks;
  tasks.start(1, kBuy, 0);
  tasks.start(2, kBuy, 1);
  tasks.start(3, kFind, 0);
  tasks.end(4, words::kFailure, kBuy, 1);
  CHECK(tasks.attempts.all().size() == 3);
  CHECK_FALSE(tasks.one(0).closed);
  CHECK(tasks.one(1).outcome == Outcome::kFailure);
  CHECK_FALSE(tasks.one(2).closed);
}

TEST_CASE("attempts: a start without a task or with a number that is none is ignored and counted",
          "[sessions]") {
  Tasks tasks;
  tasks.start(0, kNoText);
  tasks.start(0, kUndefined);
  tasks.start(0, kEmpty);
  tasks.start(0, kBuy, 0.5);
  tasks.start(0, kBuy, NAN);
  CHECK(tasks.attempts.all().empty());
  CHECK(tasks.count(Problem::kBadTaskStart) == 5);
}

TEST_CASE("attempts: an end without a start, or a second one, is counted", "[sessions]") {
  Tasks tasks;
  tasks.end(1);
  tasks.start(2);
  tasks.end(3, words::kSuccess, kFind);
  tasks.end(3, words::kSuccess, kBuy, 1);
  tasks.end(3, words::kSuccess, kBuy, NAN);
  tasks.end(3, words::kSuccess, kNoText);
  CHECK(tasks.count(Problem::kOrphanTaskEnd) == 5);
  tasks.end(4, words::kPartial);
  tasks.end(5, words::kSuccess);
  CHECK(tasks.count(Problem::kOrphanTaskEnd) == 6);
  CHECK(tasks.one(0).end_ms == 4);
  CHECK(tasks.one(0).outcome == Outcome::kPartial);
}

TEST_CASE("attempts: an error with a task belongs to that attempt, even after its end",
          "[sessions]") {
  Tasks tasks;
  tasks.start(1, kBuy);
  tasks.start(2, kFind);
  tasks.error(words::kUser, kBuy);
  tasks.end(3);
  tasks.error(words::kValidation, kBuy);
  tasks.error(words::kUser, kBuy, 7);  // no such attempt
  CHECK(tasks.one(0).errors == 2);
  CHECK(tasks.one(1).errors == 0);
}

TEST_CASE("attempts: an error without a task belongs to the open attempt started last",
          "[sessions]") {
  Tasks tasks;
  tasks.error(words::kUser);  // to none
  tasks.start(1, kBuy);
  tasks.start(2, kFind);
  tasks.error(words::kUser);
  tasks.end(3, words::kSuccess, kFind);
  tasks.error(words::kValidation);
  tasks.end(4, words::kSuccess, kBuy);
  tasks.error(words::kUser);  // to none
  CHECK(tasks.one(0).errors == 1);
  CHECK(tasks.one(1).errors == 1);
}

TEST_CASE("attempts: the open attempt is found after an earlier one ended", "[sessions]") {
  Tasks tasks;
  tasks.start(1, kBuy, 0);
  tasks.start(2, kBuy, 1);
  tasks.start(3, kBuy, 2);
  tasks.end(4, words::kSuccess, kBuy, 0);
  tasks.error(words::kUser);
  CHECK(tasks.one(2).errors == 1);
  tasks.end(5, words::kSuccess, kBuy, 2);
  tasks.error(words::kUser);
  CHECK(tasks.one(1).errors == 1);
}

TEST_CASE("attempts: script and network errors never count", "[sessions]") {
  Tasks tasks;
  tasks.start(1);
  for (const std::uint32_t kind : {words::kJs, words::kHttp, kBuy, kUndefined, kNoText}) {
    tasks.error(kind);
    tasks.error(kind, kBuy);
  }
  CHECK(tasks.one(0).errors == 0);
}

TEST_CASE("attempts: clicks count for all that are open", "[sessions]") {
  Tasks tasks;
  tasks.click();
  tasks.start(1, kBuy);
  tasks.click();
  tasks.start(2, kFind);
  tasks.click();
  tasks.end(3, words::kSuccess, kBuy);
  tasks.click();
  CHECK(tasks.one(0).clicks == 2);
  CHECK(tasks.one(1).clicks == 2);
}

TEST_CASE("attempts: what a start declares is kept if it is a whole number from 1", "[sessions]") {
  Tasks tasks;
  auto start = tasks.of<events::TaskStart>(kBuy, kAbsent);
  start.opportunities = 5;
  start.optimal = 0;
  start.spec_time_ms = 90'000;
  start.present |= start.kHasOpportunities | start.kHasOptimal | start.kHasSpecTimeMs;
  tasks.apply(start, 0);
  CHECK(tasks.one(0).opportunities == 5);
  CHECK(tasks.one(0).optimal_pages == 0);
  CHECK(tasks.one(0).spec_time_ms == 90'000);
  start.attempt = 1;
  start.present = start.kHasTask | start.kHasAttempt | start.kHasOpportunities;
  start.opportunities = 2.5;
  tasks.apply(start, 0);
  CHECK(tasks.one(1).opportunities == 0);
  CHECK(tasks.one(1).spec_time_ms == 0);
}

TEST_CASE("attempts: beyond the limit new ones are ignored and counted", "[sessions]") {
  Tasks tasks(2);
  for (int i = 0; i < 4; ++i) tasks.start(i, kBuy, i);
  CHECK(tasks.attempts.all().size() == 2);
  CHECK(tasks.count(Problem::kOverLimit) == 2);
  tasks.end(9, words::kSuccess, kBuy, 3);
  CHECK(tasks.count(Problem::kOrphanTaskEnd) == 1);
}

TEST_CASE("attempts: come back from an archive and go on the same", "[sessions]") {
  Tasks tasks;
  tasks.start(1, kBuy);
  tasks.start(2, kFind);
  tasks.end(3, words::kSuccess, kFind);
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(tasks.attempts);
  Tasks back;
  back.strings.keep(kBuy);
  back.strings.keep(kFind);
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(back.attempts);
  REQUIRE(load.at_end());
  back.error(words::kUser);
  back.end(9, words::kPartial, kBuy);
  CHECK(back.one(0).errors == 1);
  CHECK(back.one(0).end_ms == 9);
  CHECK(back.one(1).outcome == Outcome::kSuccess);
}

TEST_CASE("attempts: pages from the one at the start to the one at the end, and how many differ",
          "[sessions]") {
  Tasks tasks;
  const auto start = [&](double attempt, double optimal) {
    auto event = tasks.of<events::TaskStart>(kBuy, attempt);
    event.optimal = optimal;
    event.present |= event.kHasOptimal;
    tasks.apply(event, 0);
  };
  start(0, 2);  // before any page
  tasks.view(10);
  start(1, 2);  // on page 10
  tasks.view(11);
  tasks.view(12);
  tasks.view(11);
  tasks.end(1, words::kSuccess, kBuy, 1);
  CHECK(tasks.one(1).pages == 4);
  CHECK(tasks.one(1).different_pages == 3);
  tasks.view(10);
  tasks.end(1, words::kFailure, kBuy, 0);
  CHECK(tasks.one(0).pages == 5);
  CHECK(tasks.one(0).different_pages == 3);
  start(2, 1);  // on page 10, where it stays
  tasks.end(1, words::kSuccess, kBuy, 2);
  CHECK(tasks.one(2).pages == 1);
  CHECK(tasks.one(2).different_pages == 1);
  start(3, 1);  // on page 10, and to it again
  tasks.view(10);
  tasks.end(1, words::kSuccess, kBuy, 3);
  CHECK(tasks.one(3).pages == 2);
  CHECK(tasks.one(3).different_pages == 1);
}

TEST_CASE("attempts: the latest valid ease answer about an attempt counts", "[sessions]") {
  Tasks tasks;
  tasks.ease({4});  // about none
  tasks.start(1, kBuy);
  tasks.start(2, kFind);
  CHECK(tasks.one(0).ease == 0);
  tasks.ease({3});
  tasks.ease({6}, kBuy, 0);
  tasks.end(3);
  for (const double answer : {0.0, 8.0, 2.5, -1.0}) tasks.ease({answer});
  tasks.ease({});
  tasks.ease({1, 1});
  tasks.ease({1}, kNoText);
  tasks.ease({1}, kBuy, 5);
  tasks.ease({1}, kBuy, kAbsent, words::kNps);
  CHECK(tasks.one(0).ease == 6);
  CHECK(tasks.one(1).ease == 0);
  tasks.ease({7});  // also after the end
  CHECK(tasks.one(0).ease == 7);
}
