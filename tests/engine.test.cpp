// SPDX-License-Identifier: MIT
// Covers engine.h: what ingest() takes and refuses, final batches, saving and restoring.
#include "engine.h"

#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "catch_amalgamated.hpp"
#include "events/batch_json.h"
#include "report/json.h"
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
using insitu::test::Json;
using insitu::test::problems_of;
using insitu::test::report_json;
using insitu::test::report_text;
using insitu::test::with;
namespace events = insitu::events;

namespace {

events::PageView page_view(BatchBuilder& builder, double t, double pv, const char* page = "/") {
  auto view = event_at<events::PageView>(t, pv);
  view.page = builder.string(page);
  view.dw = 320;
  view.dh = 400;
  view.vh = 200;
  view.from = std::nan("");
  view.present |=
      events::RecordHead::kHasPage | view.kHasDw | view.kHasDh | view.kHasVh | view.kHasFrom;
  return view;
}

events::Click click(double t, double pv, double x, double y) {
  auto click = event_at<events::Click>(t, pv);
  click.x = x;
  click.y = y;
  click.present |= click.kHasX | click.kHasY;
  return click;
}

// A page view and a click, with final numbers.
Bytes small_batch(const char* visitor = "v", const char* session = "s", double seq = 0) {
  BatchBuilder builder;
  builder.context(visitor, session, seq);
  builder.add(page_view(builder, 1000, 0));
  builder.add(click(3000, 0, 5, 5));
  return bytes_of(builder.finish());
}

// The same as a browser writes it.
Bytes local_batch(double document = 77, double t = 1000) {
  BatchBuilder builder(document);
  builder.add(page_view(builder, t, 0));
  builder.add(click(t + 2000, 0, 5, 5));
  return bytes_of(builder.finish());
}

double value_of(const Engine& engine, const char* id) {
  for (const auto& kpi : engine.report().kpis) {
    if (std::string(id) == kpi.info->id) return kpi.value;
  }
  FAIL("no KPI " << id);
  return 0;
}

Json final_events(const Engine& engine) {
  insitu::report::JsonWriter out;
  out.begin_array();
  (void)events::write_batch(engine.final_batch(), out);
  out.end_array();
  return Json::parse(out.take());
}

}  // namespace

TEST_CASE("engine: a batch with final numbers is folded", "[engine]") {
  Engine engine{Options{}};
  CHECK(engine.ingest(small_batch()) == Status::kOk);
  CHECK(value_of(engine, "sessions") == 1);
  CHECK(value_of(engine, "page_views") == 1);
  CHECK(value_of(engine, "number_of_clicks") == 1);
  CHECK(value_of(engine, "average_session_duration") == 2);
  CHECK(report_json(engine)["quality"] == Json::object());
}

TEST_CASE("engine: a batch whose head is wrong is refused whole and counted", "[engine]") {
  Engine engine{Options{}};
  Bytes wrong = small_batch();
  CHECK(engine.ingest(std::span(wrong).first(31)) == Status::kNotABatch);
  CHECK(engine.ingest({}) == Status::kNotABatch);
  CHECK(engine.ingest(std::span(wrong).first(wrong.size() - 8)) == Status::kBadSize);
  insitu::test::put(wrong, 4, std::uint16_t{2});
  CHECK(engine.ingest(wrong) == Status::kWrongVersion);
  CHECK(problems_of(engine, Problem::kBadBatch) == 4);
  CHECK(value_of(engine, "sessions") == 0);
}

TEST_CASE("engine: closed for good it reports as before and refuses further batches", "[engine]") {
  Engine engine{Options{}};
  REQUIRE(engine.ingest(small_batch()) == Status::kOk);
  const std::string open = report_text(engine);
  engine.close();
  CHECK(report_text(engine) == open);
  CHECK(engine.ingest(small_batch("w")) == Status::kClosed);
  CHECK(report_text(engine) == open);
}

TEST_CASE("engine: a batch at an odd address is read", "[engine]") {
  const Bytes batch = small_batch();
  Bytes shifted(batch.size() + 1);
  std::copy(batch.begin(), batch.end(), shifted.begin() + 1);
  Engine engine{Options{}};
  CHECK(engine.ingest(std::span(shifted).subspan(1)) == Status::kOk);
  CHECK(value_of(engine, "number_of_clicks") == 1);
}

TEST_CASE("engine: one bad record never costs the others", "[engine]") {
  BatchBuilder builder;
  builder.context("v", "s", 0);
  Bytes unknown = insitu::test::record_bytes(event_at(1));
  insitu::test::put(unknown, 0, std::uint16_t{500});
  builder.append(unknown);
  events::Survey survey{};
  survey.t = 1;
  survey.answers_count = 99;
  survey.present = survey.kHasAnswers;
  builder.append(insitu::test::record_bytes(survey));
  for (const double t :
       {-1.0, 0.5, 8.64e15 + 2, std::nan(""), std::numeric_limits<double>::infinity()}) {
    builder.add(event_at(t));
  }
  events::PageView nowhere = event_at<events::PageView>(5, 0);
  builder.add(nowhere);  // no page
  builder.add(page_view(builder, 8.64e15, 0));
  Engine engine{Options{}};
  CHECK(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(problems_of(engine, Problem::kUnknownType) == 1);
  CHECK(problems_of(engine, Problem::kMalformed) == 7);
  CHECK(value_of(engine, "page_views") == 1);
}

TEST_CASE("engine: a walk that is cut keeps what came before and is counted", "[engine]") {
  Bytes batch = small_batch();
  insitu::test::put(batch, batch.size() - 96 + 2, std::uint16_t{0xffff});
  Engine engine{Options{}};
  CHECK(engine.ingest(batch) == Status::kOk);
  CHECK(value_of(engine, "page_views") == 1);
  CHECK(value_of(engine, "number_of_clicks") == 0);
  CHECK(problems_of(engine, Problem::kMalformed) == 1);
}

TEST_CASE("engine: final events need a context, one per batch at least", "[engine]") {
  Engine engine{Options{}};
  REQUIRE(engine.ingest(small_batch()) == Status::kOk);
  BatchBuilder builder;
  builder.add(event_at(5000));
  CHECK(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(problems_of(engine, Problem::kMalformed) == 1);
  CHECK(value_of(engine, "average_session_duration") == 2);
}

TEST_CASE("engine: a context whose strings are not defined holds no events", "[engine]") {
  events::ContextRecord context;
  context.visitor = 300;
  context.session = 301;
  const Bytes record = bytes_of(std::as_bytes(std::span(&context, 1)));
  Engine engine{Options{}};
  CHECK(engine.ingest(insitu::test::batch_of({record, insitu::test::record_bytes(event_at(1))})) ==
        Status::kOk);
  // The context, and the event without one.
  CHECK(problems_of(engine, Problem::kMalformed) == 2);
  CHECK(value_of(engine, "sessions") == 0);
}

TEST_CASE("engine: client sessions go on in later batches until their end", "[engine]") {
  Engine engine{Options{}};
  REQUIRE(engine.ingest(small_batch("v", "s")) == Status::kOk);
  REQUIRE(engine.ingest(small_batch("v", "t")) == Status::kOk);
  BatchBuilder more;
  more.context("v", "s", 2);
  more.add(event_at(10'000, 0));
  more.end();
  REQUIRE(engine.ingest(more.finish()) == Status::kOk);
  CHECK(value_of(engine, "sessions") == 2);
  CHECK(value_of(engine, "average_session_duration") == 5.5);  // 9 s and 2 s
  CHECK(value_of(engine, "visitors") == 1);
}

TEST_CASE("engine: an end without a client session means nothing", "[engine]") {
  BatchBuilder builder;
  builder.end();
  builder.context("v", "s", 0);
  builder.end();
  builder.end();
  Engine engine{Options{}};
  CHECK(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(value_of(engine, "sessions") == 0);
  CHECK(value_of(engine, "visitors") == 0);
}

TEST_CASE("engine: equal sessions of different visitors are different", "[engine]") {
  Engine engine{Options{}};
  REQUIRE(engine.ingest(small_batch("v", "s")) == Status::kOk);
  REQUIRE(engine.ingest(small_batch("w", "s")) == Status::kOk);
  CHECK(value_of(engine, "sessions") == 2);
  CHECK(value_of(engine, "visitors") == 2);
}

TEST_CASE("engine: beyond the limit the client session silent for longest is closed", "[engine]") {
  Limits limits = Limits::lab();
  limits.client_sessions = 2;
  Engine engine(Options{}, limits);
  for (const char* session : {"s", "t", "s", "u"}) {
    REQUIRE(engine.ingest(small_batch("v", session)) == Status::kOk);
  }
  // t was closed, so more of it is another session; s was not.
  CHECK(value_of(engine, "sessions") == 3);
  REQUIRE(engine.ingest(small_batch("v", "t")) == Status::kOk);
  CHECK(value_of(engine, "sessions") == 4);
}

TEST_CASE("engine: page views of a session beyond the limit of memory still count", "[engine]") {
  Limits limits = Limits::browser();
  limits.page_views = 10;
  Engine bounded(Options{}, limits);
  Engine unbounded{Options{}};
  for (Engine* engine : {&bounded, &unbounded}) {
    BatchBuilder builder(9);
    for (int i = 0; i < 500; ++i) {
      auto view = page_view(builder, i * 1000, i);
      view.from = i - 1;
      if (i > 0) builder.add(view);
      if (i == 0) builder.add(page_view(builder, 0, 0));
      builder.add(click(i * 1000 + 500, i, 5, 5));
    }
    REQUIRE(engine->ingest(builder.finish()) == Status::kOk);
  }
  // Rage clicks are looked for in the latest page views only, and that is said.
  CHECK(difference(bounded, unbounded) == R"([{"op":"remove","path":"/quality/over_limit"}])");
  CHECK(value_of(bounded, "page_views") == 500);
}

TEST_CASE("engine: a browser's own journal is one visitor, under the key it was told", "[engine]") {
  Engine engine{Options{}};
  engine.identify("key");
  engine.keep_final(true);
  REQUIRE(engine.ingest(local_batch()) == Status::kOk);
  const Json all = final_events(engine);
  REQUIRE(all.size() == 2);
  CHECK(all[0]["visitor"] == "key");
  CHECK(all[0]["session"] == "s1");
  CHECK(all[0]["seq"] == 0);
  CHECK(all[0]["pv"] == 0);
  CHECK(all[0]["page"] == "/");
  CHECK(all[1]["seq"] == 1);
  CHECK(all[1]["x"] == 5);
  CHECK(value_of(engine, "visitors") == 1);
}

TEST_CASE("engine: final numbers go on from batch to batch and start anew with a client session",
          "[engine]") {
  Engine engine{Options{}};
  engine.keep_final(true);
  REQUIRE(engine.ingest(local_batch(77, 1000)) == Status::kOk);
  REQUIRE(engine.ingest(local_batch(88, 5000)) == Status::kOk);
  Json all = final_events(engine);
  CHECK(all[0]["pv"] == 1);
  CHECK(all[0]["seq"] == 2);
  CHECK(all[0]["from"].is_null());
  REQUIRE(engine.ingest(local_batch(99, 7000 + 1'800'001)) == Status::kOk);
  all = final_events(engine);
  CHECK(all[0]["session"] == "s2");
  CHECK(all[0]["pv"] == 0);
  CHECK(all[0]["seq"] == 0);
  CHECK(value_of(engine, "sessions") == 2);
}

TEST_CASE("engine: without being asked, or without events, there is no final batch", "[engine]") {
  Engine engine{Options{}};
  CHECK(engine.final_batch().empty());
  REQUIRE(engine.ingest(local_batch()) == Status::kOk);
  CHECK(engine.final_batch().empty());
  engine.keep_final(true);
  REQUIRE(engine.ingest(local_batch()) == Status::kOk);
  CHECK_FALSE(engine.final_batch().empty());
  REQUIRE(engine.ingest(insitu::test::batch_of({})) == Status::kOk);
  CHECK(engine.final_batch().empty());
  REQUIRE(engine.ingest(local_batch()) == Status::kOk);
  CHECK(engine.ingest({}) == Status::kNotABatch);
  CHECK(engine.final_batch().empty());
}

TEST_CASE("engine: a final batch keeps lists and fields of later schemas, and drops what is broken",
          "[engine]") {
  BatchBuilder builder(7);
  builder.add(page_view(builder, 0, 0));
  events::Survey survey = event_at<events::Survey>(1, 0);
  survey.answers_count = 2;
  survey.present |= survey.kHasAnswers;
  Bytes bytes = insitu::test::record_bytes(survey);
  insitu::test::put(bytes, bytes.size(), 4.0);
  insitu::test::put(bytes, bytes.size(), std::nan(""));
  builder.append(insitu::test::resized(bytes, bytes.size() + 8));  // a longer record, too
  Bytes unknown = insitu::test::record_bytes(event_at(1));
  insitu::test::put(unknown, 0, std::uint16_t{500});
  builder.append(unknown);
  builder.add(event_at(-1));
  Engine engine{Options{}};
  engine.keep_final(true);
  REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
  const Json all = final_events(engine);
  REQUIRE(all.size() == 2);
  CHECK(all[1]["answers"] == Json::array({4, nullptr}));
}

TEST_CASE("engine: a saved state comes back whole", "[engine]") {
  Engine engine{Options{}};
  REQUIRE(engine.ingest(local_batch()) == Status::kOk);
  REQUIRE(engine.ingest(small_batch("v", "s")) == Status::kOk);
  const auto state = engine.save();
  CHECK(engine.save() == state);
  Engine back{Options{}};
  REQUIRE(back.restore(state) == Status::kOk);
  CHECK(difference(back, engine) == "");
  CHECK(back.save().size() == state.size());
}

TEST_CASE("engine: a fresh engine can be saved and restored", "[engine]") {
  const Engine engine{Options{}};
  Engine back{Options{}};
  REQUIRE(back.ingest(small_batch()) == Status::kOk);
  REQUIRE(back.restore(engine.save()) == Status::kOk);
  CHECK(difference(back, engine) == "");
}

TEST_CASE("engine: what cannot be restored changes nothing", "[engine]") {
  Engine source{Options{}};
  REQUIRE(source.ingest(local_batch()) == Status::kOk);
  const std::vector<std::byte> state = source.save();
  Engine engine{Options{}};
  REQUIRE(engine.ingest(small_batch()) == Status::kOk);
  const std::string before = report_text(engine);

  for (std::size_t size = 0; size < state.size(); size += 1 + size / 16) {
    REQUIRE(engine.restore(std::span(state).first(size)) == Status::kBadState);
  }
  for (std::size_t at = 0; at < state.size(); at += 7) {
    std::vector<std::byte> damaged = state;
    damaged[at] ^= std::byte{0x10};
    REQUIRE(engine.restore(damaged) == Status::kBadState);
  }
  std::vector<std::byte> longer = state;
  longer.push_back(std::byte{0});
  CHECK(engine.restore(longer) == Status::kBadState);
  Engine other(with("confidence", 0.9));
  CHECK(engine.restore(other.save()) == Status::kOtherOptions);
  CHECK(report_text(engine) == before);
}

TEST_CASE("engine: problems from before are added", "[engine]") {
  Engine engine{Options{}};
  insitu::base::Quality quality;
  quality.add(Problem::kMalformed, 3);
  quality.add(Problem::kDuplicate, 2);
  engine.add_quality(quality);
  engine.add_quality(quality);
  CHECK(report_json(engine)["quality"] == Json{{"malformed", 6}, {"duplicate", 4}});
}

TEST_CASE("engine: keeps its options and can be moved", "[engine]") {
  Engine engine(with("confidence", 0.9));
  CHECK(engine.options().confidence == 0.9);
  REQUIRE(engine.ingest(small_batch()) == Status::kOk);
  Engine moved = std::move(engine);
  CHECK(value_of(moved, "sessions") == 1);
  CHECK(moved.options().confidence == 0.9);
  REQUIRE(moved.ingest(small_batch()) == Status::kOk);
}

TEST_CASE("engine: the heatmaps of a page are given for pages with a geometry", "[engine]") {
  Engine engine{Options{}};
  CHECK_FALSE(engine.page("/").has_value());
  REQUIRE(engine.ingest(small_batch()) == Status::kOk);
  const auto page = engine.page("/");
  REQUIRE(page.has_value());
  CHECK(page->page == "/");
  CHECK(page->maps.views == 1);
  REQUIRE(page->maps.clicks.size() == 1);
  CHECK(page->maps.clicks[0].count == 1);
}

TEST_CASE("engine: cells beyond the limit are counted", "[engine]") {
  Limits limits = Limits::lab();
  limits.grid_cells = 2;
  Engine engine(Options{}, limits);
  BatchBuilder builder;
  builder.context("v", "s", 0);
  builder.add(page_view(builder, 0, 0));
  for (int i = 0; i < 5; ++i) builder.add(click(i, 0, i * 10 + 5, 5));
  REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(engine.page("/")->maps.clicks.size() == 2);
  CHECK(problems_of(engine, Problem::kOverLimit) == 3);
  CHECK(value_of(engine, "number_of_clicks") == 5);
}

TEST_CASE("engine: string records beyond the limit of a batch are counted", "[engine]") {
  Limits limits = Limits::lab();
  limits.batch_strings = 1;
  // With final numbers there is room for the visitor and the session.
  for (const bool is_local : {false, true}) {
    Engine engine(Options{}, limits);
    BatchBuilder builder(is_local ? 77 : 0);
    if (!is_local) builder.context("v", "s", 0);
    builder.add(page_view(builder, 0, 0, "/one"));
    builder.add(page_view(builder, 1, 1, "/two"));
    REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
    INFO("local " << is_local);
    CHECK(problems_of(engine, Problem::kOverLimit) == 1);
    CHECK(engine.page("/one").has_value());
    CHECK_FALSE(engine.page("/two").has_value());
  }
}
