// SPDX-License-Identifier: MIT
// Partials from their text.
#pragma once

#include <string>

#include "catch_amalgamated.hpp"
#include "partial/tree.h"

namespace insitu::test {

// What `json` says; the test fails if it is refused.
inline partial::Tree tree_of(const std::string& json) {
  partial::Tree tree;
  const partial::ParseResult result = partial::parse(json, tree);
  INFO(json.substr(0, 200));
  REQUIRE(result.error == "");
  return tree;
}

}  // namespace insitu::test
