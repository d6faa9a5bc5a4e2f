// SPDX-License-Identifier: MIT
// The common part of the t tests.
#include "stats/t_test.h"

#include <cmath>

#include "base/elementary.h"
#include "stats/student_t.h"

namespace insitu::stats {

TComparison t_comparison(double difference, double standard_error, double df, double confidence) {
  TComparison result{difference, std::nullopt};
  if (!(standard_error > 0) || !is_confidence(confidence)) return result;
  const double t = difference / standard_error;
  const double half = student_t_two_sided(confidence, df) * standard_error;
  result.test = TComparison::Test{
      t, df, student_t_two_sided_p(t, df), {difference - half, difference + half}};
  return result;
}

TComparison as_ratio(const TComparison& logs) {
  TComparison result = logs;
  result.effect = base::exp(logs.effect);
  if (result.test) {
    result.test->ci = {base::exp(logs.test->ci.lower), base::exp(logs.test->ci.upper)};
  }
  return result;
}

}  // namespace insitu::stats
