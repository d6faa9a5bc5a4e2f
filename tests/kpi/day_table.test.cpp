// SPDX-License-Identifier: MIT
// Covers kpi/day_table.h: rows in order, and the way into partials and back.
#include "kpi/day_table.h"

#include <string>
#include <string_view>
#include <vector>

#include "base/archive.h"
#include "catch_amalgamated.hpp"
#include "nlohmann/json.hpp"
#include "partial/reader.h"
#include "partial/tree.h"
#include "report/json.h"

using insitu::base::Limits;
using insitu::events::StringTable;
using insitu::kpi::DayTable;
using insitu::kpi::PartialWriter;
using insitu::kpi::Setting;
using Json = nlohmann::json;
namespace partial = insitu::partial;

namespace {

const Setting kSetting{{}, Limits::lab()};

DayTable some() {
  DayTable table;
  for (const std::int64_t day : {20'000, -3, 20'000}) table.add(day, 60);
  table.add(20'000, 7);
  return table;
}

Json written(DayTable table) {
  StringTable texts(kSetting.limits);
  insitu::report::JsonWriter out;
  PartialWriter writer(texts, kSetting, out);
  out.begin_object();
  table.partial(writer, "gaps");
  out.end_object();
  return Json::parse(out.take())["gaps"];
}

// Adds the table {"gaps": ...} to `table`; gives what is wrong with it, then `table` stays as it
// is.
std::string read(std::string_view text, DayTable& table) {
  partial::Tree tree;
  REQUIRE(partial::parse(text, tree).ok());
  StringTable texts(kSetting.limits);
  partial::Reader checker(tree, texts, kSetting, false);
  table.partial(checker, "gaps");
  if (!checker.error().empty()) return checker.error();
  partial::Reader reader(tree, texts, kSetting, true);
  table.partial(reader, "gaps");
  return reader.error();
}

}  // namespace

TEST_CASE("day table: rows ascend by day, then by gap", "[kpi]") {
  const auto rows = some().rows();
  REQUIRE(rows.size() == 3);
  CHECK(rows[0].day == -3);
  CHECK(rows[0].gap == 60);
  CHECK(rows[1].day == 20'000);
  CHECK(rows[1].gap == 7);
  CHECK(rows[1].count == 1);
  CHECK(rows[2].gap == 60);
  CHECK(rows[2].count == 2);
  CHECK(DayTable().rows().empty());
}

TEST_CASE("day table: it is written by day and gap", "[kpi]") {
  CHECK(written(some()) == Json::parse(R"({"-3":{"60":1},"20000":{"7":1,"60":2}})"));
  CHECK(written(DayTable()) == Json::object());
}

TEST_CASE("day table: what is read is added", "[kpi]") {
  DayTable table = some();
  CHECK(read(R"({"gaps":{"-3":{"60":5},"20000":{"8":1}}})", table) == "");
  CHECK(written(table) == Json::parse(R"({"-3":{"60":6},"20000":{"7":1,"8":1,"60":2}})"));
  CHECK(read(R"({})", table) == "");
  CHECK(written(table)["-3"]["60"] == 6);
}

TEST_CASE("day table: a difference can take a row away", "[kpi]") {
  DayTable table = some();
  CHECK(read(R"({"gaps":{"-3":{"60":-1},"20000":{"7":-2}}})", table) == "");
  CHECK(written(table) == Json::parse(R"({"20000":{"7":-1,"60":2}})"));
  CHECK(table.rows().size() == 2);
}

TEST_CASE("day table: what is no table is refused and changes nothing", "[kpi]") {
  for (const char* text :
       {R"({"gaps":{"x":{"1":1}}})", R"({"gaps":{"1":{"x":1}}})", R"({"gaps":{"01":{"1":1}}})",
        R"({"gaps":{"2147483648":{"1":1}}})", R"({"gaps":{"1":{"-2147483649":1}}})",
        R"({"gaps":{"1":1}})", R"({"gaps":{"1":{"1":{"1":1}}}})", R"({"gaps":1})",
        R"({"gaps":{"-3":{"60":9007199254740992}}})"}) {
    INFO(text);
    DayTable table = some();
    CHECK(read(text, table) != "");
    CHECK(written(table) == written(some()));
  }
}

TEST_CASE("day table: it is saved and restored", "[kpi]") {
  DayTable table = some();
  std::vector<std::byte> bytes;
  insitu::base::Archive save(bytes);
  save(table);
  DayTable loaded;
  insitu::base::Archive load{std::span<const std::byte>(bytes)};
  load(loaded);
  CHECK(load.at_end());
  CHECK(written(loaded) == written(table));
}
