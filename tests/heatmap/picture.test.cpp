// SPDX-License-Identifier: MIT
// heatmap/picture.h, scene.h, svg.h, raster.h and lettering.h: pictures say what they show, and
// bear any text.
#include "heatmap/picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "catch_amalgamated.hpp"
#include "heatmap/svg.h"
#include "nlohmann/json.hpp"
#include "report/json.h"
#include "tests/helpers/random.h"

using namespace insitu::heatmap;
namespace test = insitu::test;
using OrderedJson = nlohmann::ordered_json;

namespace {

const std::string kHostile[] = {
    "<script>alert(1)</script>",
    "\"><svg onload=alert(1)>",
    "' onmouseover='alert(1)",
    "]]>&lt;&#x3c;!--",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>&a;",
    "\xe2\x80\xae"
    "gnp.exe\xe2\x81\xa6",                       // direction overrides
    "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d 123 <b>",  // Hebrew
    std::string("nul\0 tab\t newline\n bell\x07 \x1b[2J", 25),
    "\xff\xfe not UTF-8 \xed\xa0\x80 \xf8\x88",
    std::string(10'240, 'x'),
    std::string(3'000, '<'),
    "javascript:alert(1)",
    "",
};

Scene scene_with(const std::string& text) {
  Scene scene;
  scene.width = 400;
  scene.height = 300;
  scene.background = 2;
  scene.boxes.push_back({10, 10, 200, 40, text, false});
  scene.boxes.push_back({0, 0, 400, 290, text, true});
  scene.zones.push_back({10, 100, 120, 30, text, 9, 12, 0.46, 0.92});
  scene.zones.push_back({200, 100, 5000, 30, text, 1, 12, 0.01, 0.3});
  scene.dots.push_back({50, 50, 3, 0, false});
  scene.dots.push_back({300, 250, 1, 1, true});
  scene.points = {100, 200, 5, 120, 210, 2};
  scene.legend = true;
  scene.title = text;
  scene.unit = text;
  scene.facts = {text, "12 participants"};
  scene.notes = {text};
  scene.anchored = 212;
  scene.anchored_of = 220;
  return scene;
}

// Fails unless `svg` is well-formed as far as this project's documents go, with nothing but shapes
// and text in it.
void check_inert(const std::string& svg) {
  const std::set<std::string> allowed = {"svg",  "title", "desc",     "rect",   "circle",
                                         "path", "text",  "clipPath", "filter", "feColorMatrix",
                                         "g",    "image", "polygon"};
  std::vector<std::string> open;
  std::size_t at = 0;
  while (at < svg.size()) {
    const std::size_t tag = std::min(svg.find('<', at), svg.size());
    const std::string text = svg.substr(at, tag - at);
    REQUIRE(text.find('>') == std::string::npos);
    for (std::size_t i = text.find('&'); i != std::string::npos; i = text.find('&', i + 1)) {
      const bool is_known = text.compare(i, 5, "&amp;") == 0 || text.compare(i, 4, "&lt;") == 0 ||
                            text.compare(i, 4, "&gt;") == 0 || text.compare(i, 6, "&quot;") == 0 ||
                            text.compare(i, 5, "&#39;") == 0;
      REQUIRE(is_known);
    }
    for (const char c : text) REQUIRE((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
    if (tag == svg.size()) break;
    std::size_t end = tag + 1;
    bool is_quoted = false;
    for (; end < svg.size() && (is_quoted || svg[end] != '>'); ++end) {
      if (svg[end] == '"') is_quoted = !is_quoted;
      REQUIRE((svg[end] != '<'));
    }
    REQUIRE(end < svg.size());
    const std::string inside = svg.substr(tag + 1, end - tag - 1);
    at = end + 1;
    if (inside[0] == '/') {
      REQUIRE_FALSE(open.empty());
      REQUIRE(open.back() == inside.substr(1));
      open.pop_back();
      continue;
    }
    const std::string name = inside.substr(0, inside.find_first_of(" /"));
    INFO(inside.substr(0, 100));
    REQUIRE(allowed.count(name) == 1);
    REQUIRE(inside.find(" on") == std::string::npos);
    if (inside.find("href") != std::string::npos) {
      REQUIRE(inside.find("href=\"data:image/png;base64,") != std::string::npos);
    }
    if (inside.back() != '/') open.push_back(name);
  }
  REQUIRE(open.empty());
}

std::array<int, 4> pixel(const Raster& raster, std::size_t x, std::size_t y) {
  const std::uint8_t* at = raster.rgba.data() + (y * raster.width + x) * 4;
  return {at[0], at[1], at[2], at[3]};
}

// A scene in its packed form, as scene_shape() says.
void pack(const OrderedJson& shape, const OrderedJson& value, std::vector<double>& tokens,
          std::string& text) {
  if (shape.is_array()) {
    tokens.push_back(double(value.size()));
    for (const OrderedJson& item : value) pack(shape[0], item, tokens, text);
  } else if (shape.is_object()) {
    for (const auto& [name, like] : shape.items()) pack(like, value.at(name), tokens, text);
  } else if (shape.is_string()) {
    const auto& words = value.get_ref<const std::string&>();
    tokens.push_back(double(words.size()));
    text += words;
  } else {
    tokens.push_back(value.is_boolean() ? double(value.get<bool>()) : value.get<double>());
  }
}

std::string json_of(const Scene& scene) {
  insitu::report::JsonWriter out;
  write_scene(scene, out);
  return out.take();
}

}  // namespace

TEST_CASE("whatever the texts of a scene are, its SVG is well-formed and cannot do anything",
          "[heatmap]") {
  for (const std::string& text : kHostile) {
    const std::string svg = draw_svg(scene_with(text));
    INFO(text.substr(0, 40));
    check_inert(svg);
    CHECK(svg.size() < 200'000);
    CHECK(svg.find("\xe2\x80\xae") == std::string::npos);
  }
}

TEST_CASE("whatever the texts of a scene are, they stay within their place in a raster",
          "[heatmap]") {
  const Raster plain = draw(scene_with("x"));
  for (const std::string& text : kHostile) {
    const Raster raster = draw(scene_with(text));
    INFO(text.substr(0, 40));
    REQUIRE(raster.width == 400);
    CHECK(raster.height < plain.height + 300);
    // The page's right edge beside the first box, which a label must not reach.
    const std::size_t page = raster.height - 300;
    CHECK(pixel(raster, 300, page + 30) == pixel(plain, 300, plain.height - 300 + 30));
  }
}

TEST_CASE("an SVG takes only a PNG as its backdrop", "[heatmap]") {
  Scene scene = scene_with("x");
  scene.background = 3;
  Backdrop backdrop;
  backdrop.url = "data:image/png;base64,iVBORw0KGgo=";
  CHECK(draw_svg(scene, backdrop).find("<image") != std::string::npos);
  for (const char* url :
       {"javascript:alert(1)", "https://example.org/a.png", "data:image/svg+xml;base64,AAAA",
        "data:image/png;base64,AA\" onload=\"alert(1)", ""}) {
    backdrop.url = url;
    CHECK(draw_svg(scene, backdrop).find("<image") == std::string::npos);
  }
}

TEST_CASE("a picture says how many clicks it found again and what a scale counts", "[heatmap]") {
  Scene scene = scene_with("Clicks on /product");
  scene.unit = "participants per 100 × 100 px";
  const std::string svg = draw_svg(scene);
  CHECK(svg.find("212 of 220 clicks anchored; 8 shown at page position (hollow)") !=
        std::string::npos);
  CHECK(svg.find(">participants per 100 × 100 px</text>") != std::string::npos);
  CHECK(svg.find("9 of 12, 75 % (46–92)") != std::string::npos);
  CHECK(svg.find(">click at page position") == std::string::npos);
  CHECK(svg.find(">first click at page position") != std::string::npos);
  const std::string sentence = describe(scene);
  CHECK(sentence.find("12 participants") != std::string::npos);
  CHECK(sentence.find("Most: Clicks on /product, 9 of 12, 75 % (46–92).") != std::string::npos);
}

TEST_CASE("near dots of one kind are one dot with their count", "[heatmap]") {
  Scene scene;
  scene.width = scene.height = 200;
  scene.unit = "clicks";
  scene.dots = {{50, 50, 1, 0, false},
                {54, 52, 1, 0, false},
                {56, 47, 2, 0, false},
                {56, 47, 1, 1, false},
                {50, 50, 1, 0, true},
                {150, 150, 1, 0, false},
                {-5, 50, 1, 0, false},
                {1e9, 50, 1, 0, false},
                {std::numeric_limits<double>::quiet_NaN(), 50, 1, 0, false}};
  const std::string svg = draw_svg(scene);
  std::size_t items = 0;
  for (std::size_t i = svg.find("<g><title>"); i != std::string::npos;
       i = svg.find("<g><title>", i + 1)) {
    ++items;
  }
  CHECK(items == 4);
  CHECK(svg.find("<title>4 clicks: click</title>") != std::string::npos);
  CHECK(svg.find("<title>1 click: first click</title>") != std::string::npos);
}

TEST_CASE("a dot beside a density counts, without the scale's area", "[heatmap]") {
  Scene scene;
  scene.width = scene.height = 200;
  scene.unit = "participants per 100 × 100 px";
  scene.points = {100, 100, 3};
  scene.dots = {{50, 50, 1, 0, true}, {150, 50, 2, 0, true}};
  const std::string svg = draw_svg(scene);
  for (const char* title : {"<title>1 participant: click at page position</title>",
                            "<title>2 participants: click at page position</title>"}) {
    CHECK(svg.find(title) != std::string::npos);
  }
}

TEST_CASE("a solid dot is filled, a hollow one shows what is below", "[heatmap]") {
  Scene scene;
  scene.width = scene.height = 100;
  scene.background = 1;
  scene.dots = {{30, 50, 1, 0, false}, {70, 50, 1, 0, true}};
  const Raster raster = draw(scene);
  CHECK(pixel(raster, 30, 50) == std::array{0, 93, 160, 255});
  CHECK(pixel(raster, 70, 50) == std::array{255, 255, 255, 255});
  // The line of the hollow one.
  CHECK(pixel(raster, 64, 50)[0] < 60);
  CHECK(pixel(raster, 50, 50) == std::array{255, 255, 255, 255});
}

TEST_CASE("a picture without a background is transparent where nothing lies", "[heatmap]") {
  Scene scene;
  scene.width = scene.height = 100;
  scene.points = {50, 50, 1};
  const Raster raster = draw(scene);
  CHECK(pixel(raster, 2, 2)[3] == 0);
  CHECK(pixel(raster, 50, 50)[3] == 166);
  // The last colour of the palette in its middle.
  CHECK(pixel(raster, 50, 50)[0] > 240);
}

TEST_CASE("a backdrop is stretched to the page and faded", "[heatmap]") {
  Scene scene;
  scene.width = 40;
  scene.height = 20;
  scene.background = 3;
  const std::vector<std::uint8_t> red_and_blue = {255, 0, 0, 255, 0, 0, 255, 255};
  const Raster raster = draw(scene, {red_and_blue, 2, 1, {}});
  const auto left = pixel(raster, 10, 10);
  const auto right = pixel(raster, 30, 10);
  CHECK((left[0] > 200 && left[2] > 70 && left[2] < 130));
  CHECK((right[2] > 200 && right[0] > 70 && right[0] < 130));
  // Bytes that are not as many as width and height say are no picture.
  const Raster without = draw(scene, {red_and_blue, 2, 2, {}});
  CHECK(pixel(without, 10, 10) == std::array{255, 255, 255, 255});
}

TEST_CASE("reach has its lines where 75, 50 and 25 % get", "[heatmap]") {
  Scene scene;
  scene.width = 300;
  scene.height = 1000;
  scene.bands_of = 12;
  scene.bands = {{0, 250, 12}, {250, 500, 9}, {500, 750, 6}, {750, 1000, 1}};
  const std::string svg = draw_svg(scene);
  CHECK(svg.find("75 % get this far: 9 of 12") != std::string::npos);
  CHECK(svg.find("50 % get this far: 6 of 12") != std::string::npos);
  CHECK(svg.find("25 % get this far: 6 of 12") != std::string::npos);
  const Raster raster = draw(scene);
  CHECK(pixel(raster, 290, 499)[0] < 60);
  CHECK(pixel(raster, 290, 740)[1] > 60);
}

TEST_CASE("what is too large or has no size is no raster", "[heatmap]") {
  Scene scene;
  CHECK(draw(scene).width == 0);
  scene.width = 10'000;
  scene.height = 10'000;
  CHECK(draw(scene).width == 0);
  CHECK(size_of(scene).height == 10'000);
  scene.width = std::numeric_limits<double>::infinity();
  CHECK(draw(scene).width == 0);
  CHECK(draw_svg(scene).size() > 100);
}

TEST_CASE("a scene read from its packed form is the same scene", "[heatmap]") {
  const std::string shape_text = scene_shape();
  const auto shape = OrderedJson::parse(shape_text);
  CHECK(shape["dots"][0]["hollow"] == false);
  Scene scene = scene_with("a \"label\" – ß");
  scene.bands = {{0, 100, 0.5}};
  scene.bands_of = 3;
  const std::string text = json_of(scene);
  std::vector<double> tokens;
  std::string words;
  const auto members = OrderedJson::parse(text);
  pack(shape, members, tokens, words);
  Scene read;
  REQUIRE(read_scene(tokens.data(), tokens.size(), words, read));
  CHECK(json_of(read) == text);

  // Too few, too many, and lengths that lie.
  CHECK_FALSE(read_scene(tokens.data(), tokens.size() - 1, words, read));
  tokens.push_back(0);
  CHECK_FALSE(read_scene(tokens.data(), tokens.size(), words, read));
  test::Random random(91);
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> damaged = tokens;
    damaged.pop_back();
    const double odd[] = {-1,   1e300, std::numeric_limits<double>::quiet_NaN(), 4e9, 0.5, 3,
                          1e15, -0.0,  std::numeric_limits<double>::infinity()};
    damaged[random.below(damaged.size())] = odd[random.below(std::size(odd))];
    Scene some;
    if (read_scene(damaged.data(), damaged.size(), words, some)) {
      some.width = std::min(some.width, 500.0);
      some.height = std::min(some.height, 500.0);
      (void)draw(some);
    }
  }
}

TEST_CASE("texts are cut to their place with an ellipsis", "[heatmap]") {
  CHECK(fit("short", Font::kRegular, 100) == "short");
  const std::string cut = fit("a sentence that is longer", Font::kRegular, 80);
  CHECK(cut.ends_with("…"));
  CHECK(width_of(cut, Font::kRegular) <= 80);
  CHECK(fit("wide", Font::kRegular, 3).empty());
  CHECK(fit(std::string(1'000'000, 'm'), Font::kBold, 50).size() < 20);
  for (const std::string& line : wrap("one two three four five six seven", Font::kRegular, 60)) {
    CHECK(width_of(line, Font::kRegular) <= 60);
  }
  CHECK(wrap("   ", Font::kRegular, 60).empty());
  // Every character has a width, in the font or as a box.
  CHECK(width_of("\xe4\xb8\xad", Font::kRegular) == kBoxWidth + 2);
  CHECK(width_of("ß", Font::kRegular) > 3);
}

TEST_CASE("numbers are written as people read them", "[heatmap]") {
  CHECK(number_text(0) == "0");
  CHECK(number_text(1234567) == "1234567");
  CHECK(number_text(0.30000000000000004, 6) == "0.3");
  CHECK(number_text(2.5, 6) == "2.5");
  CHECK(number_text(0.000002, 6) == "0.000002");
  CHECK(number_text(-7.26, 1) == "-7.3");
  CHECK(number_text(99.96, 1) == "100");
  CHECK(number_text(-0.001, 1) == "0");
  CHECK(number_text(std::numeric_limits<double>::quiet_NaN()) == "no data");
  CHECK(number_text(123456789012345.0, 6) == "123456789012345");
  CHECK(percent_text(0.755) == "76 %");
}

TEST_CASE("escaped text has none of the characters of markup, in content or in quotes",
          "[heatmap]") {
  CHECK(escape_xml("<a b=\"c\" d='e'>&amp;") == "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;");
  CHECK(escape_xml(std::string("\0\x1b\xff", 3)) == "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(escape_xml("Größe – 中") == "Größe – 中");
}
