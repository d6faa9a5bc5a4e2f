// SPDX-License-Identifier: MIT
// Heat pictures as SVG 1.1: shapes and real text, for print and for machines that read aloud.
#pragma once

#include <string>
#include <string_view>

#include "heatmap/canvas.h"

namespace insitu::heatmap {

// `text` for XML, in content and in quoted attributes: & < > " ' are escaped, what XML 1.0 or
// lettering.h forbids is U+FFFD. The result holds no markup whatever the text is.
std::string escape_xml(std::string_view text);

// A canvas that writes an SVG document. It has no script, no style sheet, no link and loads
// nothing; a backdrop is used only if its URL is "data:image/png;base64," and base64.
class SvgCanvas final : public Canvas {
 public:
  // Size in px; title and description of the whole picture.
  SvgCanvas(double width, double height, std::string_view title, std::string_view description);
  // Ends the document.
  std::string take();

  void rect(const Box& box, Colour fill) override;
  void frame(const Box& box, double width, Colour line) override;
  void mark(Shape shape, double x, double y, double radius, Colour fill, double width,
            Colour line) override;
  void text(double x, double y, std::string_view text, Font font, Colour colour,
            Align align) override;
  void field(const Field& field, const Shading& shading, const Box& page) override;
  void backdrop(const Backdrop& picture, const Box& page) override;
  void begin_item(std::string_view text) override;
  void end_item() override;

 private:
  SvgCanvas& put(std::string_view text);
  SvgCanvas& put(std::string_view name, double value);
  SvgCanvas& paint(std::string_view name, Colour colour);
  void box(const Box& box);
  void rings(const Field& field, double level, Colour fill);

  std::string out_;
  int clips_ = 0;
};

}  // namespace insitu::heatmap
