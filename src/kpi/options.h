// SPDX-License-Identifier: MIT
// The options of the KPI specification: where the field disagrees, the user chooses.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "base/array.h"
#include "base/status.h"
#include "base/text.h"
#include "base/writer.h"
#include "stats/rate_interval.h"

namespace insitu::kpi {

enum class BounceMode : std::uint8_t { kSinglePage, kGa4 };
enum class ConversionUnit : std::uint8_t { kVisitor, kSession };
enum class CartUnit : std::uint8_t { kSession, kVisitorDay };
enum class CsatMode : std::uint8_t { kTopBox, kMeanPercent };
enum class UmuxMode : std::uint8_t { kRaw, kRegressed };
enum class SusMissing : std::uint8_t { kReject, kNeutral };
enum class TimePopulation : std::uint8_t { kSuccess, kAll };
enum class ErrorRateMode : std::uint8_t { kPerAttempt, kShare };
enum class RageMetric : std::uint8_t { kManhattan, kEuclid };

// One part of the customer health score: s = cut((v - lo) / (hi - lo), 0, 1).
struct HealthPart {
  double lo;
  double hi;
  double weight;    // NaN: the part does not count
  double inverted;  // not 0: 1 - s
};
inline constexpr std::size_t kHealthParts = 4;
enum class HealthInput : std::uint8_t { kProductTypes, kUsageDays, kSupportContacts, kSpend };

inline constexpr std::size_t kVitals = 5;
enum class Vital : std::uint8_t { kLcp, kInp, kCls, kFcp, kTtfb };

// Values as in section 9 of the specification; the defaults are its defaults. Set them before the
// first event: an engine folds everything under the same options.
struct Options {
  double confidence = 0.95;
  stats::CiMethod ci_method = stats::CiMethod::kAdjustedWald;
  double session_timeout_ms = 1'800'000;
  double idle_cap_ms = 30'000;  // NaN: no cap (null)
  double engaged_ms = 10'000;
  BounceMode bounce_mode = BounceMode::kSinglePage;
  bool duration_exclude_bounces = false;
  ConversionUnit conversion_unit = ConversionUnit::kVisitor;
  // Lists are held as base::for_each_item() reads them.
  base::Text conversion_goals{"order\x1f"};
  base::Text acquisition_goals{"signup\x1f"};
  base::Text activation_goal{"activate"};
  base::Text product_page{"/product"};
  // Steps "page /route" or "goal name".
  base::Text funnel{"page /product\x1fpage /cart\x1fpage /checkout\x1fgoal order\x1f"};
  CartUnit cart_unit = CartUnit::kSession;
  CsatMode csat_mode = CsatMode::kTopBox;
  double nps_min = 0;
  double ces_scale_max = 7;
  UmuxMode umux_mode = UmuxMode::kRaw;
  SusMissing sus_missing = SusMissing::kReject;
  TimePopulation time_population = TimePopulation::kSuccess;
  double max_task_ms = 3'600'000;
  double partial_credit = 0;
  ErrorRateMode error_rate_mode = ErrorRateMode::kPerAttempt;
  double rage_clicks = 3;
  double rage_px = 30;
  double rage_ms = 1000;
  RageMetric rage_metric = RageMetric::kManhattan;
  double dead_ms = 2500;
  double dead_scroll_ms = 100;
  bool dead_interactive_only = false;
  double error_click_ms = 1000;
  double quick_back_ms = 7000;
  double thrash_changes = 10;
  double thrash_ms = 2000;
  base::Array<double> scroll_thresholds{0.25, 0.5, 0.75, 0.9, 1.0};
  double period_days = 30;
  double mau_days = 28;
  base::Array<double> retention_days{1, 7, 30};
  double as_of = 0;  // day index; used only when has_as_of
  bool has_as_of = false;
  bool clv_net_of_refunds = false;
  double tz_offset_min = 0;
  double sketch_alpha = 0.01;
  double hll_p = 12;
  double heat_cols = 32;
  bool heat_kinds = false;  // keep heatmap::ClickMaps
  double heat_row_px = 40;
  double band_px = 100;
  double element_grid = 8;
  double dwell_cap_ms = 1000;
  base::Text advocacy_actions{"referral\x1freview\x1fshare\x1f"};
  double sum_satisfaction_fraction = 0.75;
  // By HealthInput.
  HealthPart health[kHealthParts] = {
      {0, 5, 0.25, 0}, {0, 365, 0.25, 0}, {0, 5, 0.25, 1}, {0, 50'000, 0.25, 0}};
  // By Vital: good up to, needs improvement up to; NaN: the vital is not reported.
  double vital_thresholds[kVitals][2] = {
      {2500, 4000}, {200, 500}, {0.1, 0.25}, {1800, 3000}, {800, 1800}};

  // Each sets one option by its name in the specification. kUnknownOption when there is none of
  // that name, kBadOptionValue when the value is outside its range or of another kind; then nothing
  // changes. Booleans are numbers 0 and 1; null is NaN.
  base::Status set_number(std::string_view name, double value);
  base::Status set_text(std::string_view name, std::string_view value);
  base::Status set_texts(std::string_view name, std::span<const std::string_view> values);
  base::Status set_numbers(std::string_view name, std::span<const double> values);
  // An object of lists of equal length: values of keys[0], then of keys[1], ... What has no key is
  // switched off.
  base::Status set_table(std::string_view name, std::span<const std::string_view> keys,
                         std::span<const double> values);

  // Writes an object of those of `names` that differ from their default; when `names` is empty of
  // all options that numbers depend on, which are all but heat_kinds. Keys in the order of the
  // table.
  void write_differences(base::Writer& out, std::span<const char* const> names) const;

  // Equal for equal options: guards saved state. O(options).
  std::uint64_t fingerprint() const;
};

// Names of all options, in alphabetical order.
base::Array<const char*> option_names();
// Writes the value of an option; null when there is none of the name.
void write_option(const Options& options, std::string_view name, base::Writer& out);

// What an option may be, in words, for messages; empty when there is no such option.
std::string_view allowed(std::string_view name);

}  // namespace insitu::kpi
