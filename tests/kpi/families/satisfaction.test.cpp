// SPDX-License-Identifier: MIT
// Covers kpi/families/satisfaction.h and kpi/rating.h through logs; the numbers are worked out by
// hand.
#include <cmath>
#include <string>
#include <string_view>

#include "catch_amalgamated.hpp"
#include "partial/partial.h"
#include "partial/tree.h"
#include "stats/mean_interval.h"
#include "stats/nps.h"
#include "stats/rate_interval.h"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinAbs;
using insitu::base::Limits;
using insitu::kpi::Options;
using insitu::test::Json;
using insitu::test::kReferenceTolerance;
using insitu::test::LogText;
using insitu::test::report_of;
using insitu::test::with;

namespace {

// A log of surveys.
class Surveys {
 public:
  // `answers` as in JSON, `more` further fields.
  Surveys& add(std::string_view instrument, std::string_view answers, std::string_view more = {}) {
    std::string fields =
        R"("instrument":")" + std::string(instrument) + R"(","answers":)" + std::string(answers);
    if (!more.empty()) fields += "," + std::string(more);
    log_.add("survey", 0, fields);
    return *this;
  }
  Surveys& fields(std::string_view fields) {
    log_.add("survey", 0, fields);
    return *this;
  }
  Json report(const Options& options = {}, const Limits& limits = Limits::lab()) const {
    return report_of(log_.text(), options, limits);
  }
  Json kpi(const char* id, const Options& options = {}) const {
    return report(options)["kpis"][id];
  }

 private:
  LogText log_;
};

int invalid(const Json& report) { return report["quality"].value("invalid_answers", 0); }

void check_interval(const Json& kpi, double lower, double upper) {
  REQUIRE(kpi["ci"].is_array());
  CHECK_THAT(kpi["ci"][0].get<double>(), WithinAbs(lower, kReferenceTolerance));
  CHECK_THAT(kpi["ci"][1].get<double>(), WithinAbs(upper, kReferenceTolerance));
}

}  // namespace

TEST_CASE("satisfaction: without answers every KPI is there and has no value", "[kpi]") {
  const Json kpis = Surveys().report()["kpis"];
  for (const char* id : {"seq", "sus", "umux_lite", "asq", "nasa_tlx_raw", "csat",
                         "customer_service_satisfaction", "nps", "ces", "feedback_sentiment"}) {
    INFO(id);
    REQUIRE(kpis.contains(id));
    CHECK(kpis[id]["value"].is_null());
    CHECK(kpis[id]["n"] == 0);
    CHECK(kpis[id]["ci"].is_null());
  }
  CHECK(kpis["sus"]["percentile"].is_null());
  CHECK(kpis["sus"]["grade"].is_null());
  CHECK(kpis["csat"]["x"] == 0);
  CHECK(kpis["nps"]["promoters"] == 0);
  CHECK(kpis["feedback_sentiment"]["negative_share"].is_null());
  CHECK(kpis["feedback_sentiment"]["topics"] == Json::object());
}

TEST_CASE("seq: mean with deviation and an interval that ends with the scale", "[kpi]") {
  Surveys log;
  log.add("seq", "[7]");
  CHECK(log.kpi("seq")["value"] == 7);
  CHECK(log.kpi("seq")["sd"].is_null());
  CHECK(log.kpi("seq")["ci"].is_null());
  const Json seq = log.add("seq", "[5]").add("seq", "[6]").kpi("seq");
  CHECK(seq["value"] == 6);
  CHECK(seq["n"] == 3);
  CHECK_THAT(seq["sd"].get<double>(), WithinAbs(1, kReferenceTolerance));
  // t(2) = 4.302652729...; the upper end would be above 7.
  check_interval(seq, 6 - 4.302652729911275 / std::sqrt(3), 7);
}

TEST_CASE("ratings: one whole answer on its scale, everything else is invalid", "[kpi]") {
  Surveys log;
  for (const char* answers : {"[0]", "[8]", "[4.5]", "[]", "[4,4]", "[\"4\"]", "[null]", "4",
                              "null", "[1,2,3,4,5,6,7,8,9,10,11]"}) {
    log.add("seq", answers);
  }
  log.fields(R"("instrument":"seq")");
  for (const char* scale :
       {R"("scale_max":"7")", R"("scale_max":null)", R"("scale_min":1.5)", R"("scale_max":3)",
        R"("scale_min":5)", R"("scale_min":4,"scale_max":4)", R"("scale_min":7,"scale_max":1)"}) {
    log.add("seq", "[4]", scale);
  }
  CHECK(invalid(log.report()) == 18);
  CHECK(log.kpi("seq")["n"] == 0);
}

TEST_CASE("surveys: an unknown instrument, or none, is nothing", "[kpi]") {
  Surveys log;
  log.add("stars", "[4]").add("csat2", "[]").fields(R"("answers":[4])").fields("\"instrument\":5");
  CHECK(invalid(log.report()) == 0);
  CHECK(log.kpi("csat")["n"] == 0);
}

TEST_CASE("csat: the top quarter of the scale is satisfied", "[kpi]") {
  struct Case {
    int max;
    int unsatisfied;  // the highest of them
  };
  const auto [max, unsatisfied] = GENERATE(Case{5, 3}, Case{7, 5}, Case{10, 7});
  const std::string scale = R"("scale_min":1,"scale_max":)" + std::to_string(max);
  for (int answer = 1; answer <= max; ++answer) {
    INFO(answer << " of 1 to " << max);
    const Json csat = Surveys().add("csat", "[" + std::to_string(answer) + "]", scale).kpi("csat");
    CHECK(csat["value"] == (answer > unsatisfied ? 100 : 0));
    CHECK(csat["n"] == 1);
  }
}

TEST_CASE("csat: scales go together, 1 to 5 unless given, with the interval of a rate", "[kpi]") {
  Surveys log;
  log.add("csat", "[4]").add("csat", "[3]").add("csat", "[6]");
  log.add("csat", "[8]", R"("scale_max":10)").add("csat", "[-1]", R"("scale_min":-2)");
  const Json report = log.report();
  const Json csat = report["kpis"]["csat"];
  CHECK(invalid(report) == 1);
  CHECK(csat["x"] == 2);
  CHECK(csat["n"] == 4);
  CHECK(csat["value"] == 50);
  const auto interval =
      insitu::stats::rate_interval(2, 4, 0.95, insitu::stats::CiMethod::kAdjustedWald);
  check_interval(csat, 100 * interval->lower, 100 * interval->upper);
}

TEST_CASE("csat: a scale beyond 32 bits is invalid, one at the edge is not", "[kpi]") {
  Surveys log;
  log.add("csat", "[2147483647]", R"("scale_min":-2147483648,"scale_max":2147483647)");
  CHECK(log.kpi("csat")["value"] == 100);
  log.add("csat", "[1]", R"("scale_max":2147483648)");
  log.add("csat", "[1]", R"("scale_min":-2147483649)");
  const Json report = log.report();
  CHECK(invalid(report) == 2);
  CHECK(report["kpis"]["csat"]["n"] == 1);
}

TEST_CASE("csat: mean_percent gives the mean place on the scale", "[kpi]") {
  Surveys log;
  log.add("csat", "[4]").add("csat", "[8]", R"("scale_max":10)");
  const Json csat = log.kpi("csat", with("csat_mode", "mean_percent"));
  // 75 and 77.78
  CHECK_THAT(csat["value"].get<double>(), WithinAbs((75 + 700.0 / 9) / 2, kReferenceTolerance));
  CHECK_THAT(csat["sd"].get<double>(),
             WithinAbs((700.0 / 9 - 75) / std::sqrt(2), kReferenceTolerance));
  CHECK_FALSE(csat.contains("x"));
}

TEST_CASE("customer service satisfaction: csat over its own instrument", "[kpi]") {
  Surveys log;
  log.add("css", "[5]").add("css", "[2]").add("csat", "[1]");
  const Json kpis = log.report()["kpis"];
  CHECK(kpis["customer_service_satisfaction"]["value"] == 50);
  CHECK(kpis["customer_service_satisfaction"]["n"] == 2);
  CHECK(kpis["csat"]["value"] == 0);
  CHECK(log.kpi("customer_service_satisfaction", with("csat_mode", "mean_percent"))["value"] ==
        62.5);
}

TEST_CASE("nps: promoters from 9, detractors up to 6, passives between", "[kpi]") {
  Surveys log;
  for (const char* answer : {"[10]", "[9]", "[9]", "[8]", "[7]", "[6]", "[0]"}) {
    log.add("nps", answer);
  }
  log.add("nps", "[11]");
  const Json report = log.report();
  const Json nps = report["kpis"]["nps"];
  CHECK(invalid(report) == 1);
  CHECK(nps["promoters"] == 3);
  CHECK(nps["passives"] == 2);
  CHECK(nps["detractors"] == 2);
  CHECK(nps["n"] == 7);
  CHECK_THAT(nps["value"].get<double>(), WithinAbs(100.0 / 7, kReferenceTolerance));
  const auto expected = insitu::stats::net_promoter_score(3, 2, 2, 0.95);
  check_interval(nps, expected->ci->lower, expected->ci->upper);
}

TEST_CASE("nps: nps_min leaves out lower answers, which are not invalid", "[kpi]") {
  Surveys log;
  log.add("nps", "[10]").add("nps", "[1]").add("nps", "[0]");
  const Json report = log.report(with("nps_min", 1));
  CHECK(report["kpis"]["nps"]["n"] == 2);
  CHECK(report["kpis"]["nps"]["value"] == 0);
  CHECK(invalid(report) == 0);
  CHECK(log.kpi("nps")["n"] == 3);
}

TEST_CASE("ces: answers on 5 and 7 points go together, on the scale of the options", "[kpi]") {
  Surveys log;
  log.add("ces", "[5]", R"("scale_min":1,"scale_max":5)").add("ces", "[4]");
  CHECK(log.kpi("ces")["value"] == 5.5);                            // 7 and 4
  CHECK(log.kpi("ces", with("ces_scale_max", 5.0))["value"] == 4);  // 5 and 3
  check_interval(log.kpi("ces", with("ces_scale_max", 5.0)), 1, 5);
}

TEST_CASE("sus: odd items count up, even items down", "[kpi]") {
  Surveys log;
  log.add("sus", "[5,1,5,1,5,1,5,1,5,1]");
  CHECK(log.kpi("sus")["value"] == 100);
  CHECK(log.kpi("sus")["percentile"] == 100);
  CHECK(log.kpi("sus")["grade"] == "A+");
  log.add("sus", "[1,5,1,5,1,5,1,5,1,5]");
  const Json sus = log.kpi("sus");
  CHECK(sus["value"] == 50);
  CHECK(sus["n"] == 2);
  CHECK(sus["percentile"] == 13);
  CHECK(sus["grade"] == "F");
  check_interval(sus, 0, 100);
  // One step of one item is 2.5 points.
  CHECK(Surveys().add("sus", "[4,3,3,3,3,3,3,3,3,3]").kpi("sus")["value"] == 52.5);
}

TEST_CASE("sus: not ten whole items of 1 to 5 are invalid", "[kpi]") {
  Surveys log;
  for (const char* answers :
       {"[3,3,3,3,3,3,3,3,3]", "[3,3,3,3,3,3,3,3,3,3,3]", "[3,3,3,3,3,3,3,3,3,6]",
        "[0,3,3,3,3,3,3,3,3,3]", "[3.5,3,3,3,3,3,3,3,3,3]", "[\"3\",3,3,3,3,3,3,3,3,3]", "[]",
        "null"}) {
    log.add("sus", answers);
  }
  CHECK(invalid(log.report()) == 8);
  CHECK(invalid(log.report(with("sus_missing", "neutral"))) == 8);
  CHECK(log.kpi("sus")["n"] == 0);
}

TEST_CASE("sus: a missing item is invalid, or counts as 3 when the options say so", "[kpi]") {
  Surveys log;
  log.add("sus", "[5,1,5,1,5,1,5,1,5,null]");
  CHECK(invalid(log.report()) == 1);
  const Json report = log.report(with("sus_missing", "neutral"));
  CHECK(invalid(report) == 0);
  CHECK(report["kpis"]["sus"]["value"] == 95);
}

TEST_CASE("umux_lite: two items of 1 to 7, raw or regressed to sus", "[kpi]") {
  Surveys log;
  log.add("umux_lite", "[7,5]").add("umux_lite", "[7]").add("umux_lite", "[7,8]");
  log.add("umux_lite", "[7,null]");
  CHECK(invalid(log.report()) == 3);
  CHECK(log.kpi("umux_lite")["n"] == 1);
  CHECK_THAT(log.kpi("umux_lite")["value"].get<double>(),
             WithinAbs(1000.0 / 12, kReferenceTolerance));
  CHECK_THAT(log.kpi("umux_lite", with("umux_mode", "regressed"))["value"].get<double>(),
             WithinAbs(0.65 * 1000 / 12 + 22.9, kReferenceTolerance));
}

TEST_CASE("asq and nasa_tlx: means of the items, then of the people", "[kpi]") {
  Surveys log;
  log.add("asq", "[1,2,4]").add("asq", "[7,7,7]").add("asq", "[1,2]").add("asq", "[0,1,1]");
  log.add("nasa_tlx", "[50,0,100,25,75,50]").add("nasa_tlx", "[0,0,0,0,0,1]");
  log.add("nasa_tlx", "[101,0,0,0,0,0]").add("nasa_tlx", "[-1,0,0,0,0,0]");
  const Json report = log.report();
  CHECK(invalid(report) == 4);
  CHECK(report["kpis"]["asq"]["n"] == 2);
  CHECK_THAT(report["kpis"]["asq"]["value"].get<double>(),
             WithinAbs((7.0 / 3 + 7) / 2, kReferenceTolerance));
  CHECK(report["kpis"]["nasa_tlx_raw"]["n"] == 2);
  CHECK_THAT(report["kpis"]["nasa_tlx_raw"]["value"].get<double>(),
             WithinAbs((50 + 1.0 / 6) / 2, kReferenceTolerance));
}

TEST_CASE("feedback: mean sentiment and the share below 0; others are invalid", "[kpi]") {
  Surveys log;
  for (const char* sentiment : {"-0.5", "0.5", "0", "-1", "1", "2", "-1.01", "\"0.5\"", "null"}) {
    log.fields(R"("instrument":"feedback","sentiment":)" + std::string(sentiment));
  }
  log.fields(R"("instrument":"feedback")");
  const Json report = log.report();
  const Json feedback = report["kpis"]["feedback_sentiment"];
  CHECK(invalid(report) == 5);
  CHECK(feedback["value"] == 0);
  CHECK(feedback["n"] == 5);
  CHECK_THAT(feedback["negative_share"].get<double>(), WithinAbs(0.4, kReferenceTolerance));
  CHECK_THAT(feedback["sd"].get<double>(), WithinAbs(std::sqrt(2.5 / 4), kReferenceTolerance));
  const auto interval = insitu::stats::mean_interval({.n = 5, .mean = 0, .variance = 2.5 / 4}, 0.95,
                                                     {.lower = -1, .upper = 1});
  check_interval(feedback, interval->lower, interval->upper);
}

TEST_CASE("topics: once per answer, also of answers without a valid sentiment", "[kpi]") {
  Surveys log;
  log.fields(R"("instrument":"feedback","sentiment":1,"topics":["price","late fee","price"])");
  log.fields(R"("instrument":"feedback","sentiment":5,"topics":["price"])");
  log.fields(R"("instrument":"feedback","topics":["Zoo",""])");
  log.fields(R"("instrument":"feedback","sentiment":1,"topics":"price")");
  log.fields(R"("instrument":"csat","answers":[1],"topics":["price"])");
  const Json topics = log.kpi("feedback_sentiment")["topics"];
  CHECK(topics == Json{{"Zoo", 1}, {"late fee", 1}, {"price", 2}});
}

TEST_CASE("satisfaction: new answers beyond the room are told, known ones still count", "[kpi]") {
  Limits limits = Limits::lab();
  limits.samples = 2;
  Surveys seq;
  seq.add("seq", "[1]").add("seq", "[2]").add("seq", "[3]").add("seq", "[2]");
  Json report = seq.report({}, limits);
  CHECK(report["quality"]["over_limit"] == 1);
  CHECK(report["kpis"]["seq"]["n"] == 3);

  // Of all scales together.
  Surveys csat;
  csat.add("csat", "[1]").add("csat", "[1]", R"("scale_max":7)");
  csat.add("csat", "[2]").add("csat", "[1]", R"("scale_max":9)").add("csat", "[1]");
  report = csat.report({}, limits);
  CHECK(report["quality"]["over_limit"] == 2);
  CHECK(report["kpis"]["csat"]["n"] == 3);
}

TEST_CASE("csat: a partial with a scale that is none is refused", "[kpi]") {
  const auto add = [](const char* scale, insitu::Engine& engine) {
    insitu::partial::Tree tree;
    const std::string text = R"({"version":1,"options":"{}","kpis":{"csat":{"hist":{")" +
                             std::string(scale) + R"(":{"5":2,"1":1}}}}})";
    REQUIRE(insitu::partial::parse(text, tree).ok());
    return insitu::partial::add(tree, engine);
  };
  insitu::Engine engine{Options{}};
  for (const char* scale : {"5:1", "5:5", "1,5", "1:", "1:2147483648"}) {
    INFO(scale);
    CHECK(add(scale, engine) != "");
  }
  CHECK(add("1:5", engine) == "");
  CHECK(add("-2:5", engine) == "");
  const Json csat = insitu::test::report_json(engine)["kpis"]["csat"];
  CHECK(csat["n"] == 6);
  CHECK(csat["x"] == 4);
}
