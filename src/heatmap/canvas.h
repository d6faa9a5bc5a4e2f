// SPDX-License-Identifier: MIT
// What heat pictures are drawn on: pixels (raster.h) or shapes and text (svg.h).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "heatmap/lettering.h"
#include "heatmap/paint.h"
#include "heatmap/palette.h"

namespace insitu::heatmap {

// All lengths in px of the picture, from its top left corner.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

enum class Shape : std::uint8_t { kDisc, kDiamond, kSquare };
enum class Align : std::uint8_t { kLeft, kCentre, kRight };

// A picture to lie under a page: pixels as paint() gives them, and for shapes the same as a data:
// URL of a PNG ("data:image/png;base64,..."). Either may be missing.
struct Backdrop {
  std::span<const std::uint8_t> rgba;
  std::size_t width = 0;
  std::size_t height = 0;
  std::string_view url;
};

// Draws in the order of the calls. Colours lie over what is there by their alpha. Texts may hold
// anything: what must not be shown is replaced (lettering.h).
class Canvas {
 public:
  virtual ~Canvas() = default;
  virtual void rect(const Box& box, Colour fill) = 0;
  // A line of `width` inside of the box's edge.
  virtual void frame(const Box& box, double width, Colour line) = 0;
  // `radius` from the middle to the edge (of a diamond: to a corner), with a line of `width` inside
  // of the edge.
  virtual void mark(Shape shape, double x, double y, double radius, Colour fill, double width,
                    Colour line) = 0;
  // On the base line `y`.
  virtual void text(double x, double y, std::string_view text, Font font, Colour colour,
                    Align align = Align::kLeft) = 0;
  // A field over the page that lies in `page`; 1 px of the page is one of the picture.
  virtual void field(const Field& field, const Shading& shading, const Box& page) = 0;
  // A picture over `page`, faded so that marks stand out: 30 % of its saturation and of its
  // contrast to white are taken.
  virtual void backdrop(const Backdrop& picture, const Box& page) = 0;
  // What is drawn until end_item() is one thing, and this says what.
  virtual void begin_item(std::string_view) {}
  virtual void end_item() {}
};

}  // namespace insitu::heatmap
