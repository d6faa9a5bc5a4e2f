// SPDX-License-Identifier: MIT
// The System Usability Scale. Sources in the header.
#include "stats/sus.h"

#include <cmath>
#include <cstddef>
#include <iterator>

namespace insitu::stats {
namespace {

constexpr std::size_t kItems = 10;

struct PercentilePoint {
  double score;
  double percentile;
};
constexpr PercentilePoint kPercentiles[] = {
    {0, 0},   {5, 0.3}, {10, 0.4},  {15, 0.7},    {20, 1},   {25, 1.5}, {30, 2},
    {35, 4},  {40, 6},  {45, 8},    {50, 13},     {55, 19},  {60, 29},  {65, 41},
    {66, 44}, {67, 47}, {68, 50},   {69, 53},     {70, 56},  {71, 60},  {72, 63},
    {73, 67}, {74, 70}, {75, 73},   {76, 77},     {77, 80},  {78, 83},  {79, 86},
    {80, 88}, {85, 97}, {90, 99.8}, {95, 99.999}, {100, 100}};

struct GradeLimit {
  double from;
  const char* grade;
};
constexpr GradeLimit kGrades[] = {{84.1, "A+"}, {80.8, "A"},  {78.9, "A-"}, {77.2, "B+"},
                                  {74.1, "B"},  {72.6, "B-"}, {71.1, "C+"}, {65.0, "C"},
                                  {62.7, "C-"}, {51.7, "D"}};

}  // namespace

std::optional<double> sus_score(std::span<const double> items, bool neutral_missing) {
  if (items.size() != kItems) return std::nullopt;
  double points = 0;
  for (std::size_t i = 0; i < kItems; ++i) {
    double answer = items[i];
    if (std::isnan(answer) && neutral_missing) answer = 3;
    if (!(answer >= 1 && answer <= 5) || answer != std::floor(answer)) return std::nullopt;
    // Items are numbered from 1: those at even places are the odd, positive ones.
    points += i % 2 == 0 ? answer - 1 : 5 - answer;
  }
  return 2.5 * points;
}

double sus_percentile(double score) {
  if (!(score > 0)) return 0;
  for (std::size_t i = 1; i < std::size(kPercentiles); ++i) {
    const PercentilePoint& above = kPercentiles[i];
    if (score > above.score) continue;
    const PercentilePoint& below = kPercentiles[i - 1];
    return below.percentile + (above.percentile - below.percentile) * (score - below.score) /
                                  (above.score - below.score);
  }
  return 100;
}

const char* sus_grade(double score) {
  for (const GradeLimit& limit : kGrades) {
    if (score >= limit.from) return limit.grade;
  }
  return "F";
}

}  // namespace insitu::stats
