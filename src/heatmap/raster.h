// SPDX-License-Identifier: MIT
// Heat pictures as pixels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "heatmap/canvas.h"

namespace insitu::heatmap {

// A picture of more pixels is not drawn: 160 MB.
inline constexpr double kMaxPixels = 40e6;

// Pixels of 4 bytes, red, green, blue, alpha (not premultiplied), row by row.
struct Raster {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> rgba;
};

// A canvas of width * height transparent pixels. Same bytes natively and in WebAssembly.
class RasterCanvas final : public Canvas {
 public:
  RasterCanvas(std::size_t width, std::size_t height);
  Raster take() { return std::move(raster_); }

  void rect(const Box& box, Colour fill) override;
  void frame(const Box& box, double width, Colour line) override;
  void mark(Shape shape, double x, double y, double radius, Colour fill, double width,
            Colour line) override;
  void text(double x, double y, std::string_view text, Font font, Colour colour,
            Align align) override;
  void field(const Field& field, const Shading& shading, const Box& page) override;
  void backdrop(const Backdrop& picture, const Box& page) override;

 private:
  void blend(std::size_t x, std::size_t y, Colour colour, double coverage);
  void hollow_box(double pen, double base_line, Colour colour);

  Raster raster_;
};

}  // namespace insitu::heatmap
