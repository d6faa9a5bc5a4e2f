// SPDX-License-Identifier: MIT
#include "cli/table.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "cli/fields.h"
#include "cli/text.h"
#include "report/json.h"

namespace insitu::cli {
namespace {

using kpi::KpiResult;

// Column widths; the note takes the rest.
constexpr std::size_t kTitle = 30;
constexpr std::size_t kValue = 11;
constexpr std::size_t kInterval = 21;
constexpr std::size_t kCounts = 12;
constexpr std::string_view kGap = "  ";
constexpr std::size_t kNote =
    kTableColumns - kTitle - kValue - kInterval - kCounts - 5 * kGap.size();

// Tenths of a per cent mean nothing while one observation is worth more than one.
int percent_decimals(const KpiResult& kpi) { return kpi.n >= 1000 ? 1 : 0; }

std::string value_text(const KpiResult& kpi, double value) {
  const std::string_view unit = kpi.info->unit;
  if (unit == "ratio") return percent_text(value, percent_decimals(kpi));
  if (unit == "s") return duration_text(value);
  if (unit == "ms") return duration_text(value / 1000);
  return number_text(value);
}

// Units that value_text() writes itself, and plain counts, need no word in the note.
bool is_unit_shown(std::string_view unit) {
  return unit != "ratio" && unit != "s" && unit != "ms" && unit != "count";
}

bool has_range(const KpiResult& kpi) {
  return kpi.has_interval && !std::isnan(kpi.interval.lower) && !std::isnan(kpi.interval.upper);
}

std::string range_text(const KpiResult& kpi) {
  return join({value_text(kpi, kpi.interval.lower), "–", value_text(kpi, kpi.interval.upper)});
}

std::string counts_text(const KpiResult& kpi) {
  if (std::isnan(kpi.n)) return {};
  if (std::isnan(kpi.x)) return join({"n = ", number_text(kpi.n)});
  return join({number_text(kpi.x), " of ", number_text(kpi.n)});
}

double find_extra(const KpiResult& kpi, std::string_view name) {
  int depth = 0;
  for (const kpi::Field& field : kpi.fields) {
    depth += field.kind == kpi::Field::Kind::kBeginObject;
    depth += field.kind == kpi::Field::Kind::kBeginList;
    depth -= field.kind == kpi::Field::Kind::kEnd;
    if (depth == 0 && kpi.name(field) == name) return field.value;
  }
  return kpi::kNoData;
}

std::string note_text(const KpiResult& kpi) {
  std::vector<std::string> notes;
  if (is_unit_shown(kpi.info->unit)) notes.emplace_back(kpi.info->unit);
  const double laplace = find_extra(kpi, "laplace");
  if (kpi.n > 0 && kpi.n < kSmallSample && !std::isnan(laplace)) {
    notes.push_back(join({"laplace ", percent_text(laplace, 0)}));
  }
  for (const char* name : {"excluded", "unresolved", "exempt"}) {
    const double count = find_extra(kpi, name);
    if (count > 0) notes.push_back(join({number_text(count), " ", name}));
  }
  if (const double median = find_extra(kpi, "median"); !std::isnan(median)) {
    notes.push_back(join({"median ", value_text(kpi, median)}));
  }
  std::string text;
  for (const std::string& note : notes) {
    const std::string longer = text.empty() ? note : join({text, ", ", note});
    if (width(longer) > kNote && !text.empty()) break;
    text = longer;
  }
  return cut_to(text, kNote);
}

class Table {
 public:
  explicit Table(bool is_coloured) : is_coloured_(is_coloured) {}

  void line(std::string_view text) {
    out_ += text;
    out_.erase(out_.find_last_not_of(' ') + 1);
    out_ += '\n';
  }

  void blank() { out_ += '\n'; }

  void heading(std::string_view text) {
    const std::string cut = cut_to(text, kTableColumns);
    line(is_coloured_ ? join({"\x1b[1m", cut, "\x1b[0m"}) : cut);
  }

  void row(std::string_view title, std::string_view value, std::string_view interval,
           std::string_view counts, std::string_view note) {
    add_title(title);
    line_ += pad_left(value, kValue);
    line_ += kGap;
    line_ += pad_right(interval, kInterval);
    line_ += kGap;
    line_ += pad_right(counts, kCounts);
    line_ += kGap;
    line_ += note;
    flush();
  }

  // One text in the room of value, interval and counts.
  void spanned_row(std::string_view title, std::string_view text, std::string_view note) {
    constexpr std::size_t kSpan = kValue + kInterval + kCounts + 2 * kGap.size();
    add_title(title);
    line_ += pad_right(cut_to(text, kSpan), kSpan);
    line_ += kGap;
    line_ += note;
    flush();
  }

  void kpis(std::span<const KpiResult> kpis) {
    std::vector<std::string_view> families;
    for (const KpiResult& kpi : kpis) {
      const std::string_view family = family_of(kpi);
      if (std::find(families.begin(), families.end(), family) == families.end()) {
        families.push_back(family);
      }
    }
    for (const std::string_view family : families) {
      blank();
      std::string name(family);
      if (!name.empty() && name[0] >= 'a' && name[0] <= 'z')
        name[0] = static_cast<char>(name[0] - 32);
      heading(name);
      for (const KpiResult& kpi : kpis) {
        if (family_of(kpi) == family) add(kpi);
      }
    }
  }

  void add(const KpiResult& kpi) {
    const std::string title = kpi.info->title ? kpi.info->title : kpi.info->id;
    const std::string note = note_text(kpi);
    const std::string counts = counts_text(kpi);
    if (kpi.n > 0 && kpi.n < kSmallSample && has_range(kpi)) {
      spanned_row(title,
                  join({range_text(kpi), " (", value_text(kpi, kpi.value), ", ", counts, ")"}),
                  note);
    } else {
      // Some KPIs are nothing but a list of parts.
      row(title, kpi.has_value ? value_text(kpi, kpi.value) : "",
          has_range(kpi) ? range_text(kpi) : "", counts, note);
    }
    parts(kpi);
  }

  std::string take() { return std::move(out_); }

 private:
  static std::string_view family_of(const KpiResult& kpi) {
    return kpi.info->family ? kpi.info->family : "";
  }

  void add_title(std::string_view title) {
    line_ = kGap;
    line_ += pad_right(cut_to(title, kTitle), kTitle);
    line_ += kGap;
  }

  void flush() {
    line(cut_to(line_, kTableColumns));
    line_.clear();
  }

  // Groups as "reach: 0.25 86 %, 0.5 71 %", broken between two parts where a line is full. Of
  // parts that have a `value` only that is shown.
  void parts(const KpiResult& kpi) {
    const std::vector<FlatField> fields = flat_fields(kpi);
    std::string group;
    std::string text;
    std::size_t in_line = 0;
    const std::string indent(2 * kGap.size(), ' ');
    const auto end = [&] {
      if (!group.empty()) line(cut_to(text, kTableColumns));
      group.clear();
    };
    for (const FlatField& field : fields) {
      const std::size_t depth = field.path.size();
      if (depth < 2 || field.is_text || (depth > 2 && field.path.back() != "value")) continue;
      if (field.path[0] == "ci") continue;
      // A KPI of rates by name has no group of its own.
      const bool is_named = depth == 2 && field.path[1] == "value" && !kpi.has_value;
      if (depth == 2 && !kpi.has_value && !is_named && is_rate_member(field.path[1])) continue;
      const std::string own = is_named ? "by name" : field.path[0];
      if (own != group) {
        end();
        group = own;
        text = is_named ? indent : join({indent, printable(group), ": "});
        in_line = 0;
      }
      const std::string& name = is_named ? field.path[0] : field.path[1];
      const std::string label = cut_to(printable(name), kTableColumns / 2);
      const bool is_count = !is_named && is_count_group(field.path[0]);
      const std::string item =
          join({label, " ", is_count ? number_text(field.value) : value_text(kpi, field.value)});
      if (in_line > 0 && width(text) + width(item) + 2 > kTableColumns) {
        line(join({text, ","}));
        text = join({indent, kGap});
        in_line = 0;
      }
      if (in_line++ > 0) text += ", ";
      text += item;
    }
    end();
  }

  // Groups that count, whatever the unit of their KPI.
  static bool is_count_group(std::string_view name) {
    return name == "reached" || name == "by_action" || name == "topics";
  }

  static bool is_rate_member(std::string_view name) {
    return name == "value" || name == "x" || name == "n" || name == "ci";
  }

  bool is_coloured_;
  std::string line_;
  std::string out_;
};

std::string options_text(const kpi::Options& options) {
  report::JsonWriter json;
  options.write_differences(json, {});
  return json.take();
}

}  // namespace

std::string problem_text(base::Problem problem, double count) {
  switch (problem) {
    case base::Problem::kMalformed:
      return join({count_text(count, "line", "lines"), " malformed"});
    case base::Problem::kUnknownType:
      return join({count_text(count, "event", "events"), " of an unknown type"});
    case base::Problem::kDuplicate:
      return count_text(count, "duplicate event", "duplicate events");
    case base::Problem::kOutOfOrder:
      return join({count_text(count, "event", "events"), " out of order (sorted)"});
    case base::Problem::kClockBack:
      return join({count_text(count, "step", "steps"), " back of a clock (counted as 0 ms)"});
    case base::Problem::kBadTaskStart:
      return join({count_text(count, "task start", "task starts"), " without a task, or repeated"});
    case base::Problem::kOrphanTaskEnd:
      return join({count_text(count, "task end", "task ends"), " without a start"});
    case base::Problem::kInvalidAnswers:
      return join({count_text(count, "answer", "answers"), " outside the scale"});
    case base::Problem::kDuplicateOrder:
      return join({count_text(count, "order", "orders"), " with an id that was there before"});
    case base::Problem::kOrphanTicket:
      return join({count_text(count, "ticket", "tickets"), " never opened"});
    case base::Problem::kBadBatch:
      return join({count_text(count, "batch", "batches"), " unreadable"});
    case base::Problem::kBadString:
      return join({count_text(count, "text", "texts"), " not defined in the batch"});
    case base::Problem::kOverLimit:
      return join({count_text(count, "value", "values"), " beyond a limit, left out"});
    case base::Problem::kLate:
      return join(
          {count_text(count, "event", "events"), " after their window had closed (dropped)"});
  }
  return {};
}

std::string to_table(const report::Report& report, std::string_view title, bool is_coloured) {
  Table table(is_coloured);
  table.heading(printable(title));
  const kpi::Options defaults;
  const kpi::Options& used = report.options != nullptr ? *report.options : defaults;
  if (const std::string options = options_text(used); options != "{}") {
    table.line(cut_to(join({"options ", printable(options)}), kTableColumns));
  }
  if (!report.exact) table.line("Some values come from a sketch and may be 1 % off.");
  table.blank();
  table.row("", "value", join({percent_text(used.confidence, 0), " interval"}), "n", "note");
  table.kpis(report.kpis);
  for (const report::TaskReport& task : report.by_task) {
    table.blank();
    table.heading(join({"Task ", printable(task.task)}));
    for (const KpiResult& kpi : task.kpis) table.add(kpi);
  }
  table.blank();
  table.heading("Data quality");
  bool is_clean = true;
  for (std::size_t i = 0; i < base::kProblemCount; ++i) {
    const auto problem = static_cast<base::Problem>(i);
    const auto count = static_cast<double>(report.quality.count(problem));
    if (count == 0) continue;
    table.line("  " + problem_text(problem, count));
    is_clean = false;
  }
  if (is_clean) table.line("  nothing was dropped");
  return table.take();
}

}  // namespace insitu::cli
