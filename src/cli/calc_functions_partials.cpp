// SPDX-License-Identifier: MIT
// Whole logs, and the partials that stand for them.
#include <string>
#include <string_view>
#include <vector>

#include "cli/calc_functions.h"
#include "cli/fold_log.h"
#include "cli/input.h"
#include "cli/text.h"
#include "engine.h"
#include "log/ndjson_reader.h"
#include "log/options_json.h"
#include "partial/merge.h"
#include "partial/partial.h"
#include "report/canonical.h"
#include "report/json.h"

namespace insitu::cli {
namespace {

// KPIs by id, with what is not a KPI beside them.
Json flat_report(const Engine& engine) {
  report::JsonWriter writer;
  report::write_report(engine.report(), writer);
  Json report = Json::parse(writer.take(), nullptr, false);
  Json answer = report["kpis"];
  for (const char* part : {"by_task", "heatmaps", "quality"}) answer[part] = report[part];
  return answer;
}

// The options of a case on `options`; false and a mistake if one cannot be.
bool take_options(CalcInput& input, const Json& given, kpi::Options& options) {
  if (given.is_null()) return true;
  const std::string error = set_options(given.dump(), options);
  if (!error.empty()) input.fail(join({"options:", error}));
  return error.empty();
}

void write_value(const Json& value, base::Writer& out) {
  switch (value.type()) {
    case Json::value_t::object:
      out.begin_object();
      for (const auto& [key, member] : value.items()) {
        out.key(key);
        write_value(member, out);
      }
      out.end_object();
      return;
    case Json::value_t::array:
      out.begin_array();
      for (const Json& member : value) write_value(member, out);
      out.end_array();
      return;
    case Json::value_t::string:
      out.text(value.get_ref<const std::string&>());
      return;
    case Json::value_t::boolean:
      out.boolean(value.get<bool>());
      return;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float:
      out.number(value.get<double>());
      return;
    default:
      out.null();
  }
}

Json canonical_json(CalcInput& input) {
  if (const Json* given = input.maybe("options")) {
    if (!given->is_object()) {
      input.reject("options", "an object", *given);
      return nullptr;
    }
    // What is no option says nothing.
    Json known = Json::object();
    for (const auto& [name, value] : given->items()) {
      if (!kpi::allowed(name).empty()) known[name] = value;
    }
    kpi::Options options;
    if (!take_options(input, known, options)) return nullptr;
    return {{"canonical", partial::options_text(options)}};
  }
  const Json* value = input.maybe("value");
  if (!value) {
    input.fail("`value` or `options` is missing");
    return nullptr;
  }
  report::CanonicalWriter out;
  write_value(*value, out);
  return {{"canonical", out.take()}};
}

bool read_tree(CalcInput& input, std::string_view name, const Json& text, partial::Tree& tree) {
  if (!text.is_string()) {
    input.reject(name, "the text of a partial", text);
    return false;
  }
  const partial::ParseResult result = partial::parse(text.get_ref<const std::string&>(), tree);
  if (!result.ok()) {
    input.fail(join({name, ": ", std::to_string(result.line), ":", std::to_string(result.column),
                     ": ", result.error}));
  }
  return result.ok();
}

Json merge_partials(CalcInput& input) {
  const Json& texts = input.list("partials");
  partial::Tree sum;
  partial::Tree tree;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (!read_tree(input, join({"partials[", std::to_string(i), "]"}), texts[i], tree)) {
      return nullptr;
    }
    const partial::MergeStatus status = partial::merge(sum, tree);
    if (!status.ok()) {
      const bool is_range = status.error == partial::MergeError::kRange;
      return {{"error", is_range ? "range" : "mismatch"}, {"path", status.path}};
    }
  }
  // Nothing merged is the partial of nothing.
  if (sum.is_empty()) sum = partial::make(Engine(kpi::Options{}));
  return {{"canonical", partial::canonical(sum)}};
}

Json report_from_partial(CalcInput& input) {
  partial::Tree tree;
  const Json* text = input.maybe("partial");
  if (!text) {
    input.fail("`partial` is missing");
    return nullptr;
  }
  if (!read_tree(input, "partial", *text, tree)) return nullptr;
  partial::Head head;
  std::string error = partial::read_head(tree, head);
  kpi::Options options;
  if (error.empty()) error = set_options(head.options, options);
  Engine engine(std::move(options));
  if (error.empty()) error = partial::add(tree, engine);
  if (!error.empty()) {
    input.fail(join({"partial: ", error}));
    return nullptr;
  }
  return flat_report(engine);
}

Json event_scenario(CalcInput& input) {
  const Json& events = input.list("events");
  kpi::Options options;
  if (const Json* given = input.maybe("options")) {
    if (!take_options(input, *given, options)) return nullptr;
  }
  log::NdjsonReader reader;
  for (const Json& event : events) {
    reader.feed(event.is_string() ? event.get<std::string>()
                                  : event.dump(-1, ' ', false, Json::error_handler_t::replace));
    reader.feed("\n");
  }
  reader.finish();
  Segment segment;
  if (const Json* given = input.maybe("segment"); given && given->is_array() &&
                                                  given->size() == 2 && (*given)[0].is_string() &&
                                                  (*given)[1].is_string()) {
    segment = {(*given)[0].get<std::string>(), (*given)[1].get<std::string>()};
  }
  Engine engine(std::move(options));
  (void)fold_log(reader, segment.key, segment.value, engine);
  return flat_report(engine);
}

constexpr CalcEntry kEntries[] = {
    {"event_scenario", "events [options] [segment]", event_scenario},
    {"canonical_json", "value | options", canonical_json},
    {"merge_partials", "partials", merge_partials},
    {"report_from_partial", "partial", report_from_partial},
};

}  // namespace

std::span<const CalcEntry> partial_functions() { return kEntries; }

}  // namespace insitu::cli
