// SPDX-License-Identifier: MIT
// Covers kpi/families/forms.h through logs; the numbers are worked out by hand.
#include <cstdint>
#include <string>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using insitu::base::Limits;
using insitu::test::Json;
using insitu::test::LogText;
using insitu::test::rate_text;
using insitu::test::report_of;

namespace {

// Events of forms, one second apart unless a time is given.
class FormLog {
 public:
  FormLog& at(std::int64_t ms) {
    ms_ = ms;
    return *this;
  }
  FormLog& on(const char* form, const char* field) {
    form_ = form;
    field_ = field;
    return *this;
  }
  FormLog& operator()(const char* action) {
    std::string fields = R"("action":")" + std::string(action) + R"(")";
    if (form_) fields += R"(,"form":")" + std::string(form_) + R"(")";
    if (field_) fields += R"(,"field":")" + std::string(field_) + R"(")";
    log_.add("form", ms_, fields);
    ms_ += 1000;
    return *this;
  }
  Json report(const Limits& limits = Limits::lab()) const {
    return report_of(log_.text(), {}, limits);
  }
  std::string rate(const char* id) const { return rate_text(report()["kpis"][id]); }
  std::string abandoned() const { return rate("form_abandonment_rate"); }
  std::string refilled() const { return rate("form_refill_rate"); }
  Json hesitation() const { return report()["kpis"]["form_hesitation_time"]; }

 private:
  LogText log_;
  const char* form_ = "buy";
  const char* field_ = "mail";
  std::int64_t ms_ = 0;
};

}  // namespace

TEST_CASE("forms: input starts a form, focus does not, and a submit after it ends it", "[kpi]") {
  CHECK(FormLog()("focus")("blur").abandoned() == "0/0");
  CHECK(FormLog()("submit").abandoned() == "0/0");
  CHECK(FormLog()("input").abandoned() == "1/1");
  CHECK(FormLog()("input")("submit").abandoned() == "0/1");
  CHECK(FormLog()("submit")("input").abandoned() == "1/1");
  CHECK(FormLog()("input")("submit")("input").abandoned() == "0/1");
  CHECK(FormLog()("input")("submit")("submit").abandoned() == "0/1");
}

TEST_CASE("forms: every form counts for itself, in every session", "[kpi]") {
  CHECK(FormLog()("input").on("login", "mail")("input")("submit").abandoned() == "1/2");
  CHECK(FormLog()("input").at(2'000'000)("submit").abandoned() == "1/1");
  CHECK(FormLog()("input").at(2'000'000)("input")("submit").abandoned() == "1/2");
}

TEST_CASE("forms: an event without a form is nothing, one without a field is of the form only",
          "[kpi]") {
  for (const char* none : {"", static_cast<const char*>(nullptr)}) {
    const FormLog no_form = FormLog().on(none, "mail")("focus")("input");
    CHECK(no_form.abandoned() == "0/0");
    CHECK(no_form.refilled() == "0/0");
    const FormLog no_field = FormLog().on("buy", none)("focus")("input")("submit");
    CHECK(no_field.abandoned() == "0/1");
    CHECK(no_field.refilled() == "0/0");
    CHECK(no_field.hesitation()["n"] == 0);
  }
}

TEST_CASE("forms: a field is refilled by input after another focus or a blur", "[kpi]") {
  CHECK(FormLog()("focus")("blur").refilled() == "0/0");
  CHECK(FormLog()("input")("input").refilled() == "0/1");
  CHECK(FormLog()("focus")("input")("input")("blur").refilled() == "0/1");
  CHECK(FormLog()("focus")("input")("blur")("focus")("blur").refilled() == "0/1");
  CHECK(FormLog()("input")("blur")("input").refilled() == "1/1");
  CHECK(FormLog()("input")("focus")("input").refilled() == "1/1");
  CHECK(FormLog()("input")("focus")("input")("focus")("input").refilled() == "1/1");
  CHECK(FormLog()("input")("submit")("input").refilled() == "0/1");
}

TEST_CASE("forms: fields of one name in two forms are two fields", "[kpi]") {
  CHECK(FormLog()("input").on("login", "mail")("input").refilled() == "0/2");
  // A form and a field of the same name are not mixed up.
  CHECK(FormLog().on("mail", "mail")("input").refilled() == "0/1");
}

TEST_CASE("forms: hesitation is the time from focus to the first input", "[kpi]") {
  FormLog log;
  log.at(0)("focus").at(3000)("input").at(9000)("input");
  log.on("buy", "name").at(10'000)("focus").at(11'000)("input");
  log.on("buy", "city").at(20'000)("focus").at(28'000)("input");
  const Json result = log.hesitation();
  CHECK(result["n"] == 3);
  CHECK(result["value"] == 4.0);
  CHECK(result["median"] == 3.0);
}

TEST_CASE("forms: only the first episode with a focus and an input gives a time", "[kpi]") {
  const auto value = [](const FormLog& log) { return log.hesitation()["value"]; };
  // Focused twice before the input: the later focus.
  CHECK(value(FormLog().at(0)("focus").at(5000)("focus").at(7000)("input")) == 2.0);
  // Left without input.
  CHECK(value(FormLog().at(0)("focus")("blur").at(5000)("focus").at(8000)("input")) == 3.0);
  // The second fill does not count.
  CHECK(value(FormLog().at(0)("focus").at(4000)("input").at(9000)("focus").at(9500)("input")) ==
        4.0);
  // Input without focus gives none, but does not keep a later episode from giving one.
  CHECK(value(FormLog()("input")).is_null());
  CHECK(value(FormLog()("focus")("blur")("input")).is_null());
  CHECK(value(FormLog()("input").at(5000)("focus").at(6000)("input")) == 1.0);
  // A focus in the middle of an episode begins another one.
  CHECK(value(FormLog().at(0)("input").at(1000)("focus").at(2500)("input")) == 1.5);
}

TEST_CASE("forms: an unknown action is nothing", "[kpi]") {
  const FormLog log = FormLog()("focus")("change");
  CHECK(log.abandoned() == "0/0");
  CHECK(log.refilled() == "0/0");
}

TEST_CASE("forms: nobody is no data", "[kpi]") {
  const FormLog log;
  CHECK(log.abandoned() == "0/0");
  CHECK(log.hesitation()["value"].is_null());
  CHECK(log.hesitation()["median"].is_null());
  CHECK(log.hesitation()["n"] == 0);
}

TEST_CASE("forms: what a session cannot remember is left out and counted", "[kpi]") {
  Limits limits = Limits::lab();
  limits.fields = 3;  // the form and two fields
  FormLog log;
  log.on("buy", "a")("input").on("buy", "b")("input").on("buy", "c")("input")("blur");
  log.on("buy", "a")("blur")("input")("submit");
  const Json report = log.report(limits);
  CHECK(report["kpis"]["form_abandonment_rate"]["x"] == 0);
  CHECK(report["kpis"]["form_abandonment_rate"]["n"] == 1);
  CHECK(report["kpis"]["form_refill_rate"]["x"] == 1);
  CHECK(report["kpis"]["form_refill_rate"]["n"] == 2);
  CHECK(report["quality"]["over_limit"] == 1);
}
