// SPDX-License-Identifier: MIT
// Covers stats/activity.h.
#include "stats/activity.h"

#include <algorithm>
#include <set>
#include <vector>

#include "tests/helpers/random.h"
#include "tests/helpers/vectors.h"

using namespace insitu;

namespace {

std::vector<stats::GapCount> rows_of(const test::Json& in) {
  std::vector<stats::GapCount> rows;
  for (const test::Json& row : in.at("counts")) rows.push_back({row[0], row[1], row[2]});
  return rows;
}

// Active days of some visitors, and the rows their browsers report, gaps cut at `cut`.
struct Site {
  std::vector<std::set<std::int64_t>> visitors;
  std::vector<stats::GapCount> rows;
};

Site random_site(test::Random& random, std::int64_t cut) {
  Site site;
  for (int i = 0; i < 30; ++i) {
    std::set<std::int64_t> days;
    const std::uint64_t visits = 1 + random.below(12);
    for (std::uint64_t k = 0; k < visits; ++k) {
      days.insert(static_cast<std::int64_t>(random.below(90)) - 10);
    }
    std::int64_t before = *days.begin() - cut;
    for (const std::int64_t day : days) {
      site.rows.push_back({day, std::min(day - before, cut), 1});
      before = day;
    }
    site.visitors.push_back(std::move(days));
  }
  random.shuffle(site.rows);
  return site;
}

bool is_active(const std::set<std::int64_t>& days, std::int64_t from, std::int64_t to) {
  const auto first = days.lower_bound(from);
  return first != days.end() && *first < to;
}

}  // namespace

TEST_CASE("active visitors from gaps pass their vectors", "[stats][vectors]") {
  test::check_vectors("mau_from_gaps", [](const test::Json& in) {
    return test::Json::object(
        {{"value", stats::mau_from_gaps(rows_of(in), in.at("day"), in.at("window"))}});
  });
}

TEST_CASE("retention from gaps passes its vectors", "[stats][vectors]") {
  test::check_vectors("retention_from_gaps", [](const test::Json& in) {
    const auto found = stats::retention_from_gaps(rows_of(in), in.at("as_of"), in.at("period"));
    return test::Json{{"at_start", found.at_start}, {"retained", found.retained}};
  });
}

TEST_CASE("counting gaps gives what counting the visitors themselves gives", "[stats]") {
  test::Random random(7);
  std::int64_t retained = 0;
  for (int round = 0; round < 40; ++round) {
    const Site site = random_site(random, 60);
    const auto as_of = static_cast<std::int64_t>(random.below(100));
    for (const std::int64_t window : {1, 7, 28, 30}) {
      std::int64_t active = 0;
      stats::GapRetention expected;
      for (const auto& days : site.visitors) {
        active += is_active(days, as_of - window, as_of);
        const bool was_there = is_active(days, as_of - 2 * window, as_of - window);
        expected.at_start += was_there;
        expected.retained += was_there && is_active(days, as_of - window, as_of);
      }
      CHECK(stats::mau_from_gaps(site.rows, as_of - 1, window) == active);
      const auto found = stats::retention_from_gaps(site.rows, as_of, window);
      CHECK(found.at_start == expected.at_start);
      CHECK(found.retained == expected.retained);
      retained += found.retained;
    }
  }
  CHECK(retained > 100);
}

TEST_CASE("nobody active is 0 visitors and 0 retained", "[stats]") {
  CHECK(stats::mau_from_gaps({}, 10, 28) == 0);
  CHECK(stats::retention_from_gaps({}, 10, 30).at_start == 0);
  CHECK(stats::retention_from_gaps({}, 10, 30).retained == 0);
}
