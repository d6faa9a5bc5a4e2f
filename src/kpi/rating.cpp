// SPDX-License-Identifier: MIT
#include "kpi/rating.h"

#include <cstring>

#include "base/sort.h"

namespace insitu::kpi {

namespace {

constexpr std::int64_t kScaleLimit = std::int64_t{1} << 31;

constexpr const events::FieldInfo& kAnswers = events::kSurveyFields[1];
static_assert(kAnswers.kind == events::FieldKind::kInts);

// Keys of scales: "1:5".
struct ScaleKeys : PairKeys {
  ScaleKeys() : PairKeys{':', true} {}
  bool read(PartialIo& io, std::string_view name, std::uint64_t& key) const {
    return PairKeys::read(io, name, key) &&
           static_cast<std::int32_t>(key >> 32) < static_cast<std::int32_t>(key);
  }
};

}  // namespace

std::size_t read_items(const events::Record& survey, double (&items)[kMaxItems]) {
  const std::span<const std::byte> list = survey.list(kAnswers);
  if (list.size() <= sizeof items && !list.empty()) std::memcpy(items, list.data(), list.size());
  return list.size() / sizeof items[0];
}

bool read_rating(const events::Record& survey, std::int64_t lowest, std::int64_t highest,
                 Rating& rating) {
  const auto& event = survey.as<events::Survey>();
  double items[kMaxItems];
  if (read_items(survey, items) != 1) return false;
  const double low = survey.has(event.kHasScaleMin) ? event.scale_min : static_cast<double>(lowest);
  const double high =
      survey.has(event.kHasScaleMax) ? event.scale_max : static_cast<double>(highest);
  if (!events::Record::is_integer(items[0]) || !events::Record::is_integer(low) ||
      !events::Record::is_integer(high) || items[0] < low || items[0] > high || low >= high) {
    return false;
  }
  rating = {static_cast<std::int64_t>(items[0]), static_cast<std::int64_t>(low),
            static_cast<std::int64_t>(high)};
  return true;
}

bool read_item_sum(const events::Record& survey, std::size_t count, double lowest, double highest,
                   std::int64_t& sum) {
  double items[kMaxItems];
  if (read_items(survey, items) != count) return false;
  sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    // The first condition is false for NaN.
    if (!(items[i] >= lowest && items[i] <= highest) || !events::Record::is_integer(items[i])) {
      return false;
    }
    sum += static_cast<std::int64_t>(items[i]);
  }
  return true;
}

void count_answer(Histogram& histogram, std::int64_t answer, std::size_t limit,
                  base::Quality& quality) {
  const auto key = static_cast<std::uint64_t>(answer);
  if (histogram.size() >= limit && !histogram.find(key)) {
    quality.add(base::Problem::kOverLimit);
  } else {
    ++histogram[key];
  }
}

bool count_rating(ScaledHistogram& histogram, const Rating& rating, std::size_t limit,
                  base::Quality& quality) {
  if (rating.lowest < -kScaleLimit || rating.highest >= kScaleLimit) return false;
  const std::uint64_t key = pair_key(rating.lowest, rating.highest);
  // Scales without answers do not come about, so that the answers bound them too.
  const bool is_full = histogram.answers >= limit;
  if (is_full && !histogram.scales.find(key)) {
    quality.add(base::Problem::kOverLimit);
    return true;
  }
  Histogram& answers = histogram.scales[key];
  const std::size_t before = answers.size();
  count_answer(answers, rating.answer, is_full ? before : limit, quality);
  histogram.answers += answers.size() - before;
  return true;
}

void add_worths(const Histogram& histogram, double lowest, double highest, Worth worth,
                Worths& worths) {
  histogram.for_each([&](std::uint64_t key, Count count) {
    const auto answer = static_cast<double>(static_cast<std::int64_t>(key));
    // In this order, so that whole answers of a scale that is its own worth stay whole.
    const double value = worth.at_lowest + (worth.at_highest - worth.at_lowest) *
                                               (answer - lowest) / (highest - lowest);
    worths.push_back({value, count});
  });
}

void add_worths(const ScaledHistogram& histogram, Worth worth, Worths& worths) {
  histogram.scales.for_each([&](std::uint64_t key, const Histogram& answers) {
    add_worths(answers, static_cast<std::int32_t>(key >> 32), static_cast<std::int32_t>(key), worth,
               worths);
  });
}

KpiResult& mean_of_worths(Sheet& sheet, const KpiInfo& info, Worths& worths, double lower,
                          double upper) {
  // So that the order of arrival cannot show in the last digit of a sum. Equal values of two scales
  // may differ in their count only.
  base::sort(worths, [](const stats::WeightedValue& a, const stats::WeightedValue& b) {
    return a.value != b.value ? a.value < b.value : a.count < b.count;
  });
  return sheet.mean(info, stats::summarize_counts({worths.data(), worths.size()}), lower, upper);
}

void walk_histogram(PartialIo& io, const char* name, Histogram& histogram) {
  io.begin(name);
  io.counts("hist", histogram, NumberKeys{});
  io.end();
}

void walk_histogram(PartialIo& io, const char* name, ScaledHistogram& histogram) {
  io.begin(name);
  io.objects("hist", histogram.scales, ScaleKeys{},
             [](PartialIo& part, std::string_view scale, Histogram& answers) {
               part.counts(scale, answers, NumberKeys{});
             });
  io.end();
}

}  // namespace insitu::kpi
