// SPDX-License-Identifier: MIT
// Covers cli/fields.h: members of a KPI and where they are.
#include "cli/fields.h"

#include <string>
#include <vector>

#include "catch_amalgamated.hpp"

using insitu::cli::flat_fields;
using insitu::cli::FlatField;
using insitu::cli::path_text;
using insitu::kpi::KpiResult;

namespace {

std::vector<std::string> paths(const KpiResult& kpi) {
  std::vector<std::string> all;
  for (const FlatField& field : flat_fields(kpi)) all.push_back(path_text(field));
  return all;
}

}  // namespace

TEST_CASE("fields: plain members have one name", "[cli]") {
  KpiResult kpi;
  CHECK(flat_fields(kpi).empty());
  kpi.number("mean", 2.5);
  kpi.text("grade", "A+");
  kpi.text("rating", nullptr);
  const std::vector<FlatField> fields = flat_fields(kpi);
  REQUIRE(fields.size() == 3);
  CHECK(fields[0].path == std::vector<std::string>{"mean"});
  CHECK(fields[0].value == 2.5);
  CHECK_FALSE(fields[0].is_text);
  CHECK(fields[1].is_text);
  CHECK(std::string(fields[1].text) == "A+");
  CHECK(fields[2].is_text);
  CHECK(fields[2].text == nullptr);
}

TEST_CASE("fields: members of groups come with the names around them, those of lists by number",
          "[cli]") {
  KpiResult kpi;
  kpi.begin_object("by_page");
  kpi.begin_object("/cart");
  kpi.number("exits", 1.0);
  kpi.end();
  kpi.begin_object("");
  kpi.number("exits", 2.0);
  kpi.end();
  kpi.end();
  kpi.begin_list("reached");
  kpi.number("", 10.0);
  kpi.number("", 7.0);
  kpi.begin_list("");
  kpi.number("", 3.0);
  kpi.end();
  kpi.number("", 5.0);
  kpi.end();
  kpi.begin_object("nothing");
  kpi.end();
  kpi.number("last", 4.0);
  CHECK(paths(kpi) == std::vector<std::string>{"by_page./cart.exits", "by_page..exits", "reached.0",
                                               "reached.1", "reached.2.0", "reached.3", "last"});
  CHECK(flat_fields(kpi)[0].path == std::vector<std::string>{"by_page", "/cart", "exits"});
}
