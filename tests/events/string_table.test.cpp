// SPDX-License-Identifier: MIT
// Covers events/string_table.h and events/word_table.h.
#include "events/string_table.h"

#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "events/event.gen.h"
#include "events/word_table.h"

using insitu::base::Archive;
using insitu::base::Limits;
using insitu::events::StringTable;
namespace events = insitu::events;

namespace {

Limits limits(std::size_t strings, std::size_t bytes) {
  Limits limits = Limits::lab();
  limits.strings = strings;
  limits.string_bytes = bytes;
  return limits;
}

}  // namespace

TEST_CASE("words: every one is found by its text and has the id of the schema", "[events]") {
  std::uint32_t id = 0;
  StringTable table(Limits::lab());
  for (const char* word : events::kWordTexts) {
    ++id;
    CHECK(events::find_word(word) == id);
    CHECK(table.find(word) == id);
    CHECK(table.intern(word) == id);
    CHECK(table.text(id) == word);
  }
  CHECK(events::find_word("js") == events::words::kJs);
  CHECK(events::find_word("JS") == 0);
  CHECK(events::find_word("") == 0);
  CHECK(events::find_word("a long text that is no word at all") == 0);
}

TEST_CASE("string table: texts count up from the first id of batches", "[events]") {
  StringTable table(Limits::lab());
  CHECK(table.find("/") == StringTable::kNone);
  CHECK(table.intern("/") == events::kFirstBatchString);
  CHECK(table.intern("/cart") == events::kFirstBatchString + 1);
  CHECK(table.intern("/") == events::kFirstBatchString);
  CHECK(table.find("/cart") == events::kFirstBatchString + 1);
  CHECK(table.text(events::kFirstBatchString + 1) == "/cart");
}

TEST_CASE("string table: the empty text is none, unknown ids have no text", "[events]") {
  StringTable table(Limits::lab());
  CHECK(table.intern("") == StringTable::kNone);
  CHECK(table.find("") == StringTable::kNone);
  CHECK(table.text(StringTable::kNone).empty());
  CHECK(table.text(54).empty());
  CHECK(table.text(254).empty());
  CHECK(table.text(events::kFirstBatchString).empty());
  CHECK(table.text(0xffffffff).empty());
  CHECK(table.text(StringTable::kOther) == "(other)");
}

TEST_CASE("string table: texts may hold any bytes", "[events]") {
  StringTable table(Limits::lab());
  const std::string nul("a\0b", 3);
  const std::uint32_t id = table.intern(nul);
  CHECK(table.intern("a") != id);
  CHECK(table.text(id) == nul);
  CHECK(table.find(std::string("a\0c", 3)) == StringTable::kNone);
}

TEST_CASE("string table: beyond the number of texts a new one is (other)", "[events]") {
  StringTable table(limits(2, 1000));
  CHECK(table.intern("one") == 256);
  CHECK(table.intern("two") == 257);
  CHECK(table.intern("three") == StringTable::kOther);
  CHECK(table.find("three") == StringTable::kNone);
  CHECK(table.intern("one") == 256);
  CHECK(table.intern("js") == events::words::kJs);
}

TEST_CASE("string table: beyond the bytes a new one is (other), a shorter one may fit",
          "[events]") {
  std::size_t words = 0;
  for (const char* word : events::kWordTexts) words += std::string(word).size();
  StringTable table(limits(100, words + 10));
  CHECK(table.intern("12345") == 256);
  CHECK(table.intern("123456") == StringTable::kOther);
  CHECK(table.intern("abcde") == 257);
  CHECK(table.intern("x") == StringTable::kOther);
}

TEST_CASE("string table: many texts stay apart and come back from an archive", "[events]") {
  StringTable table(Limits::lab());
  std::set<std::uint32_t> ids;
  for (int i = 0; i < 5000; ++i) ids.insert(table.intern("/page/" + std::to_string(i)));
  CHECK(ids.size() == 5000);

  std::vector<std::byte> bytes;
  Archive save(bytes);
  save(table);
  StringTable back(Limits::lab());
  Archive load{std::span<const std::byte>(bytes)};
  load(back);
  REQUIRE(load.at_end());
  for (int i = 0; i < 5000; ++i) {
    const std::string text = "/page/" + std::to_string(i);
    REQUIRE(back.find(text) == table.find(text));
    REQUIRE(back.text(table.find(text)) == text);
  }
  CHECK(back.intern("new") == table.intern("new"));
}
