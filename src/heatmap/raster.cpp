// SPDX-License-Identifier: MIT
#include "heatmap/raster.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace insitu::heatmap {
namespace {

// Whole pixels of a line that a span touches.
struct Span {
  std::size_t begin;
  std::size_t end;
};
Span touched(double from, double to, std::size_t size) {
  const auto limit = static_cast<double>(size);
  // The comparisons send NaN to 0.
  const double begin = from > 0 ? std::min(std::floor(from), limit) : 0;
  const double end = to > 0 ? std::min(std::ceil(to), limit) : 0;
  return {static_cast<std::size_t>(begin), static_cast<std::size_t>(std::max(begin, end))};
}

// How much of the pixel from `at` lies in [from, to].
double covered(double at, double from, double to) {
  return std::max(0.0, std::min(at + 1, to) - std::max(at, from));
}

// How far a place is outside of a shape around 0, px; below 0 inside.
double distance_to(Shape shape, double dx, double dy, double radius) {
  const double x = std::abs(dx);
  const double y = std::abs(dy);
  switch (shape) {
    case Shape::kDiamond:
      return (x + y - radius) * 0.70710678118654752;
    case Shape::kSquare:
      return std::max(x, y) - radius;
    case Shape::kDisc:
      break;
  }
  return std::sqrt(x * x + y * y) - radius;
}

double edge_coverage(double distance) { return std::clamp(0.5 - distance, 0.0, 1.0); }

}  // namespace

RasterCanvas::RasterCanvas(std::size_t width, std::size_t height)
    : raster_{width, height, std::vector<std::uint8_t>(width * height * 4)} {}

void RasterCanvas::blend(std::size_t x, std::size_t y, Colour colour, double coverage) {
  const auto alpha = static_cast<unsigned>(colour.alpha * coverage + 0.5);
  if (alpha == 0) return;
  std::uint8_t* const pixel = raster_.rgba.data() + (y * raster_.width + x) * 4;
  // What shows of the pixel below, in units of 1/255 of 1/255.
  const unsigned below = pixel[3] * (255 - alpha);
  const unsigned whole = alpha * 255 + below;
  const unsigned channels[3] = {colour.red, colour.green, colour.blue};
  for (int i = 0; i < 3; ++i) {
    pixel[i] = static_cast<std::uint8_t>(
        (channels[i] * alpha * 255 + pixel[i] * below + whole / 2) / whole);
  }
  pixel[3] = static_cast<std::uint8_t>((whole + 127) / 255);
}

void RasterCanvas::rect(const Box& box, Colour fill) {
  const Span across = touched(box.x, box.x + box.width, raster_.width);
  const Span down = touched(box.y, box.y + box.height, raster_.height);
  for (std::size_t y = down.begin; y < down.end; ++y) {
    const double part = covered(static_cast<double>(y), box.y, box.y + box.height);
    for (std::size_t x = across.begin; x < across.end; ++x) {
      blend(x, y, fill, part * covered(static_cast<double>(x), box.x, box.x + box.width));
    }
  }
}

void RasterCanvas::frame(const Box& box, double width, Colour line) {
  const double w = std::min({width, box.width / 2, box.height / 2});
  if (!(w > 0)) return;
  const double inner = box.height - 2 * w;
  rect({box.x, box.y, box.width, w}, line);
  rect({box.x, box.y + box.height - w, box.width, w}, line);
  rect({box.x, box.y + w, w, inner}, line);
  rect({box.x + box.width - w, box.y + w, w, inner}, line);
}

void RasterCanvas::mark(Shape shape, double x, double y, double radius, Colour fill, double width,
                        Colour line) {
  const Span across = touched(x - radius - 1, x + radius + 1, raster_.width);
  const Span down = touched(y - radius - 1, y + radius + 1, raster_.height);
  for (std::size_t row = down.begin; row < down.end; ++row) {
    for (std::size_t column = across.begin; column < across.end; ++column) {
      const double distance = distance_to(shape, static_cast<double>(column) + 0.5 - x,
                                          static_cast<double>(row) + 0.5 - y, radius);
      const double whole = edge_coverage(distance);
      const double inside = edge_coverage(distance + width);
      blend(column, row, fill, inside);
      blend(column, row, line, whole - inside);
    }
  }
}

void RasterCanvas::hollow_box(double pen, double base_line, Colour colour) {
  frame({pen + 1, base_line - kBoxHeight, kBoxWidth, kBoxHeight}, 1, colour);
}

void RasterCanvas::text(double x, double y, std::string_view text, Font font, Colour colour,
                        Align align) {
  const double width = align == Align::kLeft ? 0 : width_of(text, font);
  // Letters are drawn for whole pixels.
  double pen = std::floor(x - (align == Align::kCentre ? width / 2 : width) + 0.5);
  const double base_line = std::floor(y + 0.5);
  while (!text.empty() && pen < static_cast<double>(raster_.width)) {
    const auto [glyph, pixels] = find_letter(font, next_character(text));
    if (!glyph) {
      hollow_box(pen, base_line, colour);
      pen += kBoxWidth + 2;
      continue;
    }
    for (int i = 0; i < glyph->width * glyph->height; ++i) {
      const double column = pen + glyph->left + i % glyph->width;
      const double row = base_line + glyph->top + i / glyph->width;
      if (!(column >= 0 && row >= 0 && column < static_cast<double>(raster_.width) &&
            row < static_cast<double>(raster_.height))) {
        continue;
      }
      const int step = pixels[i / 2] >> (i % 2 * 4) & 15;
      blend(static_cast<std::size_t>(column), static_cast<std::size_t>(row), colour, step / 15.0);
    }
    pen += glyph->advance;
  }
}

void RasterCanvas::field(const Field& field, const Shading& shading, const Box& page) {
  const Span across = touched(page.x, page.x + page.width, raster_.width);
  const Span down = touched(page.y, page.y + page.height, raster_.height);
  const std::size_t width = across.end - across.begin;
  const std::size_t height = down.end - down.begin;
  std::vector<std::uint8_t> rgba(width * height * 4);
  const Window window{static_cast<double>(across.begin) - page.x,
                      static_cast<double>(down.begin) - page.y, 1};
  paint(field, shading, window, width, height, rgba);
  for (std::size_t i = 0; i < width * height; ++i) {
    if (rgba[i * 4 + 3] == 0) continue;
    Colour colour;
    std::memcpy(&colour, rgba.data() + i * 4, 4);
    blend(across.begin + i % width, down.begin + i / width, colour, 1);
  }
}

void RasterCanvas::backdrop(const Backdrop& picture, const Box& page) {
  if (picture.width == 0 || picture.height == 0 ||
      picture.rgba.size() != picture.width * picture.height * 4) {
    return;
  }
  const Span across = touched(page.x, page.x + page.width, raster_.width);
  const Span down = touched(page.y, page.y + page.height, raster_.height);
  const double columns = static_cast<double>(picture.width) / page.width;
  const double rows = static_cast<double>(picture.height) / page.height;
  for (std::size_t y = down.begin; y < down.end; ++y) {
    const double top = (static_cast<double>(y) - page.y) * rows;
    const Span from = touched(top, std::max(top + rows, std::floor(top) + 1), picture.height);
    for (std::size_t x = across.begin; x < across.end; ++x) {
      const double left = (static_cast<double>(x) - page.x) * columns;
      const Span of = touched(left, std::max(left + columns, std::floor(left) + 1), picture.width);
      // The mean of all pixels that a pixel of the page shows, over white.
      unsigned sum[3] = {0, 0, 0};
      unsigned count = 0;
      for (std::size_t row = from.begin; row < from.end; ++row) {
        for (std::size_t column = of.begin; column < of.end; ++column) {
          const std::uint8_t* const pixel =
              picture.rgba.data() + (row * picture.width + column) * 4;
          for (int i = 0; i < 3; ++i) {
            sum[i] += (pixel[i] * pixel[3] + 255u * (255u - pixel[3]) + 127u) / 255u;
          }
          ++count;
        }
      }
      if (count == 0) continue;
      const double mean[3] = {static_cast<double>(sum[0]) / count,
                              static_cast<double>(sum[1]) / count,
                              static_cast<double>(sum[2]) / count};
      const double grey = 0.2126 * mean[0] + 0.7152 * mean[1] + 0.0722 * mean[2];
      const auto faded = [&](double channel) {
        const double duller = channel + (grey - channel) * 0.3;
        return static_cast<std::uint8_t>(duller + (255 - duller) * 0.3 + 0.5);
      };
      blend(x, y, {faded(mean[0]), faded(mean[1]), faded(mean[2])}, 1);
    }
  }
}

}  // namespace insitu::heatmap
