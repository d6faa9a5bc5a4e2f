// SPDX-License-Identifier: MIT
// Answers on rating scales: read from surveys, counted, and their means.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/archive.h"
#include "base/array.h"
#include "base/flat_map.h"
#include "base/quality.h"
#include "events/batch.h"
#include "kpi/partial_io.h"
#include "kpi/result.h"
#include "stats/weighted.h"

namespace insitu::kpi {

// Answer (any whole number) -> how often it was given.
using Histogram = base::FlatMap<Count>;

// Histograms of answers by their scale, pair_key(lowest, highest) with lowest < highest.
struct ScaledHistogram {
  base::FlatMap<Histogram> scales;
  std::size_t answers = 0;  // different ones counted here, on all scales together

  void archive(base::Archive& a) { a(scales, answers); }
};

// Most items of a questionnaire.
inline constexpr std::size_t kMaxItems = 10;

// The `answers` of a survey record: NaN is a missing one, infinity one that is no number. Gives
// how many there are; `items` holds none of them when there are more than kMaxItems.
std::size_t read_items(const events::Record& survey, double (&items)[kMaxItems]);

// One answer and the scale it was given on; lowest <= answer <= highest, lowest < highest.
struct Rating {
  std::int64_t answer = 0;
  std::int64_t lowest = 0;
  std::int64_t highest = 0;
};

// Reads a survey of one question; its scale is `lowest`...`highest` unless the record gives
// another. False when the answers are invalid (KPI specification 3, "absurd values").
bool read_rating(const events::Record& survey, std::int64_t lowest, std::int64_t highest,
                 Rating& rating);

// Sum of exactly `count` whole numbers, each `lowest`...`highest`. False when they are invalid.
bool read_item_sum(const events::Record& survey, std::size_t count, double lowest, double highest,
                   std::int64_t& sum);

// Counts an answer; one that would be the first of its kind beyond `limit` kinds is a problem
// instead. O(1).
void count_answer(Histogram& histogram, std::int64_t answer, std::size_t limit,
                  base::Quality& quality);
// The same of an answer on its scale. False when the scale does not fit 32 bits.
bool count_rating(ScaledHistogram& histogram, const Rating& rating, std::size_t limit,
                  base::Quality& quality);

// What the ends of a scale are worth; between them it is a straight line.
struct Worth {
  double at_lowest;
  double at_highest;
};

// Worths and counts of answers, to be averaged.
using Worths = base::Array<stats::WeightedValue>;

void add_worths(const Histogram& histogram, double lowest, double highest, Worth worth,
                Worths& worths);
void add_worths(const ScaledHistogram& histogram, Worth worth, Worths& worths);

// Adds a mean: value, n, t interval within [lower, upper], `sd`. O(n log n); sorts `worths`.
KpiResult& mean_of_worths(Sheet& sheet, const KpiInfo& info, Worths& worths, double lower,
                          double upper);

// Walk {hist: {answer: n}} and {hist: {"lowest:highest": {answer: n}}} as the member `name`.
void walk_histogram(PartialIo& io, const char* name, Histogram& histogram);
void walk_histogram(PartialIo& io, const char* name, ScaledHistogram& histogram);

}  // namespace insitu::kpi
