// SPDX-License-Identifier: MIT
// McNemar's test. Sources in the header.
#include "stats/mcnemar.h"

#include <algorithm>

#include "stats/beta.h"

namespace insitu::stats {

McNemarResult mcnemar(std::uint64_t only_first, std::uint64_t only_second) {
  const auto less = static_cast<double>(std::min(only_first, only_second));
  const auto more = static_cast<double>(std::max(only_first, only_second));
  if (more == 0) return {1, 1};
  // Binomial(less + more, 1/2) at `less`: the kernel is x y (n + 1) times the probability.
  const double probability = beta_kernel(less + 1, more + 1, 0.5, 0.5) * 4 / (less + more + 1);
  if (less == more) return {1, 1 - probability / 2};
  const double exact = std::min(1.0, 2 * beta_cdf(more, less + 1, 0.5, 0.5));
  return {exact, exact - probability};
}

}  // namespace insitu::stats
