// SPDX-License-Identifier: MIT
// Covers events/batch_strings.h.
#include "events/batch_strings.h"

#include <string>

#include "base/limits.h"
#include "catch_amalgamated.hpp"

using insitu::base::Limits;
using insitu::events::BatchStrings;
using insitu::events::StringTable;
namespace words = insitu::events::words;

TEST_CASE("batch strings: well-known words need no definition", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  CHECK(strings.text(words::kSuccess) == "success");
  CHECK(strings.keep(words::kSuccess) == words::kSuccess);
  CHECK(strings.known(words::kSuccess) == words::kSuccess);
}

TEST_CASE("batch strings: ids that are not defined are none", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(258, "defined"));
  for (const std::uint32_t id : {0u, 54u, 200u, 256u, 257u, 259u, 0xffffffffu}) {
    INFO(id);
    CHECK(strings.text(id).empty());
    CHECK(strings.keep(id) == StringTable::kNone);
    CHECK(strings.known(id) == StringTable::kNone);
  }
}

TEST_CASE("batch strings: a text enters the table only when it is kept", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(256, "/cart"));
  CHECK(strings.text(256) == "/cart");
  CHECK(strings.known(256) == StringTable::kNone);
  CHECK(table.find("/cart") == StringTable::kNone);
  const std::uint32_t kept = strings.keep(256);
  CHECK(table.text(kept) == "/cart");
  CHECK(strings.keep(256) == kept);
  CHECK(strings.known(256) == kept);
}

TEST_CASE("batch strings: known finds what the table has from elsewhere", "[events]") {
  StringTable table(Limits::lab());
  const std::uint32_t goal = table.intern("signup");
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(256, "signup"));
  CHECK(strings.known(256) == goal);
  // A word that a writer spelled out is still that word.
  REQUIRE(strings.define(257, "success"));
  CHECK(strings.known(257) == words::kSuccess);
  CHECK(strings.keep(257) == words::kSuccess);
}

TEST_CASE("batch strings: ids end with the limit", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 2);
  CHECK(strings.define(256, "a"));
  CHECK(strings.define(257, "b"));
  CHECK_FALSE(strings.define(258, "c"));
  CHECK_FALSE(strings.define(0xffffffff, "d"));
  CHECK(strings.text(258).empty());
}

TEST_CASE("batch strings: a later definition of an id counts", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 2);
  REQUIRE(strings.define(256, "a"));
  const std::uint32_t a = strings.keep(256);
  REQUIRE(strings.define(256, "b"));
  CHECK(strings.text(256) == "b");
  CHECK(strings.keep(256) != a);
}

TEST_CASE("batch strings: the next batch starts with none", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(256, "a"));
  const std::uint32_t a = strings.keep(256);
  strings.clear();
  CHECK(strings.text(256).empty());
  CHECK(strings.keep(256) == StringTable::kNone);
  CHECK(table.text(a) == "a");
}

TEST_CASE("batch strings: the empty text is defined and no string", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(256, std::string_view("")));
  CHECK(strings.text(256).empty());
  CHECK(strings.keep(256) == StringTable::kNone);
}

TEST_CASE("batch strings: asking for an undefined id is noted until somebody looks", "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(256, "a"));
  (void)strings.keep(256);
  (void)strings.known(words::kSuccess);
  (void)strings.text(0);
  (void)strings.keep(0);
  CHECK_FALSE(strings.take_missed());
  (void)strings.keep(257);
  CHECK(strings.take_missed());
  CHECK_FALSE(strings.take_missed());
  (void)strings.known(200);
  CHECK(strings.take_missed());
  (void)strings.text(300);
  CHECK(strings.take_missed());
}

TEST_CASE("batch strings: the empty text and 0 are defined, other ids need a definition",
          "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 10);
  REQUIRE(strings.define(256, std::string_view("")));
  CHECK(strings.is_defined(0));
  CHECK(strings.is_defined(words::kSuccess));
  CHECK(strings.is_defined(256));
  CHECK_FALSE(strings.is_defined(257));
  CHECK_FALSE(strings.is_defined(200));
}

TEST_CASE("batch strings: a batch with final numbers has room for the two that an engine added",
          "[events]") {
  StringTable table(Limits::lab());
  BatchStrings strings(table, 2);
  strings.begin(true);
  CHECK_FALSE(strings.define(258, "visitor"));
  strings.begin(false);
  CHECK(strings.define(258, "visitor"));
  CHECK(strings.define(259, "session"));
  CHECK_FALSE(strings.define(260, "c"));
  strings.begin(true);
  CHECK_FALSE(strings.define(258, "visitor"));
}
