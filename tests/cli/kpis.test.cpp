// SPDX-License-Identifier: MIT
// Covers cli/kpis_command.h and with it docs/kpi.md, which is its page.
#include <fstream>
#include <sstream>

#include "catch_amalgamated.hpp"
#include "cli/kpis_command.h"
#include "kpi/options.h"
#include "kpi/registry.h"
#include "tests/helpers/vectors.h"

TEST_CASE("kpis: docs/kpi.md is what the registry says (if not: ./dev gen)", "[cli][docs]") {
  std::ifstream file(insitu::test::fixture_path("../../docs/kpi.md"), std::ios::binary);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  CHECK(text.str() == insitu::cli::kpi_page());
}

TEST_CASE("kpis: the page names every KPI and every option with its default", "[cli][docs]") {
  const std::string page = insitu::cli::kpi_page();
  CHECK(insitu::kpi::all_kpis().size() >= 65);
  for (const insitu::kpi::KpiInfo* info : insitu::kpi::all_kpis()) {
    INFO(info->id);
    CHECK(page.find(std::string("### `") + info->id + "` ") != std::string::npos);
  }
  for (const char* option : insitu::kpi::option_names()) {
    INFO(option);
    CHECK(page.find(std::string("| `") + option + "` | `") != std::string::npos);
  }
  CHECK(page.find("| `bounce_mode` | `\"single_page\"` | single_page\\|ga4 |") !=
        std::string::npos);
}
