// SPDX-License-Identifier: MIT
// Mistakes that tests and fuzzing once found, each with the smallest input that showed it.
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "engine.h"
#include "events/batch_json.h"
#include "partial/partial.h"
#include "sessions/clock.h"
#include "sessions/page_views.h"
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
using insitu::test::event_at;
using insitu::test::Json;
namespace events = insitu::events;

namespace {

double value_of(const Engine& engine, const char* id) {
  for (const auto& kpi : engine.report().kpis) {
    if (std::string(id) == kpi.info->id) return kpi.value;
  }
  return std::nan("");
}

events::PageView page_view(BatchBuilder& builder, double t, double pv) {
  auto view = event_at<events::PageView>(t, pv);
  view.page = builder.string("/");
  view.vh = 10;
  view.dh = 20;
  view.present |= events::RecordHead::kHasPage | view.kHasVh | view.kHasDh;
  return view;
}

events::TaskStart task_start(BatchBuilder& builder, double t, double attempt) {
  auto start = event_at<events::TaskStart>(t);
  start.task = builder.string("buy");
  start.attempt = attempt;
  start.present |= start.kHasTask | start.kHasAttempt;
  return start;
}

// Bytes of the state of an engine that has seen nothing.
std::size_t empty_size(const Limits& limits) { return Engine(Options{}, limits).save().size(); }

std::string partial_text(const Engine& engine) { return canonical(insitu::partial::make(engine)); }

// A type without members next to others, which in a tuple may lie where the other has a byte.
struct Empty {};
struct Flag {
  bool value = false;
};

}  // namespace

TEST_CASE("regression: a restored session keeps its limit of attempts", "[engine]") {
  Limits limits = Limits::browser();
  limits.attempts = 2;
  Engine engine(Options{}, limits);
  for (int i = 0; i < 4; ++i) {
    BatchBuilder builder(5);
    builder.add(task_start(builder, i, i));
    REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
    Engine back(Options{}, limits);
    REQUIRE(back.restore(engine.save()) == Status::kOk);
    engine = std::move(back);
  }
  CHECK(engine.report().quality.count(Problem::kOverLimit) == 2);
}

TEST_CASE("regression: a clock that keeps leaping does not overflow", "[sessions]") {
  insitu::sessions::Clock clock;
  events::RecordHead head{};
  head.present = head.kHasPv | head.kHasMono;
  std::int64_t tau_ms = 0;
  for (int i = 0; i < 3000; ++i) {
    // From the least to the largest monotonic time: 2^54 ms in one step.
    head.mono = i % 2 ? 9007199254740991.0 : -9007199254740991.0;
    const std::int64_t next_ms = clock.advance(head);
    REQUIRE(next_ms >= tau_ms);
    REQUIRE(next_ms - tau_ms == clock.delta_ms());
    tau_ms = next_ms;
  }
}

TEST_CASE("regression: numbers of page views nobody showed are forgotten beyond the limit",
          "[engine]") {
  Limits limits = Limits::browser();
  limits.page_views = 16;
  Engine engine(Options{}, limits);
  const auto fold = [&engine](int from) {
    BatchBuilder builder;
    builder.context("v", "s", from);
    for (int i = from; i < from + 1000; ++i) builder.add(event_at(i, i));
    REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
    return engine.save().size();
  };
  const std::size_t size = fold(0);
  CHECK(fold(1000) < size + 2000);
  CHECK(size < empty_size(limits) + 16 * 300);
}

TEST_CASE("regression: one page view shown again and again takes bounded room", "[engine]") {
  Limits limits = Limits::browser();
  limits.page_views = 16;
  Engine engine(Options{}, limits);
  BatchBuilder builder;
  builder.context("v", "s", 0);
  for (int i = 0; i < 1000; ++i) builder.add(page_view(builder, i, 0));
  REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
  CHECK(engine.save().size() < empty_size(limits) + 16 * 300);
  for (const auto& kpi : engine.report().kpis) {
    if (std::string(kpi.info->id) != "scroll_depth") continue;
    CHECK(kpi.n == 1000);
    CHECK(kpi.value == 0.5);
  }
}

TEST_CASE("regression: a final batch has room for numbers that a short record did not bring",
          "[engine]") {
  BatchBuilder builder(5);
  for (int i = 0; i < 2; ++i) {
    auto start = task_start(builder, 1000 + i, 0);
    builder.add(start);
    // The end of a writer that knows nothing of attempts.
    auto end = event_at<events::TaskEnd>(2000 + i);
    end.task = builder.string("buy");
    end.outcome = events::words::kSuccess;
    end.present |= end.kHasTask | end.kHasOutcome;
    builder.append(insitu::test::resized(insitu::test::record_bytes(end), 48));
    // Another tab, so that the second attempt has a number of its own.
    Bytes batch = bytes_of(builder.finish());
    insitu::test::put(batch, 16, 5.0 + i);
    static Engine local{Options{}};
    static Engine again{Options{}};
    local.keep_final(true);
    REQUIRE(local.ingest(batch) == Status::kOk);
    REQUIRE(again.ingest(bytes_of(local.final_batch())) == Status::kOk);
    CHECK(insitu::test::difference(again, local) == "");
    CHECK(value_of(again, "task_success_rate") == 1);
    builder.clear();
  }
}

TEST_CASE("regression: a string id beyond the limit does not take the final batch's own ids",
          "[engine]") {
  for (const std::uint32_t id : {0xffff'fffeu, 0xffff'ffffu, 0x1000'0000u}) {
    BatchBuilder builder(5);
    builder.add(page_view(builder, 1000, 0));
    Bytes far(16);
    insitu::test::put(far, 0, std::uint16_t{1});
    insitu::test::put(far, 2, std::uint16_t{2});
    insitu::test::put(far, 4, id);
    insitu::test::put(far, 8, std::uint32_t{4});
    Bytes batch = bytes_of(builder.finish());
    batch.insert(batch.end(), far.begin(), far.end());
    insitu::test::put(batch, 8, static_cast<std::uint32_t>(batch.size()));
    Engine engine(Options{}, Limits::browser());
    engine.keep_final(true);
    REQUIRE(engine.ingest(batch) == Status::kOk);
    Engine again(Options{}, Limits::browser());
    REQUIRE(again.ingest(engine.final_batch()) == Status::kOk);
    CHECK(value_of(again, "page_views") == 1);
    CHECK(again.report().quality.count(Problem::kMalformed) == 0);
  }
}

TEST_CASE("regression: a type without members takes no byte of its neighbour in a saved tuple",
          "[base]") {
  using Values = std::tuple<Empty, std::vector<std::uint64_t>, Empty, Flag, Empty>;
  Values values;
  std::get<1>(values) = {7, 8, 9};
  std::get<3>(values).value = true;
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(values);
  // The list with its length, and the flag.
  CHECK(bytes.size() == 4 * sizeof(std::uint64_t) + sizeof(Flag));
  Values loaded;
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(loaded);
  CHECK(load.at_end());
  CHECK(std::get<1>(loaded) == std::get<1>(values));
  CHECK(std::get<3>(loaded).value);
}

TEST_CASE("regression: parts of a cent add up the same whoever has them", "[partial]") {
  insitu::test::LogText both;
  Engine sum{Options{}};
  for (const char* visitor : {"a", "b", "c"}) {
    const std::string order = R"("order":")" + std::string(visitor) + R"(","value":0.5)";
    insitu::test::LogText one;
    one.of(visitor, "s").add("order", 0, order);
    both.of(visitor, "s").add("order", 0, order);
    const auto part = insitu::partial::make(insitu::test::fold_ndjson(one.text()));
    REQUIRE(insitu::partial::add(part, sum) == "");
  }
  const Engine whole = insitu::test::fold_ndjson(both.text());
  CHECK(partial_text(sum) == partial_text(whole));
  // Where the log is, nothing is rounded.
  CHECK(value_of(whole, "average_order_value") == 0.5);
}

TEST_CASE("regression: what attempts declare beyond 2^53 leaves a partial that can be read",
          "[partial]") {
  insitu::test::LogText log;
  // 1100 times 2^53 do not fit into 64 bits.
  for (int i = 0; i < 1100; ++i) {
    log.add("task_start", i,
            R"("task":"buy","opportunities":9007199254740991,"attempt":)" + std::to_string(i));
  }
  const Engine engine = insitu::test::fold_ndjson(log.text());
  insitu::partial::Tree tree;
  REQUIRE(insitu::partial::parse(partial_text(engine), tree).ok());
  const auto tasks = tree.find(insitu::partial::Tree::root(), "tasks");
  const auto task = tree.find(tasks, "buy");
  CHECK(tree.integer(tree.find(task, "n")) == 1100);
  CHECK(tree.integer(tree.find(task, "opportunities")) == insitu::partial::kMaxInteger);
  CHECK(value_of(engine, "errors_per_opportunity") == 0);
}

TEST_CASE("regression: a string record that is not UTF-8 is malformed", "[engine]") {
  for (const char* name : {"\xff", "\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80", "/\xc0\xaf"}) {
    BatchBuilder builder(5);
    auto view = page_view(builder, 1000, 0);
    view.page = builder.string(name);
    builder.add(view);
    Engine engine{Options{}};
    REQUIRE(engine.ingest(builder.finish()) == Status::kOk);
    CHECK(engine.report().quality.count(Problem::kMalformed) > 0);
    // Names of pages are keys of a partial, which is UTF-8.
    insitu::partial::Tree tree;
    REQUIRE(insitu::partial::parse(partial_text(engine), tree).ok());
    CHECK_FALSE(tree.is_empty());
  }
}

TEST_CASE("regression: a partial that takes visitors out of a cohort keeps doing so", "[partial]") {
  // What a browser hands out on a later day: the last age moves from 0 to 3.
  const std::string text =
      R"({"activity":{"last_age":{"20454":{"0":-1,"3":1}}},"options":"{}","version":1})";
  insitu::partial::Tree tree;
  REQUIRE(insitu::partial::parse(text, tree).ok());
  Engine engine{Options{}};
  REQUIRE(insitu::partial::add(tree, engine) == "");
  CHECK(partial_text(engine) == text);
}

TEST_CASE("regression: a partial whose counts add up to more than 64 bits is refused",
          "[partial]") {
  std::string text = R"({"kpis":{"nps":{"hist":{)";
  for (int i = 1000; i < 2100; ++i) {
    text += (i > 1000 ? ",\"" : "\"") + std::to_string(i) + "\":9007199254740991";
  }
  text += R"(}}},"options":"{}","version":1})";
  insitu::partial::Tree tree;
  REQUIRE(insitu::partial::parse(text, tree).ok());
  Engine engine{Options{}};
  const std::string before = partial_text(engine);
  CHECK(insitu::partial::add(tree, engine).find("beyond 2^60") != std::string::npos);
  CHECK(partial_text(engine) == before);
}

// Found by fuzzing options: the same threshold twice was the same name twice in a partial, which
// could not be made then.
TEST_CASE("regression: a value that is repeated in a list of numbers counts once", "[kpi]") {
  insitu::kpi::Options options;
  const double values[] = {0.1, 1, 1, 0.1 + 1e-17};
  REQUIRE(options.set_numbers("scroll_thresholds", values) == insitu::base::Status::kOk);
  CHECK(options.scroll_thresholds == std::span<const double>(values, 2));
}

TEST_CASE("regression: visits of an impossible number of pages do no harm", "[partial]") {
  const auto add = [](const char* pages, Engine& engine) {
    insitu::partial::Tree tree;
    const std::string text = R"({"kpis":{"pages_per_visit":{"hist":{")" + std::string(pages) +
                             R"(":1,"4":3}}},"options":"{}","version":1})";
    REQUIRE(insitu::partial::parse(text, tree).ok());
    return insitu::partial::add(tree, engine);
  };
  Engine engine{Options{}};
  // Their square times a count would leave 128 bits.
  CHECK(add("999999999999999999", engine) != "");
  CHECK(add("-999999999999999999", engine) != "");
  REQUIRE(add("-8", engine) == "");
  CHECK(value_of(engine, "pages_per_visit") == 1);
}

// Found by fuzzing partials: a name that nobody knows was refused, but the empty one was not.
TEST_CASE("regression: a section without a name is not known", "[partial]") {
  const auto add = [](std::string_view section) {
    insitu::partial::Tree tree;
    const std::string text = "{" + std::string(section) + R"(,"options":"{}","version":1})";
    REQUIRE(insitu::partial::parse(text, tree).ok());
    Engine engine{Options{}};
    return insitu::partial::add(tree, engine);
  };
  CHECK(add(R"("":{"a":{"n":1}})") == "\"\" is not known to this version");
  CHECK(add(R"("kpis":{"":1})") == "kpis.\"\" is not known to this version");
}
