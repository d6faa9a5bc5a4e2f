// SPDX-License-Identifier: MIT
// How the page behaves: script errors, web vitals.
#pragma once

#include <cmath>
#include <cstdint>

#include "base/array.h"
#include "base/flat_map.h"
#include "base/sort.h"
#include "kpi/family.h"
#include "stats/ddsketch.h"
#include "stats/quantile.h"

namespace insitu::kpi {

inline constexpr KpiInfo kJsErrorRate{.id = "js_error_rate",
                                      .unit = "errors/view",
                                      .better = "lower",
                                      .options = {},
                                      .title = INSITU_TEXT("Script errors per page view"),
                                      .family = INSITU_TEXT("performance"),
                                      .role = INSITU_TEXT("driver"),
                                      .stage = INSITU_TEXT("all"),
                                      .scope = INSITU_TEXT("page"),
                                      .formula = INSITU_TEXT("js errors / page views."),
                                      .inputs = INSITU_TEXT("error"),
                                      .edge_cases = INSITU_TEXT("no view null"),
                                      .merge = INSITU_TEXT("COUNT"),
                                      .interval = INSITU_TEXT("none"),
                                      .source = INSITU_TEXT("field usage")};

inline constexpr const char* kLcpP75Options[] = {"vital_thresholds", "sketch_alpha"};
inline constexpr KpiInfo kLcpP75{
    .id = "lcp_p75",
    .unit = "ms",
    .better = "lower",
    .options = kLcpP75Options,
    .title = INSITU_TEXT("Largest Contentful Paint, 75th percentile"),
    .family = INSITU_TEXT("performance"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("page"),
    .formula =
        INSITU_TEXT("Last `vital` LCP per page view; type-7 quantile 0.75; by default `good_share` "
                    "= share ≤ 2500; rating good ≤ 2500 < needs_improvement ≤ 4000 < poor. "
                    "`sketch` = DDSketch answer; when merged, `sketch` stands for the value."),
    .inputs = INSITU_TEXT("vital"),
    .edge_cases = INSITU_TEXT("values < 0 dropped; no value null; a vital that `vital_thresholds` "
                              "does not name is left out"),
    .merge = INSITU_TEXT("SKETCH (1 %), COUNT for good_share"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("web.dev, web-vitals")};

inline constexpr const char* kInpP75Options[] = {"vital_thresholds", "sketch_alpha"};
inline constexpr KpiInfo kInpP75{
    .id = "inp_p75",
    .unit = "ms",
    .better = "lower",
    .options = kInpP75Options,
    .title = INSITU_TEXT("Interaction to Next Paint, 75th percentile"),
    .family = INSITU_TEXT("performance"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("page"),
    .formula =
        INSITU_TEXT("Last `vital` INP per page view; type-7 quantile 0.75; by default `good_share` "
                    "= share ≤ 200; rating good ≤ 200 < needs_improvement ≤ 500 < poor. `sketch` = "
                    "DDSketch answer; when merged, `sketch` stands for the value."),
    .inputs = INSITU_TEXT("vital"),
    .edge_cases = INSITU_TEXT("values < 0 dropped; no value null; a vital that `vital_thresholds` "
                              "does not name is left out"),
    .merge = INSITU_TEXT("SKETCH (1 %), COUNT for good_share"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("web.dev, web-vitals")};

inline constexpr const char* kClsP75Options[] = {"vital_thresholds", "sketch_alpha"};
inline constexpr KpiInfo kClsP75{
    .id = "cls_p75",
    .unit = "1",
    .better = "lower",
    .options = kClsP75Options,
    .title = INSITU_TEXT("Cumulative Layout Shift, 75th percentile"),
    .family = INSITU_TEXT("performance"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("page"),
    .formula =
        INSITU_TEXT("Last `vital` CLS per page view; type-7 quantile 0.75; by default `good_share` "
                    "= share ≤ 0.1; rating good ≤ 0.1 < needs_improvement ≤ 0.25 < poor. `sketch` "
                    "= DDSketch answer; when merged, `sketch` stands for the value."),
    .inputs = INSITU_TEXT("vital"),
    .edge_cases = INSITU_TEXT("values < 0 dropped; no value null; a vital that `vital_thresholds` "
                              "does not name is left out"),
    .merge = INSITU_TEXT("SKETCH (1 %), COUNT for good_share"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("web.dev, web-vitals")};

inline constexpr const char* kFcpP75Options[] = {"vital_thresholds", "sketch_alpha"};
inline constexpr KpiInfo kFcpP75{
    .id = "fcp_p75",
    .unit = "ms",
    .better = "lower",
    .options = kFcpP75Options,
    .title = INSITU_TEXT("First Contentful Paint, 75th percentile"),
    .family = INSITU_TEXT("performance"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("page"),
    .formula =
        INSITU_TEXT("Last `vital` FCP per page view; type-7 quantile 0.75; by default `good_share` "
                    "= share ≤ 1800; rating good ≤ 1800 < needs_improvement ≤ 3000 < poor. "
                    "`sketch` = DDSketch answer; when merged, `sketch` stands for the value."),
    .inputs = INSITU_TEXT("vital"),
    .edge_cases = INSITU_TEXT("values < 0 dropped; no value null; a vital that `vital_thresholds` "
                              "does not name is left out"),
    .merge = INSITU_TEXT("SKETCH (1 %), COUNT for good_share"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("web.dev, web-vitals")};

inline constexpr const char* kTtfbP75Options[] = {"vital_thresholds", "sketch_alpha"};
inline constexpr KpiInfo kTtfbP75{
    .id = "ttfb_p75",
    .unit = "ms",
    .better = "lower",
    .options = kTtfbP75Options,
    .title = INSITU_TEXT("Time to First Byte, 75th percentile"),
    .family = INSITU_TEXT("performance"),
    .role = INSITU_TEXT("driver"),
    .stage = INSITU_TEXT("all"),
    .scope = INSITU_TEXT("page"),
    .formula = INSITU_TEXT(
        "Last `vital` TTFB per page view; type-7 quantile 0.75; by default `good_share` = share ≤ "
        "800; rating good ≤ 800 < needs_improvement ≤ 1800 < poor. `sketch` = DDSketch answer; "
        "when merged, `sketch` stands for the value."),
    .inputs = INSITU_TEXT("vital"),
    .edge_cases = INSITU_TEXT("values < 0 dropped; no value null; a vital that `vital_thresholds` "
                              "does not name is left out"),
    .merge = INSITU_TEXT("SKETCH (1 %), COUNT for good_share"),
    .interval = INSITU_TEXT("none"),
    .source = INSITU_TEXT("web.dev, web-vitals")};

// One web vital over all page views. The sketch is always kept, as it is reported beside the
// value; the values only while there are few.
class VitalValues {
 public:
  // Takes a value >= 0. False, and no change, when the sketch is full.
  bool add(double value, double good_up_to, const Setting& setting) {
    if (sketch_.count() == 0) sketch_ = stats::DDSketch(setting.options.sketch_alpha);
    // Any range of usual values fits; only values made up to fill the memory do not.
    constexpr std::size_t kBucketsPerValue = 8;
    const std::size_t samples = setting.limits.samples;
    if (sketch_.buckets().size() / kBucketsPerValue >= samples || !sketch_.add(value)) return false;
    ++n_;
    good_ += value <= good_up_to;
    if (values_.size() < samples && values_.size() + 1 == sketch_.count()) values_.push_back(value);
    return true;
  }

  void write(const KpiInfo& info, const double (&thresholds)[2], Sheet& site) const {
    const double sketched = sketch_.quantile(kQuantile).value_or(kNoData);
    KpiResult& result = site.add(info);
    result.is_sketch = values_.size() != sketch_.count();
    result.value = result.is_sketch ? sketched : exact();
    result.n = static_cast<double>(n_);
    result.number("sketch", sketched);
    result.number("good_share", ratio(good_, n_));
    result.text("rating", std::isnan(result.value)        ? nullptr
                          : result.value <= thresholds[0] ? "good"
                          : result.value <= thresholds[1] ? "needs_improvement"
                                                          : "poor");
  }

  void partial(PartialIo& io, const char* name) {
    // What is read has no values, so that is_sketch follows.
    if (io.storing() && sketch_.count() == 0) {
      sketch_ = stats::DDSketch(io.setting().options.sketch_alpha);
    }
    io.begin(name);
    io.count("n", n_);
    io.count("good", good_);
    io.sketch("sketch", sketch_);
    io.end();
  }

  void archive(base::Archive& a) { a(n_, good_, values_, sketch_); }

 private:
  static constexpr double kQuantile = 0.75;

  double exact() const {
    base::Array<double> sorted = values_;
    base::sort(sorted);
    return stats::quantile_of_sorted(sorted, kQuantile).value_or(kNoData);
  }

  Count n_ = 0;
  Count good_ = 0;
  base::Array<double> values_;  // all of them, or no longer all
  stats::DDSketch sketch_;
};

struct Performance : FamilyBase {
  static constexpr const KpiInfo* kKpis[] = {&kJsErrorRate, &kLcpP75, &kInpP75,
                                             &kClsP75,      &kFcpP75, &kTtfbP75};

  // Latest values of one page view, NaN for none.
  struct PageVitals {
    double values[kVitals] = {NAN, NAN, NAN, NAN, NAN};
  };

  struct Client {
    base::FlatMap<PageVitals> pages;  // by Step::pv

    void clear() { pages.clear(); }
    void archive(base::Archive& a) { a(pages); }
  };

  struct Totals {
    Rate js_errors;               // x errors, n page views
    VitalValues vitals[kVitals];  // by Vital

    void archive(base::Archive& a) {
      a(js_errors);
      for (VitalValues& vital : vitals) a(vital);
    }
  };

  static constexpr std::uint64_t kEvents = mask(events::EventType::kError) |
                                           mask(events::EventType::kPageView) |
                                           mask(events::EventType::kVital);

  template <class S>
  static void event(const Step& step, S& scopes) {
    if (step.type == events::EventType::kPageView) {
      ++scopes.totals.js_errors.n;
    } else if (step.type == events::EventType::kVital) {
      take_vital(step, scopes.client, scopes.totals);
    } else {
      const auto& error = step.record.as<events::Error>();
      scopes.totals.js_errors.x += step.word(error.kHasKind, error.kind) == events::words::kJs;
    }
  }

  template <class S>
  static void end_client(const sessions::ClientSession&, S& scopes) {
    close_pages(scopes.client, scopes.totals, scopes.setting, scopes.quality);
  }

  static void write(const Totals& totals, Output& out) {
    KpiResult& errors = out.site.add(kJsErrorRate);
    errors.value = ratio(totals.js_errors.x, totals.js_errors.n);
    errors.x = static_cast<double>(totals.js_errors.x);
    errors.n = static_cast<double>(totals.js_errors.n);
    for (std::size_t i = 0; i < kVitals; ++i) {
      const auto& thresholds = out.options().vital_thresholds[i];
      if (!std::isnan(thresholds[0])) totals.vitals[i].write(*kKpis[1 + i], thresholds, out.site);
    }
  }

  static void partial(PartialIo& io, Totals& totals) {
    io.rate(kJsErrorRate.id, totals.js_errors);
    for (std::size_t i = 0; i < kVitals; ++i) totals.vitals[i].partial(io, kKpis[1 + i]->id);
  }

 private:
  static void take_vital(const Step& step, Client& client, Totals& totals) {
    // Their words follow each other in the order of Vital.
    static_assert(events::words::kTTFB == events::words::kLCP + kVitals - 1 &&
                  events::words::kCLS == events::words::kLCP + static_cast<int>(Vital::kCls));
    const auto& vital = step.record.as<events::Vital>();
    const std::uint32_t which = step.word(vital.kHasName, vital.name) - events::words::kLCP;
    const double value = step.record.number(vital.kHasValue, vital.value);
    if (which >= kVitals || !(value >= 0) ||
        std::isnan(step.setting.options.vital_thresholds[which][0])) {
      return;
    }
    // A value that still comes for a page view closed here counts as one of another page view.
    if (client.pages.size() >= step.setting.limits.page_views && !client.pages.find(step.pv)) {
      close_pages(client, totals, step.setting, step.quality);
      client.clear();
    }
    client.pages[step.pv].values[which] = value;
  }

  static void close_pages(const Client& client, Totals& totals, const Setting& setting,
                          base::Quality& quality) {
    client.pages.for_each([&](std::uint64_t, const PageVitals& page) {
      for (std::size_t i = 0; i < kVitals; ++i) {
        if (!std::isnan(page.values[i]) &&
            !totals.vitals[i].add(page.values[i], setting.options.vital_thresholds[i][0],
                                  setting)) {
          quality.add(base::Problem::kOverLimit);
        }
      }
    });
  }
};

}  // namespace insitu::kpi
