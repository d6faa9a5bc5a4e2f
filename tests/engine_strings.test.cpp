// SPDX-License-Identifier: MIT
// Covers engine.h: events that name strings their batch does not define, and batches as full of
// strings as they can be.
#include <cmath>
#include <string>
#include <vector>

#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "engine.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/records.h"

using insitu::Engine;
using insitu::base::Limits;
using insitu::base::Problem;
using insitu::base::Status;
using insitu::events::BatchBuilder;
using insitu::kpi::Options;
using insitu::test::Bytes;
using insitu::test::bytes_of;
using insitu::test::difference;
using insitu::test::event_at;
using insitu::test::problems_of;
using insitu::test::report_json;
namespace events = insitu::events;

namespace {

events::PageView view_of(double t, double pv, std::uint32_t page) {
  auto view = event_at<events::PageView>(t, pv);
  view.page = page;
  view.from = std::nan("");
  view.present |= events::RecordHead::kHasPage | view.kHasFrom;
  return view;
}

}  // namespace

TEST_CASE("engine: an event that names undefined strings counts once as a bad string", "[engine]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  auto start = event_at<events::TaskStart>(1000);
  start.task = 900;
  start.present |= start.kHasTask;
  builder.add(start);
  auto end = event_at<events::TaskEnd>(2000);
  end.task = 900;
  end.outcome = 901;
  end.present |= end.kHasTask | end.kHasOutcome;
  builder.add(end);
  builder.add(event_at(3000));
  Engine engine{Options{}};
  REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(problems_of(engine, Problem::kBadString) == 2);
  CHECK(problems_of(engine, Problem::kMalformed) == 0);
}

TEST_CASE("engine: defined, well-known and empty strings are not bad", "[engine]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  auto start = event_at<events::TaskStart>(1000);
  start.task = builder.string("buy");
  start.present |= start.kHasTask;
  builder.add(start);
  auto goal = event_at<events::Conversion>(2000);
  goal.goal = 0;
  goal.present |= goal.kHasGoal;
  builder.add(goal);
  goal.goal = events::words::kOrder;
  builder.add(goal);
  Engine engine{Options{}};
  REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(problems_of(engine, Problem::kBadString) == 0);
}

TEST_CASE(
    "engine: a page view whose page is not defined is malformed, one of the empty page is not",
    "[engine]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  builder.add(view_of(1000, 0, 900));
  builder.add(view_of(2000, 1, 0));
  builder.add(view_of(3000, 2, builder.string("/")));
  Engine engine{Options{}};
  REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(problems_of(engine, Problem::kMalformed) == 1);
  CHECK(problems_of(engine, Problem::kBadString) == 0);
  CHECK(report_json(engine)["kpis"]["page_views"]["value"] == 2);
}

TEST_CASE("engine: a browser's batch with all the strings it may define can be folded again",
          "[engine]") {
  const std::size_t full = Limits::browser().batch_strings;
  BatchBuilder builder(7);
  std::uint32_t last = 0;
  for (std::size_t i = 0; i < full; ++i) last = builder.string("page " + std::to_string(i));
  builder.add(view_of(1000, 0, last));
  Engine browser{Options{}, Limits::browser()};
  browser.keep_final(true);
  REQUIRE(browser.ingest(builder.finish()) == Status::kOk);
  const Bytes log = bytes_of(browser.final_batch());
  Engine again{Options{}, Limits::browser()};
  REQUIRE(again.ingest(log) == Status::kOk);
  CHECK(problems_of(again, Problem::kOverLimit) == 0);
  CHECK(difference(again, browser).empty());
  CHECK(report_json(again)["kpis"]["page_views"]["value"] == 1);
}

TEST_CASE("engine: one string more than a browser's batch may define is over the limit",
          "[engine]") {
  const std::size_t full = Limits::browser().batch_strings;
  BatchBuilder builder(7);
  for (std::size_t i = 0; i <= full; ++i) builder.string("page " + std::to_string(i));
  Engine browser{Options{}, Limits::browser()};
  REQUIRE(browser.ingest(builder.finish()) == Status::kOk);
  CHECK(problems_of(browser, Problem::kOverLimit) == 1);
}
