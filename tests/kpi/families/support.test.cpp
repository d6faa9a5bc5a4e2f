// SPDX-License-Identifier: MIT
// Covers kpi/families/support.h through logs; the numbers are worked out by hand.
#include <cmath>
#include <string>
#include <string_view>

#include "catch_amalgamated.hpp"
#include "tests/helpers/engine_report.h"

using Catch::Matchers::WithinAbs;
using insitu::base::Limits;
using insitu::test::Json;
using insitu::test::kReferenceTolerance;
using insitu::test::LogText;
using insitu::test::report_of;

namespace {

// A log of support events; times in seconds.
class Desk {
 public:
  Desk& add(int s, std::string_view ticket, std::string_view action) {
    log_.add("support", s * 1000,
             R"("ticket":")" + std::string(ticket) + R"(","action":")" + std::string(action) + '"');
    return *this;
  }
  Desk& fields(int s, std::string_view fields) {
    log_.add("support", s * 1000, fields);
    return *this;
  }
  Desk& of(std::string_view visitor, std::string_view session) {
    log_.of(visitor, session);
    return *this;
  }
  // The clock of this client session is `s` seconds slow.
  Desk& slow_by(int s) {
    log_.add("session_start", 0, R"("clock_offset":)" + std::to_string(s * 1000));
    return *this;
  }
  Json report(const Limits& limits = Limits::lab()) const {
    return report_of(log_.text(), {}, limits);
  }
  Json kpis() const { return report()["kpis"]; }

 private:
  LogText log_;
};

int orphans(const Json& report) { return report["quality"].value("orphan_ticket", 0); }

}  // namespace

TEST_CASE("support: without tickets there are no values", "[kpi]") {
  const Json kpis = Desk().kpis();
  CHECK(kpis["first_response_time"]["value"].is_null());
  CHECK(kpis["first_response_time"]["median"].is_null());
  CHECK(kpis["first_response_time"]["n"] == 0);
  CHECK(kpis["resolution_time"]["value"].is_null());
  CHECK(kpis["resolution_time"]["unresolved"] == 0);
  CHECK(kpis["first_contact_resolution"]["value"].is_null());
  CHECK(kpis["repeat_contact_rate"]["n"] == 0);
}

TEST_CASE("support: the first response and the last resolve count, from the first open", "[kpi]") {
  Desk desk;
  desk.add(10, "1", "open").add(70, "1", "response").add(80, "1", "response");
  desk.add(110, "1", "resolve").add(140, "1", "resolve");
  const Json kpis = desk.kpis();
  CHECK(kpis["first_response_time"]["value"] == 60);
  CHECK(kpis["first_response_time"]["ci"].is_null());
  CHECK(kpis["resolution_time"]["value"] == 130);
  CHECK(kpis["resolution_time"]["unresolved"] == 0);
  CHECK(kpis["first_contact_resolution"]["x"] == 1);
  CHECK(kpis["first_contact_resolution"]["n"] == 1);
  CHECK(kpis["repeat_contact_rate"]["x"] == 0);
  CHECK(kpis["repeat_contact_rate"]["n"] == 1);
}

TEST_CASE("support: mean, deviation and quantiles over tickets", "[kpi]") {
  Desk desk;
  for (const char* ticket : {"a", "b", "c", "never answered"}) desk.add(0, ticket, "open");
  desk.add(10, "b", "response").add(20, "a", "response").add(60, "c", "response");
  const Json times = desk.kpis()["first_response_time"];
  CHECK(times["n"] == 3);
  CHECK(times["value"] == 30);
  CHECK_THAT(times["sd"].get<double>(), WithinAbs(std::sqrt(700), kReferenceTolerance));
  CHECK(times["median"] == 20);
  CHECK_THAT(times["p90"].get<double>(), WithinAbs(52, kReferenceTolerance));
  CHECK(times["ci"][0] == 0);  // cut
  CHECK(desk.kpis()["resolution_time"]["unresolved"] == 4);
}

TEST_CASE("support: a second contact or a reopen is no first contact resolution", "[kpi]") {
  const auto rates = [](const char* action) {
    const Json kpis = Desk().add(0, "1", "open").add(1, "1", action).add(2, "1", "resolve").kpis();
    CHECK(kpis["first_contact_resolution"]["n"] == 1);
    CHECK(kpis["repeat_contact_rate"]["n"] == 1);
    CHECK(kpis["first_contact_resolution"]["x"] != kpis["repeat_contact_rate"]["x"]);
    return kpis["repeat_contact_rate"]["x"].get<int>();
  };
  CHECK(rates("contact") == 1);
  CHECK(rates("open") == 1);
  CHECK(rates("reopen") == 1);
  CHECK(rates("response") == 0);
  CHECK(rates("something") == 0);
  CHECK(rates("OPEN") == 0);
}

TEST_CASE("support: an unresolved ticket can be a repeated contact, never a resolution", "[kpi]") {
  const Json kpis = Desk().add(0, "1", "open").add(1, "1", "contact").kpis();
  CHECK(kpis["repeat_contact_rate"]["x"] == 1);
  CHECK(kpis["first_contact_resolution"]["n"] == 0);
  CHECK(kpis["resolution_time"]["unresolved"] == 1);
}

TEST_CASE("support: responses and resolves before the open are ignored, contacts count", "[kpi]") {
  Desk desk;
  desk.add(0, "1", "response").add(1, "1", "resolve").add(2, "1", "contact").add(3, "1", "open");
  const Json kpis = desk.kpis();
  CHECK(kpis["first_response_time"]["n"] == 0);
  CHECK(kpis["resolution_time"]["n"] == 0);
  CHECK(kpis["resolution_time"]["unresolved"] == 1);
  CHECK(kpis["repeat_contact_rate"]["x"] == 1);
  // In the same millisecond is not before.
  const Json at_once = desk.add(3, "1", "response").add(3, "1", "resolve").kpis();
  CHECK(at_once["first_response_time"]["value"] == 0);
  CHECK(at_once["resolution_time"]["value"] == 0);
}

TEST_CASE("support: a ticket that was never opened is told and left out", "[kpi]") {
  Desk desk;
  desk.add(0, "1", "response").add(1, "1", "resolve").add(2, "2", "nothing known");
  desk.fields(3, R"("ticket":"3")").add(4, "4", "open");
  // Without a name there is no ticket.
  desk.fields(5, R"("action":"open")")
      .add(6, "", "open")
      .fields(7, R"("ticket":7,"action":"open")");
  const Json report = desk.report();
  CHECK(orphans(report) == 3);
  CHECK(report["kpis"]["repeat_contact_rate"]["n"] == 1);
  CHECK(report["kpis"]["first_response_time"]["n"] == 0);
  CHECK(report["kpis"]["resolution_time"]["n"] == 0);
}

TEST_CASE("support: a ticket is of its visitor, over all client sessions", "[kpi]") {
  Desk desk;
  desk.add(0, "1", "open").of("a", "t").add(30, "1", "response").add(40, "1", "contact");
  desk.of("b", "s").add(5, "1", "resolve");
  const Json report = desk.report();
  CHECK(orphans(report) == 1);  // of visitor b
  CHECK(report["kpis"]["first_response_time"]["value"] == 30);
  CHECK(report["kpis"]["repeat_contact_rate"]["x"] == 1);
  CHECK(report["kpis"]["repeat_contact_rate"]["n"] == 1);
  CHECK(report["kpis"]["resolution_time"]["unresolved"] == 1);
}

TEST_CASE("support: an open that turns up later and lies earlier takes the responses since",
          "[kpi]") {
  Desk desk;
  desk.add(10, "1", "response").add(15, "1", "response").add(18, "1", "resolve");
  desk.add(20, "1", "open").add(30, "1", "response");
  CHECK(desk.kpis()["first_response_time"]["value"] == 10);
  CHECK(desk.kpis()["resolution_time"]["n"] == 0);
  desk.of("a", "t").add(12, "1", "open");
  CHECK(desk.kpis()["first_response_time"]["value"] == 3);
  CHECK(desk.kpis()["resolution_time"]["value"] == 6);
  desk.of("a", "u").add(4, "1", "open");
  CHECK(desk.kpis()["first_response_time"]["value"] == 6);
  CHECK(desk.kpis()["first_response_time"]["n"] == 1);
  // A later one changes nothing but the number of contacts.
  desk.of("a", "v").add(25, "1", "open");
  CHECK(desk.kpis()["first_response_time"]["value"] == 6);
}

TEST_CASE("support: times of different client sessions are compared by the server's clock",
          "[kpi]") {
  Desk desk;
  desk.slow_by(100).add(0, "1", "open");
  desk.of("a", "t").slow_by(-50).add(170, "1", "response").add(190, "1", "resolve");
  const Json kpis = desk.kpis();
  CHECK(kpis["first_response_time"]["value"] == 20);  // 120 - 100
  CHECK(kpis["resolution_time"]["value"] == 40);
}

TEST_CASE("support: what finds no room is told", "[kpi]") {
  Limits limits = Limits::lab();
  limits.tickets = 2;
  Desk tickets;
  tickets.add(0, "1", "open").add(0, "2", "open").add(0, "3", "open").add(1, "1", "resolve");
  Json report = tickets.report(limits);
  CHECK(report["quality"]["over_limit"] == 1);
  CHECK(report["kpis"]["repeat_contact_rate"]["n"] == 2);
  CHECK(report["kpis"]["resolution_time"]["n"] == 1);

  Desk early;
  early.add(1, "1", "response").add(2, "1", "response").add(3, "1", "response");
  early.add(4, "1", "open").add(5, "1", "response");
  report = early.report(limits);
  CHECK(report["quality"]["over_limit"] == 1);
  CHECK(report["kpis"]["first_response_time"]["value"] == 1);

  // Responses that find their open make room for others.
  Desk found;
  found.add(1, "1", "response").add(2, "1", "response");
  found.of("a", "t").add(0, "1", "open");
  found.of("a", "u").add(5, "2", "response").of("a", "v").add(3, "2", "open");
  report = found.report(limits);
  CHECK_FALSE(report["quality"].contains("over_limit"));
  CHECK(report["kpis"]["first_response_time"]["n"] == 2);
}
