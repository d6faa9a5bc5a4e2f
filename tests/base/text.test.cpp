// SPDX-License-Identifier: MIT
// Covers base/text.h, base/append.h and base/float.h.
#include "base/text.h"

#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/append.h"
#include "base/float.h"
#include "catch_amalgamated.hpp"

namespace base = insitu::base;
using base::Text;

namespace {

std::vector<std::string> items(std::string_view list) {
  std::vector<std::string> all;
  base::for_each_item(list, [&](std::string_view item) { all.emplace_back(item); });
  return all;
}

}  // namespace

TEST_CASE("text: owns its bytes, NUL among them", "[base]") {
  std::string source("a\0b", 3);
  const Text text{std::string_view(source)};
  source.clear();
  CHECK(text.view() == std::string_view("a\0b", 3));
}

TEST_CASE("text: grows, is compared by its bytes and can be cleared", "[base]") {
  Text text;
  CHECK(text.view().empty());
  CHECK(text == Text(""));
  text.add("one");
  text.add("");
  text.add(" two");
  CHECK(text == Text("one two"));
  CHECK_FALSE(text == Text("one"));
  text.clear();
  CHECK(text.view().empty());
}

TEST_CASE("text: a list has the items that were ended, empty ones too", "[base]") {
  CHECK(items("").empty());
  CHECK(items("order\x1f") == std::vector<std::string>{"order"});
  CHECK(items("a\x1f\x1f"
              "b\x1f") == std::vector<std::string>{"a", "", "b"});
  CHECK(items("a\x1frest without an end") == std::vector<std::string>{"a"});
}

TEST_CASE("append: puts values behind those that are there", "[base]") {
  std::vector<int> values{1};
  const int more[] = {2, 3};
  base::append(values, more, 2);
  base::append(values, more, 0);
  base::append<int>(values, nullptr, 0);
  CHECK(values == std::vector<int>{1, 2, 3});
}

TEST_CASE("float: finite numbers, cuts and rounding", "[base]") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  CHECK(base::is_finite(0));
  CHECK(base::is_finite(std::numeric_limits<double>::max()));
  CHECK(base::is_finite(5e-324));
  CHECK_FALSE(base::is_finite(infinity));
  CHECK_FALSE(base::is_finite(-infinity));
  CHECK_FALSE(base::is_finite(std::nan("")));

  CHECK(base::cut(0.5, 0, 1) == 0.5);
  CHECK(base::cut(-1, 0, 1) == 0);
  CHECK(base::cut(2, 0, 1) == 1);
  CHECK(base::cut(std::nan(""), 0, 1) == 0);

  CHECK(base::round_half_even(0.5) == 0);
  CHECK(base::round_half_even(1.5) == 2);
  CHECK(base::round_half_even(2.5) == 2);
  CHECK(base::round_half_even(-0.5) == 0);
  CHECK(base::round_half_even(2.4999) == 2);
}
