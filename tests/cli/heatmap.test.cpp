// SPDX-License-Identifier: MIT
// Covers insitu heatmap: which clicks it finds, where it draws them, and what it says about them.
#include <cmath>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "cli/heatmap_args.h"
#include "cli/heatmap_command.h"
#include "cli/heatmap_scene.h"
#include "cli/page_clicks.h"
#include "cli/png_file.h"
#include "heatmap/picture.h"
#include "tests/helpers/engine_report.h"
#include "tests/helpers/folder.h"
#include "tests/helpers/random.h"
#include "tests/helpers/random_ndjson.h"

using namespace insitu::test;
namespace cli = insitu::cli;
using Catch::Matchers::WithinAbs;

namespace {

using Words = std::vector<const char*>;

std::optional<cli::HeatmapArgs> parse_typed(const Words& words, std::string& error) {
  return cli::parse_heatmap_args(words, error);
}

cli::PageClicks find(std::string_view log, cli::ClickQuery query,
                     const insitu::kpi::Options& options = {}) {
  insitu::log::NdjsonReader reader;
  reader.feed(log);
  reader.finish();
  cli::PageClickFinder finder(std::move(query), options);
  reader.for_each_batch([&](std::span<const std::byte> batch, const insitu::log::ClientInfo&) {
    finder.take(batch);
  });
  return finder.finish();
}

// A visitor who sees /p and clicks.
class Log {
 public:
  explicit Log(std::string visitor) : visitor_(std::move(visitor)) {}
  Log& add(const char* type, int at_ms, const std::string& more) {
    text_ += R"({"visitor":")" + visitor_ + R"(","session":")" + visitor_ + R"(","seq":)" +
             std::to_string(seq_++) + R"(,"t":)" + std::to_string(1'767'225'600'000 + at_ms) +
             R"(,"page":"/p","pv":0,"type":")" + type + "\"" + (more.empty() ? "" : ",") + more +
             "}\n";
    return *this;
  }
  Log& view(int at_ms, int width = 1000) {
    return add("page_view", at_ms,
               R"("vw":1000,"vh":700,"dw":)" + std::to_string(width) + R"(,"dh":2000)");
  }
  // On an element whose box is 100 x 50 at (200, 300) of a page 1000 px wide.
  Log& click(int at_ms, double x, double y, const std::string& element = "#buy") {
    return add("click", at_ms,
               R"("x":)" + std::to_string(x) + R"(,"y":)" + std::to_string(y) + R"(,"element":")" +
                   element + R"(","ex":200,"ey":300,"ew":100,"eh":50,"interactive":true)");
  }
  operator std::string() const { return text_; }

 private:
  std::string visitor_;
  std::string text_;
  int seq_ = 0;
};

cli::HeatmapArgs args_of(cli::HeatUnit unit = cli::HeatUnit::kClicks) {
  cli::HeatmapArgs args;
  args.log = "-";
  args.page = "/p";
  args.unit = unit;
  return args;
}

cli::Layout layout_with_moved_button() {
  cli::Layout layout;
  layout.page = "/p";
  layout.width = 500;
  layout.height = 3000;
  layout.boxes.push_back({"#buy", "", "button Buy", 10, 2000, 200, 100, false});
  return layout;
}

}  // namespace

TEST_CASE("heatmap: mistakes in what is typed are named", "[cli]") {
  const auto wrong = [](const Words& words) {
    std::string error;
    CHECK_FALSE(parse_typed(words, error).has_value());
    return error;
  };
  CHECK(wrong({"--page", "/p", "--table"}).find("needs a log") != std::string::npos);
  CHECK(wrong({"a", "--table"}).find("needs --page") != std::string::npos);
  CHECK(wrong({"a", "--page", "/p"}).find("--out") != std::string::npos);
  CHECK(wrong({"a", "b", "--page", "/p", "--table"}).find("`b` is a second") != std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--out", "x.gif"}).find(".png") != std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--table", "--kind", "moves"}).find("first_click") !=
        std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--table", "--sigma", "4"}).find("8 to 40") !=
        std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--table", "--palette", "jet"}).find("viridis") !=
        std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--table", "--kind=dwell", "--marks=dots"}).find("--marks") !=
        std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--table", "--csv"}).find("choose") != std::string::npos);
  CHECK(wrong({"a", "--page", "/p", "--boxes", "l", "--width", "5", "--table"}).find("--width") !=
        std::string::npos);
  CHECK(wrong({"a", "--colour"}).find("no option `--colour`") != std::string::npos);
  CHECK(wrong({"a", "--page"}).find("needs a value") != std::string::npos);
  std::string error;
  const auto args =
      parse_typed({"a", "--page=/p", "--state=", "--segment", "d=m=x", "--csv"}, error);
  REQUIRE(args);
  CHECK(args->state == "");
  CHECK(args->segment->value == "m=x");
}

TEST_CASE("heatmap: the rage, dead and error clicks are those that the KPIs count", "[cli]") {
  Random random(101);
  std::size_t counted[3] = {0, 0, 0};
  for (int round = 0; round < 80; ++round) {
    // The KPIs count the clicks of all pages: all are on one here.
    std::string log;
    for (const LogLine& line : random_ndjson(random, {300, 3, 3})) {
      Json event = Json::parse(line.text, nullptr, false);
      if (!event.is_object()) continue;
      event["page"] = "/p";
      log += event.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
    }
    insitu::kpi::Options options;
    options.dead_interactive_only = round % 3 == 1;
    if (round % 3 == 2) options.rage_metric = insitu::kpi::RageMetric::kEuclid;
    const Json kpis = report_of(log, options)["kpis"];
    const std::size_t dead = find(log, {"/p", cli::ClickKind::kDead, {}}, options).clicks.size();
    const std::size_t error = find(log, {"/p", cli::ClickKind::kError, {}}, options).clicks.size();
    const std::size_t rage = find(log, {"/p", cli::ClickKind::kRage, {}}, options).clicks.size();
    INFO("round " << round);
    CHECK(dead == kpis["dead_click_rate"]["x"].get<std::size_t>());
    CHECK(error == kpis["error_click_rate"]["x"].get<std::size_t>());
    const auto episodes = kpis["rage_click_rate"]["episodes"].get<std::size_t>();
    CHECK(rage >= 3 * episodes);
    CHECK((rage > 0) == (episodes > 0));
    counted[0] += dead;
    counted[1] += error;
    counted[2] += rage;
  }
  CHECK(counted[0] > 50);
  CHECK(counted[1] > 5);
  INFO(counted[0] << " " << counted[1] << " " << counted[2]);
  CHECK(counted[2] > 0);
}

TEST_CASE("heatmap: every click of an episode is a rage click, and no other", "[cli]") {
  Log log("a");
  log.view(0)
      .click(1000, 250, 320)
      .click(1400, 252, 320)
      .click(1800, 251, 322)
      .click(2200, 250, 320);
  log.click(9000, 250, 320).click(9300, 250, 320);
  CHECK(find(std::string(log), {"/p", cli::ClickKind::kRage, {}}).clicks.size() == 4);
}

TEST_CASE("heatmap: a first click is that after a task's start, without tasks that of the view",
          "[cli]") {
  Log without("a");
  without.view(0).click(1000, 210, 310).click(2000, 220, 310);
  const auto of_view = find(std::string(without), {"/p", cli::ClickKind::kFirst, {}}).clicks;
  REQUIRE(of_view.size() == 1);
  CHECK(of_view[0].x == 210);

  Log with("a");
  with.view(0).click(1000, 210, 310).add("task_start", 1500, R"("task":"buy","attempt":0)");
  with.click(2000, 220, 310).click(3000, 230, 310);
  const auto of_task = find(std::string(with), {"/p", cli::ClickKind::kFirst, {}}).clicks;
  REQUIRE(of_task.size() == 1);
  CHECK(of_task[0].x == 220);
}

TEST_CASE("heatmap: the page has the width most of its views have", "[cli]") {
  const std::string log = std::string(Log("a").view(0, 1000)) + std::string(Log("b").view(0, 390)) +
                          std::string(Log("c").view(0, 390));
  const cli::PageClicks page = find(log, {"/p", cli::ClickKind::kClick, {}});
  CHECK(page.views == 3);
  CHECK(page.participants == 3);
  CHECK(page.width == 390);
  CHECK(page.height == 2000);
}

TEST_CASE("heatmap: with a layout clicks are where their element is now, the rest hollow",
          "[cli]") {
  Log log("a");
  log.view(0).click(1000, 250, 325).click(2000, 200, 350).click(3000, 500, 900, "#gone");
  const cli::PageClicks page = find(std::string(log), {"/p", cli::ClickKind::kClick, {}});
  const cli::Layout layout = layout_with_moved_button();
  const cli::Heat heat = cli::heat_of_clicks(args_of(), page, {&layout, 0}, {});
  REQUIRE(heat.scene.dots.size() == 3);
  // The middle and the left bottom corner of the box.
  CHECK(heat.scene.dots[0].x == 110);
  CHECK(heat.scene.dots[0].y == 2050);
  CHECK_FALSE(heat.scene.dots[0].hollow);
  CHECK(heat.scene.dots[1].x == 10);
  CHECK(heat.scene.dots[1].y == 2100);
  // Half as wide a page.
  CHECK(heat.scene.dots[2].x == 250);
  CHECK(heat.scene.dots[2].y == 900);
  CHECK(heat.scene.dots[2].hollow);
  CHECK(heat.scene.anchored == 2);
  CHECK(heat.scene.anchored_of == 3);
  REQUIRE(heat.scene.zones.size() == 1);
  CHECK(heat.scene.zones[0].label == "button Buy");
  REQUIRE(heat.rows.size() == 2);
  CHECK(heat.rows[1].name == "(not found on this page)");
}

TEST_CASE("heatmap: shares have the adjusted Wald interval of their unit", "[cli]") {
  std::string log;
  for (int i = 0; i < 12; ++i) {
    Log visitor("v" + std::to_string(i));
    visitor.view(0);
    // Nine of twelve click, one of them often.
    if (i < 9) visitor.click(1000, 250, 325);
    if (i == 0) {
      for (int j = 0; j < 20; ++j) visitor.click(5000 + 3000 * j, 250, 325);
    }
    if (i == 5) visitor.click(9000, 700, 800, "#other");
    log += visitor;
  }
  const cli::PageClicks page = find(log, {"/p", cli::ClickKind::kClick, {}});
  const auto by_people =
      cli::heat_of_clicks(args_of(cli::HeatUnit::kParticipants), page, {}, {}).rows.at(0);
  CHECK(by_people.count == 9);
  CHECK(by_people.of == 12);
  // 75 %, 46-92: the example of A. Agresti and B. Coull's method in J. Sauro, J. Lewis.
  CHECK_THAT(by_people.lower, WithinAbs(0.4602, 0.005));
  CHECK_THAT(by_people.upper, WithinAbs(0.9172, 0.005));
  const auto by_clicks = cli::heat_of_clicks(args_of(), page, {}, {}).rows.at(0);
  CHECK(by_clicks.count == 29);
  CHECK(by_clicks.of == 30);
  CHECK(by_clicks.participants == 9);
}

TEST_CASE("heatmap: below 30 clicks dots and zones, from 30 on a density, or what is asked for",
          "[cli]") {
  const auto scene_of = [](int clicks, cli::HeatMarks marks) {
    Log log("a");
    log.view(0);
    for (int i = 0; i < clicks; ++i) log.click(1000 * i, 205 + i, 325);
    cli::HeatmapArgs args = args_of();
    args.marks = marks;
    const cli::PageClicks page = find(std::string(log), {"/p", cli::ClickKind::kClick, {}});
    return cli::heat_of_clicks(args, page, {}, {}).scene;
  };
  const auto few = scene_of(29, cli::HeatMarks::kAuto);
  CHECK(few.points.empty());
  CHECK(few.dots.size() == 29);
  CHECK(few.zones.size() == 1);
  const auto many = scene_of(30, cli::HeatMarks::kAuto);
  CHECK(many.points.size() == 90);
  CHECK(many.dots.empty());
  CHECK(many.zones.empty());
  CHECK(scene_of(5, cli::HeatMarks::kDensity).points.size() == 15);
  CHECK(scene_of(50, cli::HeatMarks::kDots).dots.size() == 50);
  CHECK(scene_of(50, cli::HeatMarks::kZones).zones.size() == 1);
}

TEST_CASE("heatmap: a PNG read back has the pixels that were drawn", "[cli]") {
  Random random(102);
  insitu::heatmap::Raster picture{37, 11, {}};
  for (std::size_t i = 0; i < 37u * 11 * 4; ++i) {
    picture.rgba.push_back(static_cast<std::uint8_t>(random.below(256)));
  }
  std::string bytes;
  REQUIRE(cli::encode_png(picture, bytes).empty());
  insitu::heatmap::Raster read;
  REQUIRE(cli::decode_png(bytes, read).empty());
  CHECK(read.width == 37);
  CHECK(read.rgba == picture.rgba);
  std::string again;
  REQUIRE(cli::encode_png(read, again).empty());
  CHECK(again == bytes);
  // Damaged in any byte: refused or another picture, never a crash.
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string damaged = bytes;
    damaged[i] = static_cast<char>(damaged[i] ^ 0x55);
    (void)cli::decode_png(damaged, read);
    (void)cli::decode_png(std::string_view(bytes).substr(0, i), read);
  }
  CHECK_FALSE(cli::decode_png("GIF89a", read).empty());
}

TEST_CASE("heatmap: writes what is asked for, and nothing when it cannot", "[cli]") {
  const Folder folder;
  std::string log;
  for (int i = 0; i < 5; ++i) log += Log("v" + std::to_string(i)).view(0).click(1000, 250, 325);
  const std::string path = folder.write("log.ndjson", log);
  const auto run = [&](std::vector<std::string> more) {
    more.insert(more.begin(), path);
    Words words;
    for (const std::string& word : more) words.push_back(word.c_str());
    return cli::run_heatmap(words);
  };
  const std::string png = folder.path("heat.png");
  CHECK(run({"--page", "/p", "--out", png}) == 0);
  insitu::heatmap::Raster picture;
  CHECK(cli::decode_png(folder.read("heat.png"), picture).empty());
  CHECK(picture.width == 1000);
  CHECK(picture.height > 2000);
  CHECK(run({"--page", "/p", "--out", folder.path("heat.svg"), "--over", png}) == 0);
  CHECK(folder.read("heat.svg").find("data:image/png;base64,iVBOR") != std::string::npos);
  CHECK(run({"--page", "/p", "--out", folder.path("heat.scene.json")}) == 0);
  CHECK(Json::parse(folder.read("heat.scene.json"))["width"] == 1000);
  CHECK(run({"--page", "/p", "--kind", "rage", "--out", folder.path("heat.grid.json")}) == 0);
  const Json grid = Json::parse(folder.read("heat.grid.json"));
  CHECK(grid["kind"] == "rage");
  CHECK(grid["page"] == "/p");
  CHECK(grid["participants"].is_number());
  CHECK(grid["document_width"] == 1000);

  const std::string out = folder.path("none.png");
  CHECK(run({"--page", "/other", "--out", out}) == 2);
  CHECK(run({"--page", "/p", "--out", out, "--over", path}) == 2);
  CHECK(run({"--page", "/p", "--out", out, "--boxes", path}) == 2);
  const std::string layout = folder.write(
      "layout.json", R"({"insitu_layout":1,"page":"/p","width":9,"height":9,"boxes":[{"x":1}]})");
  CHECK(run({"--page", "/p", "--out", out, "--boxes", layout}) == 2);
  CHECK(run({"--page", "/p", "--out", out, "--width", "100000"}) == 2);
  CHECK(run({"--page", "/p", "--out", folder.path("no/where.png")}) == 2);
  CHECK_FALSE(folder.has("none.png"));
  // A line that is no event: the picture is there, and the exit code says so.
  const std::string torn = folder.write("torn.ndjson", log + "{\"type\":\n");
  const char* const words[] = {torn.c_str(), "--page", "/p", "--out", out.c_str()};
  CHECK(cli::run_heatmap(words) == 1);
  CHECK(folder.has("none.png"));
}
