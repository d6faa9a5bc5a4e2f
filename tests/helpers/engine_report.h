// SPDX-License-Identifier: MIT
// From log lines or batches to the report of an engine, as JSON.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "catch_amalgamated.hpp"
#include "cli/fold_log.h"
#include "engine.h"
#include "kpi/options.h"
#include "log/ndjson_reader.h"
#include "log/options_json.h"
#include "nlohmann/json.hpp"
#include "report/json.h"

namespace insitu::test {

using Json = nlohmann::json;

// The whole report as text: what must not change by a byte.
inline std::string report_text(const Engine& engine) {
  report::JsonWriter out;
  report::write_report(engine.report(), out);
  return out.take();
}

inline Json report_json(const Engine& engine) { return Json::parse(report_text(engine)); }

// "" when both report the same to the byte, else what differs.
inline std::string difference(const Engine& a, const Engine& b) {
  const std::string left = report_text(a);
  const std::string right = report_text(b);
  if (left == right) return {};
  return Json::diff(Json::parse(left), Json::parse(right)).dump();
}

// How often an engine met a problem.
inline std::uint64_t problems_of(const Engine& engine, base::Problem problem) {
  return engine.report().quality.count(problem);
}

inline Engine fold_ndjson(std::string_view log, const kpi::Options& options = {},
                          const base::Limits& limits = base::Limits::lab()) {
  log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  Engine engine(options, limits);
  cli::fold_log(reader, engine);
  return engine;
}

// The report of an NDJSON log.
inline Json report_of(std::string_view log, const kpi::Options& options = {},
                      const base::Limits& limits = base::Limits::lab()) {
  return report_json(fold_ndjson(log, options, limits));
}

// Options that differ from their defaults in one.
inline kpi::Options with(const char* name, double value) {
  kpi::Options options;
  REQUIRE(options.set_number(name, value) == base::Status::kOk);
  return options;
}
inline kpi::Options with(const char* name, const char* value) {
  kpi::Options options;
  REQUIRE(options.set_text(name, value) == base::Status::kOk);
  return options;
}
inline kpi::Options with_numbers(const char* name, const std::vector<double>& values) {
  kpi::Options options;
  REQUIRE(options.set_numbers(name, values) == base::Status::kOk);
  return options;
}
inline kpi::Options with_texts(const char* name, const std::vector<std::string_view>& values) {
  kpi::Options options;
  REQUIRE(options.set_texts(name, values) == base::Status::kOk);
  return options;
}

// Options from the text of their object, as the command and the browser read them.
inline kpi::Options options_of(const std::string& json) {
  kpi::Options options;
  INFO("options " << json);
  REQUIRE(log::apply_options(log::read_options(json), options, kpi::allowed) == "");
  return options;
}

inline constexpr double kReferenceTolerance = 1e-9;  // the reference has 12 digits or more
inline constexpr std::int64_t kHour = 3'600'000;     // ms
inline constexpr std::int64_t kDay = 24 * kHour;

// Short lines for one visitor: line("click", 5, "x":1) -> an event of visitor a, session s, at 5 ms
// after kStart with the next seq.
class LogText {
 public:
  static constexpr std::int64_t kStart = 1'767'225'600'000;  // 2026-01-01T00:00:00Z

  // `fields`: what comes between the braces after the common fields, "" or "\"x\":1,...".
  LogText& add(std::string_view type, std::int64_t ms, std::string_view fields = {}) {
    text_ += "{\"type\":\"" + std::string(type) + "\",\"t\":" + std::to_string(kStart + ms) +
             ",\"visitor\":\"" + visitor_ + "\",\"session\":\"" + session_ +
             "\",\"seq\":" + std::to_string(seq_++);
    if (!fields.empty()) text_ += "," + std::string(fields);
    text_ += "}\n";
    return *this;
  }
  LogText& view(std::int64_t ms, int pv, std::string_view page = "/", std::string_view more = {}) {
    std::string fields = "\"page\":\"" + std::string(page) + "\",\"pv\":" + std::to_string(pv);
    if (!more.empty()) fields += "," + std::string(more);
    return add("page_view", ms, fields);
  }
  // The lines that follow are of another client session.
  LogText& of(std::string_view visitor, std::string_view session) {
    visitor_ = visitor;
    session_ = session;
    seq_ = 0;
    return *this;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::string visitor_ = "a";
  std::string session_ = "s";
  int seq_ = 0;
};

inline Json kpis_of(const LogText& log, const kpi::Options& options = {}) {
  return report_of(log.text(), options)["kpis"];
}

inline Json kpi_of(const char* id, const LogText& log, const kpi::Options& options = {}) {
  return kpis_of(log, options)[id];
}

// "x/n" of a proportion.
inline std::string rate_text(const Json& kpi) { return kpi["x"].dump() + "/" + kpi["n"].dump(); }

inline std::string rate_of(const char* id, const LogText& log, const kpi::Options& options = {}) {
  return rate_text(kpi_of(id, log, options));
}

// The batches of an NDJSON log.
inline std::vector<std::vector<std::byte>> batches_of(std::string_view log) {
  log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  std::vector<std::vector<std::byte>> batches;
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo&) {
    batches.emplace_back(batch.begin(), batch.end());
  });
  return batches;
}

}  // namespace insitu::test
