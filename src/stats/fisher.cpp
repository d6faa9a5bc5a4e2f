// SPDX-License-Identifier: MIT
// Fisher's exact test. Source in the header. Probabilities are taken relative to the most likely
// table by ratios of neighbours, so there are neither factorials nor logarithms to lose digits in.
#include "stats/fisher.h"

#include <algorithm>
#include <cmath>

namespace insitu::stats {
namespace {

// A table of given margins, named by its first cell a.
struct Margins {
  double n1;
  double n2;
  double successes;

  // Probability of a + 1 over that of a.
  [[nodiscard]] double up(double a) const {
    return (n1 - a) / (a + 1) * ((successes - a) / (n2 - successes + a + 1));
  }
};

// Calls visit(weight, a) for every possible table, weight 1 for the most likely one. Tables less
// likely than 1e-300 of it are left out.
template <class Visit>
void for_each_table(const Margins& margins, double mode, double lowest, double highest,
                    Visit visit) {
  double weight = 1;
  visit(weight, mode);
  for (double a = mode; a < highest && weight > 1e-300; ++a) {
    weight *= margins.up(a);
    visit(weight, a + 1);
  }
  weight = 1;
  for (double a = mode; a > lowest && weight > 1e-300; --a) {
    weight /= margins.up(a - 1);
    visit(weight, a - 1);
  }
}

}  // namespace

std::optional<double> fisher_exact(std::uint64_t x1, std::uint64_t n1, std::uint64_t x2,
                                   std::uint64_t n2) {
  if (n1 == 0 || n2 == 0 || x1 > n1 || x2 > n2) return std::nullopt;
  const auto observed = static_cast<double>(x1);
  const Margins margins{static_cast<double>(n1), static_cast<double>(n2),
                        static_cast<double>(x1) + static_cast<double>(x2)};
  const double lowest = std::max(0.0, margins.successes - margins.n2);
  const double highest = std::min(margins.successes, margins.n1);
  const double mode = std::clamp(
      std::floor((margins.n1 + 1) * (margins.successes + 1) / (margins.n1 + margins.n2 + 2)),
      lowest, highest);
  double observed_weight = 0;
  for_each_table(margins, mode, lowest, highest, [&](double weight, double a) {
    if (a == observed) observed_weight = weight;
  });
  const double limit = observed_weight * (1 + 1e-7);
  double total = 0;
  double extreme = 0;
  for_each_table(margins, mode, lowest, highest, [&](double weight, double) {
    total += weight;
    if (weight <= limit) extreme += weight;
  });
  return std::min(1.0, extreme / total);
}

}  // namespace insitu::stats
