// SPDX-License-Identifier: MIT
// Palettes. Sources in the header.
#include "heatmap/palette.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/elementary.h"

namespace insitu::heatmap {
namespace {

// Every 17th of the 256 published colours; between them linear.
constexpr std::size_t kStops = 16;
struct Stop {
  std::uint8_t red, green, blue;
};
constexpr Stop kViridis[kStops] = {{68, 1, 84},    {72, 26, 108},  {71, 47, 125},  {65, 68, 135},
                                   {57, 86, 140},  {49, 104, 142}, {42, 120, 142}, {35, 136, 142},
                                   {31, 152, 139}, {34, 168, 132}, {53, 183, 121}, {84, 197, 104},
                                   {122, 209, 81}, {165, 219, 54}, {210, 226, 27}, {253, 231, 37}};
constexpr Stop kCividis[kStops] = {
    {0, 34, 78},     {0, 46, 108},    {30, 58, 111},   {53, 69, 108},
    {71, 81, 108},   {87, 93, 109},   {102, 105, 112}, {117, 117, 117},
    {132, 130, 121}, {148, 142, 119}, {165, 156, 116}, {183, 169, 110},
    {200, 184, 102}, {219, 199, 90},  {238, 214, 73},  {254, 232, 56}};

std::uint8_t mix(int from, int to, double part) {
  return static_cast<std::uint8_t>(from + (to - from) * part + 0.5);
}

}  // namespace

bool find_palette(std::string_view name, Palette& palette) {
  if (name == "viridis") {
    palette = Palette::kViridis;
  } else if (name == "cividis") {
    palette = Palette::kCividis;
  } else if (name == "grey") {
    palette = Palette::kGrey;
  } else {
    return false;
  }
  return true;
}

Colour colour_of(Palette palette, double share) {
  const double value = share > 0 ? std::min(share, 1.0) : 0;
  if (palette == Palette::kGrey) {
    const std::uint8_t level = mix(225, 20, value);
    return {level, level, level};
  }
  const Stop* const stops = palette == Palette::kCividis ? kCividis : kViridis;
  const double place = value * (kStops - 1);
  const std::size_t index = std::min(static_cast<std::size_t>(place), kStops - 2);
  const double part = place - static_cast<double>(index);
  const Stop& from = stops[index];
  const Stop& to = stops[index + 1];
  return {mix(from.red, to.red, part), mix(from.green, to.green, part),
          mix(from.blue, to.blue, part)};
}

double opacity_of(double share) {
  if (!(share >= kVisibleFrom)) return 0;
  if (share >= kOpaqueFrom) return kOpacity;
  return kOpacity * ((share - kVisibleFrom) / (kOpaqueFrom - kVisibleFrom));
}

std::vector<double> ticks(double most, int count) {
  std::vector<double> result;
  if (!(most > 0 && most < 1e15 && most > 1e-15 && count > 0)) return result;
  // From a step that is too small upwards: 1, 2, 5, 10, ... times a power of ten.
  const auto fits = [&](double step) { return std::floor(most / step * (1 + 1e-12)) <= count; };
  int power = -16;
  int digit = 1;
  const auto step_of = [](int d, int p) {
    return p < 0 ? d / base::power(10, -p) : d * base::power(10, p);
  };
  while (!fits(step_of(digit, power))) {
    digit = digit == 1 ? 2 : digit == 2 ? 5 : 1;
    if (digit == 1) ++power;
  }
  const auto whole = static_cast<int>(std::floor(most / step_of(digit, power) * (1 + 1e-12)));
  // Whole multiples of the digit are exact, so 3 * 0.1 reads 0.3.
  for (int i = 1; i <= whole; ++i) result.push_back(step_of(i * digit, power));
  return result;
}

}  // namespace insitu::heatmap
