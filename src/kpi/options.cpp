// SPDX-License-Identifier: MIT
#include "kpi/options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>

#include "base/archive.h"
#include "kpi/info.h"

namespace insitu::kpi {

namespace {

using base::Status;

enum class Kind : std::uint8_t {
  kNumber,
  kBool,
  kWord,
  kText,
  kTexts,
  kSteps,
  kNumbers,
  kAsOf,
  kTable,
};

// One row of the table. Members are told by their offset, so that one small loop serves all.
struct Row {
  const char* name;
  Kind kind;
  std::uint16_t offset;
  double min;        // numbers: smallest allowed; tables: numbers per key
  double max;        // numbers: largest allowed
  bool whole;        // numbers: integers only
  bool nullable;     // numbers: NaN allowed
  const char* text;  // what is allowed; words and keys: separated by '|', in their order
};

constexpr double kAny = 9e15;
constexpr std::size_t kMostCells = kHealthParts * 4;  // of a table
static_assert(kMostCells >= kVitals * 2);

#define INSITU_AT(member) static_cast<std::uint16_t>(offsetof(Options, member))
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winvalid-offsetof"
constexpr Row kRows[] = {
    {"acquisition_goals", Kind::kTexts, INSITU_AT(acquisition_goals), 0, 0, false, false,
     INSITU_TEXT("a list of goal names")},
    {"activation_goal", Kind::kText, INSITU_AT(activation_goal), 0, 0, false, false,
     INSITU_TEXT("the name of a goal")},
    {"advocacy_actions", Kind::kTexts, INSITU_AT(advocacy_actions), 0, 0, false, false,
     INSITU_TEXT("a list of social actions")},
    {"as_of", Kind::kAsOf, INSITU_AT(as_of), -1e8, 1e8, true, true,
     INSITU_TEXT("a day index (whole days since 1970), or null")},
    {"band_px", Kind::kNumber, INSITU_AT(band_px), 1, 1e6, false, false,
     INSITU_TEXT("CSS px, 1 or more")},
    {"bounce_mode", Kind::kWord, INSITU_AT(bounce_mode), 0, 1, false, false, "single_page|ga4"},
    {"cart_unit", Kind::kWord, INSITU_AT(cart_unit), 0, 1, false, false, "session|visitor_day"},
    {"ces_scale_max", Kind::kNumber, INSITU_AT(ces_scale_max), 2, 100, true, false,
     INSITU_TEXT("7 or 5")},
    {"ci_method", Kind::kWord, INSITU_AT(ci_method), 0, 2, false, false,
     "adjusted_wald|wilson|clopper_pearson"},
    {"clv_net_of_refunds", Kind::kBool, INSITU_AT(clv_net_of_refunds), 0, 1, false, false,
     INSITU_TEXT("true or false")},
    {"confidence", Kind::kNumber, INSITU_AT(confidence), 1e-9, 1 - 1e-9, false, false,
     INSITU_TEXT("a number between 0 and 1, both excluded")},
    {"conversion_goals", Kind::kTexts, INSITU_AT(conversion_goals), 0, 0, false, false,
     INSITU_TEXT("a list of goal names")},
    {"conversion_unit", Kind::kWord, INSITU_AT(conversion_unit), 0, 1, false, false,
     "visitor|session"},
    {"csat_mode", Kind::kWord, INSITU_AT(csat_mode), 0, 1, false, false, "top_box|mean_percent"},
    {"dead_interactive_only", Kind::kBool, INSITU_AT(dead_interactive_only), 0, 1, false, false,
     INSITU_TEXT("true or false")},
    {"dead_ms", Kind::kNumber, INSITU_AT(dead_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"dead_scroll_ms", Kind::kNumber, INSITU_AT(dead_scroll_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"duration_exclude_bounces", Kind::kBool, INSITU_AT(duration_exclude_bounces), 0, 1, false,
     false, INSITU_TEXT("true or false")},
    {"dwell_cap_ms", Kind::kNumber, INSITU_AT(dwell_cap_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"element_grid", Kind::kNumber, INSITU_AT(element_grid), 1, 256, true, false,
     INSITU_TEXT("a whole number from 1 to 256")},
    {"engaged_ms", Kind::kNumber, INSITU_AT(engaged_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"error_click_ms", Kind::kNumber, INSITU_AT(error_click_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"error_rate_mode", Kind::kWord, INSITU_AT(error_rate_mode), 0, 1, false, false,
     "per_attempt|share"},
    {"funnel", Kind::kSteps, INSITU_AT(funnel), 0, 0, false, false,
     INSITU_TEXT("a list of steps, each {\"page\": route} or {\"goal\": name}")},
    {"health", Kind::kTable, INSITU_AT(health), 4, 0, false, false,
     "product_types|usage_days|support_contacts|spend"},
    {"heat_cols", Kind::kNumber, INSITU_AT(heat_cols), 1, 4096, true, false,
     INSITU_TEXT("a whole number from 1 to 4096")},
    {"heat_kinds", Kind::kBool, INSITU_AT(heat_kinds), 0, 1, false, false,
     INSITU_TEXT("true or false")},
    {"heat_row_px", Kind::kNumber, INSITU_AT(heat_row_px), 1, 1e6, false, false,
     INSITU_TEXT("CSS px, 1 or more")},
    {"hll_p", Kind::kNumber, INSITU_AT(hll_p), 4, 18, true, false,
     INSITU_TEXT("a whole number from 4 to 18")},
    {"idle_cap_ms", Kind::kNumber, INSITU_AT(idle_cap_ms), 0, kAny, false, true,
     INSITU_TEXT("milliseconds, 0 or more, or null for no cap")},
    {"mau_days", Kind::kNumber, INSITU_AT(mau_days), 1, 3660, true, false,
     INSITU_TEXT("whole days, 1 or more")},
    {"max_task_ms", Kind::kNumber, INSITU_AT(max_task_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"nps_min", Kind::kNumber, INSITU_AT(nps_min), 0, 10, true, false, INSITU_TEXT("0 or 1")},
    {"partial_credit", Kind::kNumber, INSITU_AT(partial_credit), 0, 1, false, false,
     INSITU_TEXT("a number from 0 to 1")},
    {"period_days", Kind::kNumber, INSITU_AT(period_days), 1, 3660, true, false,
     INSITU_TEXT("whole days, 1 or more")},
    {"product_page", Kind::kText, INSITU_AT(product_page), 0, 0, false, false,
     INSITU_TEXT("a route, such as /product")},
    {"quick_back_ms", Kind::kNumber, INSITU_AT(quick_back_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"rage_clicks", Kind::kNumber, INSITU_AT(rage_clicks), 1, 1e6, true, false,
     INSITU_TEXT("a whole number, 1 or more")},
    {"rage_metric", Kind::kWord, INSITU_AT(rage_metric), 0, 1, false, false, "manhattan|euclid"},
    {"rage_ms", Kind::kNumber, INSITU_AT(rage_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"rage_px", Kind::kNumber, INSITU_AT(rage_px), 0, kAny, false, false,
     INSITU_TEXT("CSS px, 0 or more")},
    {"retention_days", Kind::kNumbers, INSITU_AT(retention_days), 0, 3660, true, false,
     INSITU_TEXT("a list of whole days, 0 or more")},
    {"scroll_thresholds", Kind::kNumbers, INSITU_AT(scroll_thresholds), 0, 1, false, false,
     INSITU_TEXT("a list of shares from 0 to 1")},
    {"session_timeout_ms", Kind::kNumber, INSITU_AT(session_timeout_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"sketch_alpha", Kind::kNumber, INSITU_AT(sketch_alpha), 1e-4, 0.5, false, false,
     INSITU_TEXT("a number from 0.0001 to 0.5")},
    {"sum_satisfaction_fraction", Kind::kNumber, INSITU_AT(sum_satisfaction_fraction), 0, 1, false,
     false, INSITU_TEXT("a number from 0 to 1")},
    {"sus_missing", Kind::kWord, INSITU_AT(sus_missing), 0, 1, false, false, "reject|neutral"},
    {"thrash_changes", Kind::kNumber, INSITU_AT(thrash_changes), 1, 1e6, true, false,
     INSITU_TEXT("a whole number, 1 or more")},
    {"thrash_ms", Kind::kNumber, INSITU_AT(thrash_ms), 0, kAny, false, false,
     INSITU_TEXT("milliseconds, 0 or more")},
    {"time_population", Kind::kWord, INSITU_AT(time_population), 0, 1, false, false, "success|all"},
    {"tz_offset_min", Kind::kNumber, INSITU_AT(tz_offset_min), -840, 840, true, false,
     INSITU_TEXT("minutes from -840 to 840")},
    {"umux_mode", Kind::kWord, INSITU_AT(umux_mode), 0, 1, false, false, "raw|regressed"},
    {"vital_thresholds", Kind::kTable, INSITU_AT(vital_thresholds), 2, 0, false, false,
     "LCP|INP|CLS|FCP|TTFB"},
};
#pragma GCC diagnostic pop
#undef INSITU_AT

const Row* find(std::string_view name) {
  const Row* row = std::find_if(std::begin(kRows), std::end(kRows),
                                [name](const Row& each) { return name == each.name; });
  return row == std::end(kRows) ? nullptr : row;
}

template <class T>
T& at(Options& options, const Row& row) {
  return *reinterpret_cast<T*>(reinterpret_cast<std::byte*>(&options) + row.offset);
}
template <class T>
const T& at(const Options& options, const Row& row) {
  return *reinterpret_cast<const T*>(reinterpret_cast<const std::byte*>(&options) + row.offset);
}

bool in_range(const Row& row, double value) {
  return value >= row.min && value <= row.max && (!row.whole || std::trunc(value) == value);
}

// Word number `index` of a list separated by '|'; empty beyond the last.
std::string_view word(std::string_view list, std::size_t index) {
  for (; index; --index) {
    const std::size_t bar = base::find(list, '|');
    if (bar == list.size()) return {};
    list.remove_prefix(bar + 1);
  }
  return list.substr(0, base::find(list, '|'));
}

// Calls visit(key, its numbers) for the keys of a table.
template <class Value, class Visit>
void for_each_key(const Row& row, Value* values, Visit&& visit) {
  const auto width = static_cast<std::size_t>(row.min);
  for (std::size_t i = 0; !word(row.text, i).empty(); ++i) {
    visit(word(row.text, i), std::span<Value>(values + i * width, width));
  }
}

bool same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool is_default(const Options& options, const Options& defaults, const Row& row) {
  switch (row.kind) {
    case Kind::kNumber:
      return same(at<double>(options, row), at<double>(defaults, row));
    case Kind::kAsOf:
      return !options.has_as_of;
    case Kind::kBool:
      return at<bool>(options, row) == at<bool>(defaults, row);
    case Kind::kWord:
      return at<std::uint8_t>(options, row) == at<std::uint8_t>(defaults, row);
    case Kind::kText:
    case Kind::kTexts:
    case Kind::kSteps:
      return at<base::Text>(options, row) == at<base::Text>(defaults, row);
    case Kind::kTable: {
      bool is_same = true;
      const double* other = &at<double>(defaults, row);
      for_each_key(row, &at<double>(options, row),
                   [&](std::string_view, std::span<const double> values) {
                     for (const double each : values) is_same &= same(each, *other++);
                   });
      return is_same;
    }
    case Kind::kNumbers:
      return at<base::Array<double>>(options, row) == at<base::Array<double>>(defaults, row);
  }
  return true;
}

void write_value(base::Writer& out, const Options& options, const Row& row) {
  switch (row.kind) {
    case Kind::kNumber:
    case Kind::kAsOf:
      out.number(at<double>(options, row));
      return;
    case Kind::kBool:
      out.boolean(at<bool>(options, row));
      return;
    case Kind::kWord:
      out.text(word(row.text, at<std::uint8_t>(options, row)));
      return;
    case Kind::kText:
      out.text(at<base::Text>(options, row).view());
      return;
    case Kind::kTexts:
      out.begin_array();
      base::for_each_item(at<base::Text>(options, row).view(),
                          [&out](std::string_view item) { out.text(item); });
      out.end_array();
      return;
    case Kind::kSteps:
      out.begin_array();
      base::for_each_item(at<base::Text>(options, row).view(), [&out](std::string_view step) {
        const std::size_t space = base::find(step, ' ');
        out.begin_object();
        out.field(step.substr(0, space), step.substr(space + 1));
        out.end_object();
      });
      out.end_array();
      return;
    case Kind::kNumbers:
      out.begin_array();
      for (const double each : at<base::Array<double>>(options, row)) out.number(each);
      out.end_array();
      return;
    case Kind::kTable:
      out.begin_object();
      for_each_key(row, &at<double>(options, row),
                   [&](std::string_view key, std::span<const double> values) {
                     if (std::isnan(values[0])) return;
                     out.key(key);
                     out.begin_array();
                     for (const double& each : values) {
                       // The fourth number of a part of the health score is a switch.
                       if (&each - values.data() == 3) {
                         out.boolean(each != 0);
                       } else {
                         out.number(each);
                       }
                     }
                     out.end_array();
                   });
      out.end_object();
      return;
  }
}

}  // namespace

Status Options::set_number(std::string_view name, double value) {
  const Row* row = find(name);
  if (!row) return Status::kUnknownOption;
  if (row->kind == Kind::kBool && (value == 0 || value == 1)) {
    at<bool>(*this, *row) = value != 0;
    return Status::kOk;
  }
  const bool null = std::isnan(value) && row->nullable;
  if (!null && !in_range(*row, value)) return Status::kBadOptionValue;
  if (row->kind == Kind::kAsOf) {
    has_as_of = !null;
    as_of = null ? 0 : value;
    return Status::kOk;
  }
  if (row->kind != Kind::kNumber) return Status::kBadOptionValue;
  at<double>(*this, *row) = value;
  return Status::kOk;
}

Status Options::set_text(std::string_view name, std::string_view value) {
  const Row* row = find(name);
  if (!row) return Status::kUnknownOption;
  if (row->kind == Kind::kText && !value.empty()) {
    at<base::Text>(*this, *row) = base::Text(value);
    return Status::kOk;
  }
  if (row->kind != Kind::kWord || value.empty()) return Status::kBadOptionValue;
  for (std::size_t i = 0; !word(row->text, i).empty(); ++i) {
    if (word(row->text, i) != value) continue;
    at<std::uint8_t>(*this, *row) = static_cast<std::uint8_t>(i);
    return Status::kOk;
  }
  return Status::kBadOptionValue;
}

Status Options::set_texts(std::string_view name, std::span<const std::string_view> values) {
  const Row* row = find(name);
  if (!row) return Status::kUnknownOption;
  if (row->kind == Kind::kNumbers && values.empty()) return set_numbers(name, {});
  if (row->kind != Kind::kTexts && row->kind != Kind::kSteps) return Status::kBadOptionValue;
  base::Text list;
  for (const std::string_view value : values) {
    if (base::find(value, base::kItemEnd) < value.size() ||
        (row->kind == Kind::kSteps && value.substr(0, 5) != "page " &&
         value.substr(0, 5) != "goal ")) {
      return Status::kBadOptionValue;
    }
    list.add(value);
    list.add({&base::kItemEnd, 1});
  }
  at<base::Text>(*this, *row) = std::move(list);
  return Status::kOk;
}

Status Options::set_numbers(std::string_view name, std::span<const double> values) {
  const Row* row = find(name);
  if (!row) return Status::kUnknownOption;
  if ((row->kind == Kind::kTexts || row->kind == Kind::kSteps) && values.empty()) {
    return set_texts(name, {});
  }
  if (row->kind != Kind::kNumbers) return Status::kBadOptionValue;
  for (const double value : values) {
    if (!in_range(*row, value)) return Status::kBadOptionValue;
  }
  auto& list = at<base::Array<double>>(*this, *row);
  list.clear();
  for (const double value : values) {
    // Each is a name in reports and partials, so a repeated one, to 15 decimals, counts once.
    const bool is_new = std::none_of(
        list.begin(), list.end(), [value](double each) { return std::abs(each - value) < 1e-14; });
    if (is_new) list.push_back(value);
  }
  return Status::kOk;
}

Status Options::set_table(std::string_view name, std::span<const std::string_view> keys,
                          std::span<const double> values) {
  const Row* row = find(name);
  if (!row) return Status::kUnknownOption;
  const auto width = static_cast<std::size_t>(row->min);
  if (row->kind != Kind::kTable || values.size() != keys.size() * width) {
    return Status::kBadOptionValue;
  }
  double table[kMostCells];
  std::fill(std::begin(table), std::end(table), NAN);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    bool is_known = false;
    for_each_key(*row, table, [&](std::string_view key, std::span<double> cells) {
      if (key != keys[i]) return;
      is_known = true;
      for (std::size_t j = 0; j < width; ++j) {
        cells[j] = values[i * width + j];
        is_known &= std::isfinite(cells[j]);
      }
      // Parts of the health score divide by hi - lo, and weights do not take away.
      if (width == 4) is_known &= cells[0] != cells[1] && cells[2] >= 0;
    });
    if (!is_known) return Status::kBadOptionValue;
  }
  const double* cell = table;
  for_each_key(*row, &at<double>(*this, *row), [&](std::string_view, std::span<double> cells) {
    for (double& each : cells) each = *cell++;
  });
  return Status::kOk;
}

void Options::write_differences(base::Writer& out, std::span<const char* const> names) const {
  const Options defaults;
  out.begin_object();
  for (const Row& row : kRows) {
    // What is kept besides changes no number: the same log, the same options of a partial.
    const bool wanted = names.empty() ? row.offset != offsetof(Options, heat_kinds)
                                      : std::any_of(names.begin(), names.end(), [&](const char* n) {
                                          return std::string_view(n) == row.name;
                                        });
    if (!wanted || is_default(*this, defaults, row)) continue;
    out.key(row.name);
    write_value(out, *this, row);
  }
  out.end_object();
}

std::uint64_t Options::fingerprint() const {
  // A saved state is only ever compared on one machine, so the bytes of the values will do.
  // An archive that saves changes nothing.
  auto& options = const_cast<Options&>(*this);
  std::vector<std::byte> bytes;
  base::Archive save(bytes);
  for (const Row& row : kRows) {
    switch (row.kind) {
      case Kind::kNumber:
      case Kind::kAsOf:
        save(at<double>(options, row));
        break;
      case Kind::kBool:
      case Kind::kWord:
        save(at<std::uint8_t>(options, row));
        break;
      case Kind::kText:
      case Kind::kTexts:
      case Kind::kSteps:
        save(at<base::Text>(options, row));
        break;
      case Kind::kTable:
        for_each_key(row, &at<double>(options, row),
                     [&](std::string_view, std::span<double> cells) {
                       for (double& cell : cells) save(cell);
                     });
        break;
      case Kind::kNumbers:
        save(at<base::Array<double>>(options, row));
        break;
    }
  }
  save(options.has_as_of);
  return base::checksum(bytes);
}

base::Array<const char*> option_names() {
  base::Array<const char*> names;
  for (const Row& row : kRows) names.push_back(row.name);
  return names;
}

void write_option(const Options& options, std::string_view name, base::Writer& out) {
  const Row* row = find(name);
  if (!row || (row->kind == Kind::kAsOf && !options.has_as_of)) return out.null();
  write_value(out, options, *row);
}

std::string_view allowed(std::string_view name) {
  const Row* row = find(name);
  return row && row->text ? row->text : std::string_view{};
}

}  // namespace insitu::kpi
