// SPDX-License-Identifier: MIT
// heatmap/palette.h and paint.h: colours mean the same everywhere, and few clicks stay out of
// sight.
#include "heatmap/palette.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "catch_amalgamated.hpp"
#include "heatmap/paint.h"

using namespace insitu::heatmap;

namespace {

// Lightness in the sense of CIE L*, 0 ... 100.
double lightness(Colour colour) {
  const auto linear = [](int channel) {
    const double c = channel / 255.0;
    return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4);
  };
  const double y =
      0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue);
  return y > 0.008856 ? 116 * std::cbrt(y) - 16 : 903.3 * y;
}

Field ramp() {
  Field field;
  field.columns = 64;
  field.rows = 4;
  for (std::size_t i = 0; i < field.columns * field.rows; ++i) {
    field.values.push_back(static_cast<float>(i % field.columns) / 6.3f);
  }
  return field;
}

std::vector<std::uint8_t> painted(const Field& field, const Shading& shading, Window window,
                                  std::size_t width, std::size_t height) {
  std::vector<std::uint8_t> rgba(width * height * 4, 77);
  paint(field, shading, window, width, height, rgba);
  return rgba;
}

}  // namespace

TEST_CASE("palettes have their published ends and middles", "[heatmap]") {
  CHECK(colour_of(Palette::kViridis, 0) == Colour{68, 1, 84});
  CHECK(colour_of(Palette::kViridis, 1) == Colour{253, 231, 37});
  // 0.119512, 0.607464, 0.540218 and 0.127568, 0.566949, 0.550556 are next to the middle.
  const Colour middle = colour_of(Palette::kViridis, 128.0 / 255);
  CHECK(std::abs(middle.red - 33) <= 2);
  CHECK(std::abs(middle.green - 145) <= 2);
  CHECK(std::abs(middle.blue - 140) <= 2);
  CHECK(colour_of(Palette::kCividis, 0) == Colour{0, 34, 78});
  CHECK(colour_of(Palette::kCividis, 1) == Colour{254, 232, 56});
  CHECK(colour_of(Palette::kGrey, 0).red > colour_of(Palette::kGrey, 1).red);
  Palette palette{};
  CHECK(find_palette("cividis", palette));
  CHECK(palette == Palette::kCividis);
  CHECK_FALSE(find_palette("jet", palette));
}

TEST_CASE("more is lighter without a step back, in grey darker", "[heatmap]") {
  for (const Palette palette : {Palette::kViridis, Palette::kCividis, Palette::kGrey}) {
    const double sign = palette == Palette::kGrey ? -1 : 1;
    double before = lightness(colour_of(palette, 0));
    for (int i = 1; i <= 50; ++i) {
      const double now = lightness(colour_of(palette, i / 50.0));
      INFO(int(palette) << " at " << i);
      CHECK(sign * (now - before) > -0.2);
      before = now;
    }
  }
}

TEST_CASE("shares outside of 0 ... 1 have the colours of the ends", "[heatmap]") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(colour_of(Palette::kViridis, nan) == colour_of(Palette::kViridis, 0));
  CHECK(colour_of(Palette::kViridis, -3) == colour_of(Palette::kViridis, 0));
  CHECK(colour_of(Palette::kViridis, 9) == colour_of(Palette::kViridis, 1));
  CHECK(opacity_of(nan) == 0);
  CHECK(opacity_of(0.0499) == 0);
  CHECK(opacity_of(0.065) > 0);
  CHECK(opacity_of(0.065) < kOpacity);
  CHECK(opacity_of(0.08) == kOpacity);
  CHECK(opacity_of(50) == kOpacity);
}

TEST_CASE("ticks are round, ascending and few", "[heatmap]") {
  CHECK(ticks(7.3) == std::vector<double>{2, 4, 6});
  CHECK(ticks(10) == std::vector<double>{2, 4, 6, 8, 10});
  CHECK(ticks(1) == std::vector<double>{0.2, 0.4, 0.6, 0.8, 1});
  CHECK(ticks(0.3) == std::vector<double>{0.1, 0.2, 0.3});
  CHECK(ticks(120, 3) == std::vector<double>{50, 100});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double most : {nan, 0.0, -1.0, std::numeric_limits<double>::infinity()}) {
    CHECK(ticks(most).empty());
  }
  CHECK(ticks(5, 0).empty());
  for (double most = 1e-14; most < 1e14; most *= 1.37) {
    const std::vector<double> all = ticks(most);
    REQUIRE(all.size() >= 2);
    CHECK(all.size() <= 5);
    CHECK(all.back() <= most * (1 + 1e-9));
    CHECK(all.back() + (all[1] - all[0]) > most);
  }
}

TEST_CASE("what is below 5 % of the maximum is not painted, the rest by its value", "[heatmap]") {
  const Field field = ramp();
  const Shading shading{Palette::kViridis, 10, {}};
  const auto rgba = painted(field, shading, {}, 256, 16);
  const auto alpha = [&](std::size_t x) { return rgba[(8 * 256 + x) * 4 + 3]; };
  CHECK(alpha(4) == 0);
  CHECK(alpha(10) == 0);
  CHECK(alpha(100) == std::uint8_t(kOpacity * 255 + 0.5));
  const Colour expected = colour_of(Palette::kViridis, (100.5 / 4 - 0.5) / 63);
  CHECK(std::abs(rgba[(8 * 256 + 100) * 4] - expected.red) <= 1);
  CHECK(std::abs(rgba[(8 * 256 + 100) * 4 + 1] - expected.green) <= 1);
}

TEST_CASE("an outline of 1 px is where the field passes its value", "[heatmap]") {
  const Field field = ramp();
  const Shading shading{Palette::kViridis, 10, {5}};
  const auto rgba = painted(field, shading, {}, 256, 16);
  std::vector<std::size_t> dark;
  for (std::size_t x = 0; x < 256; ++x) {
    const std::uint8_t* pixel = rgba.data() + (8 * 256 + x) * 4;
    if (pixel[3] == 150 && pixel[0] == 20) dark.push_back(x);
  }
  // The edge of what is visible, at 0.5, and the line at 5.
  REQUIRE(dark.size() == 2);
  CHECK(std::abs(double(dark[0]) - (0.5 * 6.3 + 0.5) * 4) <= 1.5);
  CHECK(std::abs(double(dark[1]) - (5 * 6.3 + 0.5) * 4) <= 1.5);
}

TEST_CASE("a window of a field is the same pixels as the whole at that place", "[heatmap]") {
  const Field field = ramp();
  const Shading shading{Palette::kCividis, 10, {}};
  const auto whole = painted(field, shading, {}, 256, 16);
  const auto part = painted(field, shading, {100, 4, 1}, 60, 8);
  for (std::size_t y = 1; y < 8; ++y) {
    for (std::size_t x = 1; x < 60; ++x) {
      for (std::size_t i = 0; i < 4; ++i) {
        REQUIRE(part[(y * 60 + x) * 4 + i] == whole[((y + 4) * 256 + x + 100) * 4 + i]);
      }
    }
  }
  // Beyond the field is nothing, and so is a scale without a maximum.
  const auto beyond = painted(field, shading, {-40, -40, 0.5}, 20, 20);
  CHECK(std::all_of(beyond.begin(), beyond.end(), [](std::uint8_t byte) { return byte == 0; }));
  const auto none = painted(field, {}, {}, 20, 20);
  CHECK(std::all_of(none.begin(), none.end(), [](std::uint8_t byte) { return byte == 0; }));
}
