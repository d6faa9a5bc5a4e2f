// SPDX-License-Identifier: MIT
#include "report/comparison.h"

#include <cmath>

#include "base/elementary.h"
#include "stats/compare_proportions.h"
#include "stats/two_proportion.h"
#include "stats/welch.h"

namespace insitu::report {

namespace {

using kpi::Field;
using kpi::KpiResult;

double field_of(const KpiResult& kpi, std::string_view name) {
  int depth = 0;
  for (const Field& field : kpi.fields) {
    if (depth == 0 && field.kind == Field::Kind::kNumber && kpi.name(field) == name) {
      return field.value;
    }
    depth += field.kind == Field::Kind::kBeginObject || field.kind == Field::Kind::kBeginList;
    depth -= field.kind == Field::Kind::kEnd;
  }
  return kpi::kNoData;
}

bool is_rate(const KpiResult& kpi) {
  return kpi.has_interval && kpi.n > 0 && kpi.x >= 0 && kpi.x <= kpi.n;
}

stats::Summary summary_of(double n, double mean, double sd) {
  return {.n = static_cast<std::uint64_t>(n), .mean = mean, .variance = sd * sd};
}

void compare_rates(const KpiResult& a, const KpiResult& b, double confidence, Comparison& out) {
  const auto count = [](double number) { return static_cast<std::uint64_t>(number); };
  // Some rates are shown times 100.
  const double scale = a.x > 0 ? a.value * a.n / a.x : b.x > 0 ? b.value * b.n / b.x : 1;
  const auto test = stats::compare_proportions(count(a.x), count(a.n), count(b.x), count(b.n));
  const auto interval =
      stats::two_proportion_n1(count(a.x), count(a.n), count(b.x), count(b.n), confidence);
  if (!test || !interval) return;
  out.p = test->p;
  out.test = test->method == stats::ProportionTest::kFisherExact ? "fisher_exact" : "n1_chi_square";
  out.interval = stats::Interval{scale * interval->ci.lower, scale * interval->ci.upper};
}

void take(const std::optional<stats::TComparison>& comparison, const char* test, Comparison& out) {
  if (!comparison) return;
  out.effect = comparison->effect;
  if (!comparison->test) return;
  out.interval = comparison->test->ci;
  out.p = comparison->test->p;
  out.test = test;
}

Comparison compare(const KpiResult& a, const KpiResult& b, double confidence) {
  Comparison out;
  out.info = a.info;
  out.a = a.value;
  out.b = b.value;
  out.n_a = a.n;
  out.n_b = b.n;
  out.effect = a.value - b.value;
  const double log_sd = field_of(a, "log_sd");
  const double sd = field_of(a, "sd");
  if (is_rate(a) && is_rate(b)) {
    compare_rates(a, b, confidence, out);
  } else if (!std::isnan(log_sd) || !std::isnan(field_of(b, "log_sd"))) {
    out.is_ratio = true;
    out.effect = a.value / b.value;
    take(stats::welch_log_t(summary_of(a.n, base::ln(a.value), log_sd),
                            summary_of(b.n, base::ln(b.value), field_of(b, "log_sd")), confidence),
         "welch_log_t", out);
  } else if (!std::isnan(sd) && !std::isnan(field_of(b, "sd"))) {
    take(stats::welch_t(summary_of(a.n, a.value, sd), summary_of(b.n, b.value, field_of(b, "sd")),
                        confidence),
         "welch_t", out);
  }
  return out;
}

void compare_lists(const base::Array<KpiResult>& a, const base::Array<KpiResult>& b,
                   std::string_view task, double confidence, std::vector<Comparison>& out) {
  for (const KpiResult& first : a) {
    for (const KpiResult& second : b) {
      if (first.info != second.info || std::isnan(first.value) || std::isnan(second.value)) {
        continue;
      }
      out.push_back(compare(first, second, confidence));
      out.back().task = task;
    }
  }
}

}  // namespace

std::vector<Comparison> compare(const Report& a, const Report& b, double confidence) {
  std::vector<Comparison> all;
  compare_lists(a.kpis, b.kpis, {}, confidence, all);
  for (const TaskReport& first : a.by_task) {
    for (const TaskReport& second : b.by_task) {
      if (first.task == second.task) {
        compare_lists(first.kpis, second.kpis, first.task, confidence, all);
      }
    }
  }
  return all;
}

void write_comparison(const Comparison& comparison, base::Writer& out) {
  out.begin_object();
  out.field("a", comparison.a);
  out.field("b", comparison.b);
  out.field("n_a", comparison.n_a);
  out.field("n_b", comparison.n_b);
  out.field(comparison.is_ratio ? "ratio" : "difference", comparison.effect);
  out.key("ci");
  if (comparison.interval) {
    out.begin_array();
    out.number(comparison.interval->lower);
    out.number(comparison.interval->upper);
    out.end_array();
  } else {
    out.null();
  }
  out.field("p", comparison.p);
  out.key("test");
  comparison.test ? out.text(comparison.test) : out.null();
  out.field("unit", comparison.info->unit);
  out.field("better", comparison.info->better);
  out.end_object();
}

}  // namespace insitu::report
