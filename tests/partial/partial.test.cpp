// SPDX-License-Identifier: MIT
// Covers partial/partial.h: heads, what add() takes and refuses, what may be held back.
#include "partial/partial.h"

#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "partial/merge.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/tree.h"

using insitu::Engine;
using insitu::kpi::Options;
using insitu::partial::Tree;
using insitu::test::Json;
using insitu::test::LogText;
using insitu::test::tree_of;
using insitu::test::with;
namespace partial = insitu::partial;

namespace {

std::string text_of(const Engine& engine) { return partial::canonical(partial::make(engine)); }

// A log that has a number in every section.
std::string full_log() {
  LogText log;
  log.view(0, 0, "/", R"("vw":800,"vh":600,"dw":800,"dh":1200)");
  log.add("task_start", 100, R"("pv":0,"task":"find","optimal":1,"opportunities":2)");
  log.add("click", 1000, R"("pv":0,"x":10,"y":10,"element":"nav","ex":0,"ey":0,"ew":80,"eh":40)");
  log.add("move", 1100, R"("pv":0,"x":10,"y":10)");
  log.add("error", 1150, R"("pv":0,"kind":"user")");
  log.add("heartbeat", 1200, R"("pv":0)");
  log.add("task_end", 9000, R"("pv":0,"task":"find","outcome":"success")");
  log.add("survey", 9100, R"("pv":0,"instrument":"seq","answers":[6],"task":"find")");
  log.add("order", 9200, R"("pv":0,"order":"1","value":1250)");
  log.add("nonsense", 12'000);
  return log.text();
}

// What add() says about a partial with this text in place of `version` and `options`; it must have
// changed nothing in an engine that was in use.
std::string refusal_of_text(const std::string& text) {
  Engine engine = insitu::test::fold_ndjson(full_log());
  const std::string before = text_of(engine);
  const std::string report = insitu::test::report_text(engine);
  const std::string error = partial::add(tree_of(text), engine);
  CHECK(partial::check(tree_of(text), engine) == error);
  CHECK((error.empty() || text_of(engine) == before));
  CHECK((error.empty() || insitu::test::report_text(engine) == report));
  return error;
}

// The same for a partial with these sections.
std::string refusal_of_sections(const std::string& sections) {
  return refusal_of_text(R"({"version":1,"options":"{}",)" + sections + "}");
}

}  // namespace

TEST_CASE("the head of a partial says version, options and segment", "[partial]") {
  const Engine engine(with("confidence", 0.9));
  CHECK(text_of(engine) == R"({"options":"{\"confidence\":0.9}","version":1})");
  const Tree tree = partial::make(engine, "device=mobile");
  CHECK(partial::canonical(tree) ==
        R"({"options":"{\"confidence\":0.9}","segment":"device=mobile","version":1})");
  partial::Head head;
  CHECK(partial::read_head(tree, head) == "");
  CHECK(head.options == R"({"confidence":0.9})");
  CHECK(head.segment == "device=mobile");
  // A head that is used again forgets the segment.
  CHECK(partial::read_head(partial::make(engine), head) == "");
  CHECK(head.segment == "");
}

TEST_CASE("options that equal their defaults are not in the text, others are in the order of bytes",
          "[partial]") {
  CHECK(partial::options_text(Options{}) == "{}");
  CHECK(partial::options_text(with("confidence", 0.95)) == "{}");
  Options options = with("confidence", 0.9);
  REQUIRE(options.set_number("idle_cap_ms", NAN) == insitu::base::Status::kOk);
  REQUIRE(options.set_text("bounce_mode", "ga4") == insitu::base::Status::kOk);
  CHECK(partial::options_text(options) ==
        R"({"bounce_mode":"ga4","confidence":0.9,"idle_cap_ms":null})");
}

TEST_CASE("a partial without a head of this version is refused", "[partial]") {
  CHECK(refusal_of_text("{}") == "this is no partial: `version` must be an integer");
  CHECK(refusal_of_text(R"({"version":"1","options":"{}"})") ==
        "this is no partial: `version` must be an integer");
  CHECK(refusal_of_text(R"({"version":2,"options":"{}"})") ==
        "made under version 2 of the KPI specification, this program knows version 1");
  CHECK(refusal_of_text(R"({"version":1})") == "this is no partial: `options` must be a text");
  CHECK(refusal_of_text(R"({"version":1,"options":{"a":1}})") ==
        "this is no partial: `options` must be a text");
  CHECK(refusal_of_text(R"({"version":1,"options":"{}","segment":5})") ==
        "`segment` must be a text");
  CHECK(refusal_of_text(R"({"version":1,"options":"{\"confidence\":0.9}"})") ==
        R"(made with other options: {"confidence":0.9})");
  CHECK(refusal_of_text(R"({"version":1,"options":"{}","segment":"device=mobile"})") == "");
}

TEST_CASE("an engine gives the partial it was given", "[partial]") {
  const std::string text = text_of(insitu::test::fold_ndjson(full_log()));
  for (const char* const section : {"kpis", "tasks", "activity", "heatmaps", "quality"}) {
    CHECK(Json::parse(text).contains(section));
  }
  Engine engine{Options{}};
  CHECK(partial::add(tree_of(text), engine) == "");
  CHECK(text_of(engine) == text);
}

TEST_CASE("adding to an engine that has folded is the sum of both partials", "[partial]") {
  Tree sum = partial::make(insitu::test::fold_ndjson(full_log()));
  const Tree once = sum;
  REQUIRE(partial::merge(sum, once).ok());
  Engine engine = insitu::test::fold_ndjson(full_log());
  CHECK(partial::add(once, engine) == "");
  CHECK(text_of(engine) == partial::canonical(sum));
  // And what is folded afterwards comes on top.
  REQUIRE(partial::merge(sum, once).ok());
  LogText other;
  for (const auto& batch : insitu::test::batches_of(full_log())) {
    REQUIRE(engine.ingest(batch) == insitu::base::Status::kOk);
  }
  const Json twice = insitu::test::report_json(engine);
  CHECK(twice["kpis"]["page_views"]["value"] == 3);
}

TEST_CASE("a report of partials says that it comes from sketches", "[partial]") {
  Engine engine{Options{}};
  CHECK(partial::add(partial::make(insitu::test::fold_ndjson(full_log())), engine) == "");
  const Json report = insitu::test::report_json(engine);
  CHECK(report["mode"] == "sketch");
  CHECK(report["kpis"]["time_on_task"]["mode"] == "sketch");
  CHECK_FALSE(report["kpis"].contains("visitors_hll"));
  CHECK(report["kpis"]["visitors"]["value"] == 1);
}

TEST_CASE("a partial comes back from a saved state", "[partial]") {
  const std::string text = text_of(insitu::test::fold_ndjson(full_log()));
  Engine engine{Options{}};
  REQUIRE(partial::add(tree_of(text), engine) == "");
  Engine back{Options{}};
  REQUIRE(back.restore(engine.save()) == insitu::base::Status::kOk);
  CHECK(text_of(back) == text);
  CHECK(insitu::test::difference(engine, back) == "");
}

TEST_CASE("values of another kind are refused with their path", "[partial]") {
  const std::pair<const char*, const char*> rows[] = {
      {R"("kpis":5)", "kpis must be an object"},
      {R"("kpis":{"sessions":5})", "kpis.sessions must be an object"},
      {R"("kpis":{"sessions":{"n":"5"}})", "kpis.sessions.n must be an integer"},
      {R"("kpis":{"sessions":{"n":{"a":1}}})", "kpis.sessions.n must be an integer"},
      {R"("kpis":{"sessions":{"n":[1,2]}})", "kpis.sessions.n must be an integer"},
      {R"("kpis":{"scroll_depth":{"s1":5}})", "kpis.scroll_depth.s1 must be a pair of integers"},
      {R"("kpis":{"lcp_p75":{"sketch":1}})", "kpis.lcp_p75.sketch must be an object"},
      {R"("kpis":{"lcp_p75":{"sketch":{"x":1}}})",
       "kpis.lcp_p75.sketch.x is not the number of a bucket"},
      {R"("kpis":{"lcp_p75":{"sketch":{"01":1}}})",
       "kpis.lcp_p75.sketch.01 is not the number of a bucket"},
      {R"("kpis":{"lcp_p75":{"sketch":{"2147483648":1}}})",
       "kpis.lcp_p75.sketch.2147483648 is not the number of a bucket"},
      {R"("kpis":{"lcp_p75":{"sketch":{"-2147483648":1}}})",
       "kpis.lcp_p75.sketch.-2147483648 is not the number of a bucket"},
      {R"("kpis":{"lcp_p75":{"sketch":{"7":-1}}})",
       "kpis.lcp_p75.sketch.7 must be an integer, 0 or more"},
      {R"("kpis":{"lcp_p75":{"sketch":{"zero":-1}}})",
       "kpis.lcp_p75.sketch.zero must be an integer, 0 or more"},
      {R"("tasks":{"find":7})", "tasks.find must be an object"},
      {R"("tasks":{"find":{"time":{"ln":{"n":"x"}}}})", "tasks.find.time.ln.n must be an integer"},
      {R"("tasks":{"find":{"spec_time_ms_min":-1}})",
       "tasks.find.spec_time_ms_min must be an integer, 0 or more"},
      {R"("heatmaps":{"/":{"click":{"1,2":"x"}}})", "heatmaps./.click.1,2 must be an integer"},
      {R"("heatmaps":{"/":{"attention":{"0":5}}})",
       "heatmaps./.attention.0 must be a pair of integers"},
      {R"("heatmaps":{"/":{"element":{"nav":3}}})", "heatmaps./.element.nav must be an object"},
      {R"("quality":{"malformed":[1,1]})", "quality.malformed must be an integer"},
  };
  for (const auto& [sections, expected] : rows) {
    INFO(sections);
    CHECK(refusal_of_sections(sections) == expected);
  }
}

TEST_CASE("names that are no numbers, or outside their range, are refused with their path",
          "[partial]") {
  for (const char* const sections :
       {R"("activity":{"gaps":{"x":{"1":1}}})", R"("activity":{"gaps":{"5":{"01":1}}})",
        R"("activity":{"gaps":{"5":{"+1":1}}})", R"("activity":{"day_n":{"5":{"1.5":1}}})",
        R"("heatmaps":{"/":{"click":{"1":1}}})", R"("heatmaps":{"/":{"click":{"1,":1}}})",
        R"("heatmaps":{"/":{"click":{"-1,2":1}}})", R"("heatmaps":{"/":{"click":{"4096,0":1}}})",
        R"("heatmaps":{"/":{"dwell":{"0,2147483648":1}}})",
        R"("heatmaps":{"/":{"element":{"nav":{"256,0":1}}}})",
        R"("heatmaps":{"/":{"element":{"nav":{"0,256":1}}}})",
        R"("heatmaps":{"/":{"reach":{"-1":1}}})", R"("heatmaps":{"/":{"reach":{"x":1}}})",
        R"("heatmaps":{"/":{"attention":{"99999999999":[1,0]}}})",
        R"("tasks":{"find":{"seq":{"x":1}}})", R"("kpis":{"nps":{"hist":{"ten":1}}})",
        R"("kpis":{"csat":{"hist":{"15":{"3":1}}}})"}) {
    INFO(sections);
    const std::string error = refusal_of_sections(sections);
    CHECK(error.ends_with(" has a name or a value that cannot be there"));
    // The path starts with the section.
    CHECK(error.starts_with(std::string(sections).substr(1, 4)));
  }
}

TEST_CASE("members that nobody knows are refused with their path", "[partial]") {
  CHECK(refusal_of_sections(R"("future":{"a":1})") == "future is not known to this version");
  CHECK(refusal_of_sections(R"("future":"text")") == "future is not known to this version");
  CHECK(refusal_of_sections(R"("kpis":{"warp_rate":{"x":1}})") ==
        "kpis.warp_rate is not known to this version");
  CHECK(refusal_of_sections(R"("kpis":{"sessions":{"m":1}})") ==
        "kpis.sessions.m is not known to this version");
  CHECK(refusal_of_sections(R"("tasks":{"find":{"n":1,"laps":2}})") ==
        "tasks.find.laps is not known to this version");
  CHECK(refusal_of_sections(R"("heatmaps":{"/":{"smell":{"0":1}}})") ==
        "heatmaps./.smell is not known to this version");
  CHECK(refusal_of_sections(R"("activity":{"moons":{"0":1}})") ==
        "activity.moons is not known to this version");
  CHECK(refusal_of_sections(R"("quality":{"untidy":1})") ==
        "quality.untidy is not known to this version");
}

TEST_CASE("counts that cannot be negative, and sums out of range, are refused", "[partial]") {
  CHECK(refusal_of_sections(R"("kpis":{"average_session_duration":{"ms":{"n":-9}}})") ==
        "kpis.average_session_duration.ms.n must not make the sum negative");
  CHECK(refusal_of_sections(R"("kpis":{"form_hesitation_time":{"n":-1}})") ==
        "kpis.form_hesitation_time.n must not make the sum negative");
  CHECK(refusal_of_sections(R"("kpis":{"page_views":{"n":9007199254740992}})") ==
        "kpis.page_views.n is out of range: beyond 2^53");
  CHECK(refusal_of_sections(R"("quality":{"unknown_type":9007199254740992})") ==
        "quality.unknown_type is out of range: beyond 2^53");
  CHECK(refusal_of_sections(
            R"("kpis":{"scroll_depth":{"n":1,"s1":[9007199254740991,4294967295]}})") ==
        "kpis.scroll_depth.s1 is out of range: beyond 2^85");
  CHECK(refusal_of_sections(
            R"("kpis":{"lcp_p75":{"sketch":{"1":9007199254740991,"2":9007199254740991}}})") ==
        "kpis.lcp_p75.sketch.2 is out of range: beyond 2^53");
}

TEST_CASE("of several mistakes the first is told, and nothing of the rest is taken", "[partial]") {
  CHECK(refusal_of_sections(
            R"("kpis":{"page_views":{"n":5},"sessions":{"n":"a"}},"quality":{"x":1})") ==
        "kpis.sessions.n must be an integer");
}

TEST_CASE("names of a refused partial are not kept", "[partial]") {
  Engine engine{Options{}};
  CHECK(partial::add(tree_of(R"({"version":1,"options":"{}","tasks":{"secret":{"n":1,"x":1}}})"),
                     engine) != "");
  CHECK(engine.strings().find("secret") == 0);
  CHECK(partial::add(tree_of(R"({"version":1,"options":"{}","tasks":{"known":{"n":1}}})"),
                     engine) == "");
  CHECK(engine.strings().find("known") != 0);
}

TEST_CASE("min_count leaves out cells of cohorts and grids, nothing else", "[partial]") {
  LogText log;
  for (int i = 0; i < 3; ++i) {
    log.of("visitor" + std::to_string(i), "s");
    log.view(0, 0, "/", R"("vw":800,"vh":600,"dw":800,"dh":1200)");
    log.add("click", 1000, R"("pv":0,"x":10,"y":10,"element":"nav","ex":0,"ey":0,"ew":80,"eh":40)");
    log.add("move", 1001, R"("pv":0,"x":10,"y":10)");
    log.add("heartbeat", 1002, R"("pv":0)");
  }
  // One visitor alone, who clicks, points and looks where nobody else does.
  log.of("alone", "s");
  log.view(86'400'000, 0, "/", R"("vw":800,"vh":1000,"dw":800,"dh":1200)");
  log.add("click", 86'401'000,
          R"("pv":0,"x":500,"y":500,"element":"rare","ex":480,"ey":480,"ew":80,"eh":40)");
  log.add("move", 86'401'001, R"("pv":0,"x":500,"y":500)");
  log.add("heartbeat", 86'401'002, R"("pv":0)");
  const Engine engine = insitu::test::fold_ndjson(log.text());
  const Json all = Json::parse(partial::canonical(partial::make(engine)));
  const Json some = Json::parse(partial::canonical(partial::make(engine, {}, 3)));
  CHECK(all["heatmaps"]["/"]["click"].size() == 2);
  CHECK(some["heatmaps"]["/"]["click"] == Json{{"0,0", 3}});
  CHECK(all["heatmaps"]["/"]["element"].size() == 2);
  CHECK(some["heatmaps"]["/"]["element"] == Json::parse(R"({"nav":{"1,2":3}})"));
  CHECK(all["activity"]["day_n"].size() == 2);
  CHECK(some["activity"]["day_n"] == Json::parse(R"({"20454":{"0":3}})"));
  CHECK(some["activity"]["last_age"] == Json::parse(R"({"20454":{"0":3}})"));
  // Whole counts, and those that days of activity are made of, stay.
  CHECK(some["activity"]["gaps"] == all["activity"]["gaps"]);
  CHECK(some["kpis"] == all["kpis"]);
  CHECK(some["heatmaps"]["/"]["views"] == 4);
  CHECK(some["heatmaps"]["/"]["reach"] == all["heatmaps"]["/"]["reach"]);
  CHECK(some["heatmaps"]["/"]["reach"]["9"] == 1);
  CHECK(some["heatmaps"]["/"]["dwell"] == all["heatmaps"]["/"]["dwell"]);
  CHECK(some["heatmaps"]["/"]["dwell"].size() == 2);
  CHECK(partial::canonical(partial::make(engine, {}, 1)) ==
        partial::canonical(partial::make(engine)));
}
