// SPDX-License-Identifier: MIT
#include "heatmap/svg.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "heatmap/contour.h"

namespace insitu::heatmap {
namespace {

constexpr std::string_view kPngUrl = "data:image/png;base64,";

// Shapes per scale. More would not be told apart in print.
constexpr int kBands = 16;

bool is_base64(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '/' || c == '=';
  });
}

}  // namespace

std::string escape_xml(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::string_view rest = text;
    const std::uint32_t character = next_character(rest);
    const std::string_view bytes = text.substr(0, text.size() - rest.size());
    text = rest;
    switch (character) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      case kReplacement:
        out += "\xef\xbf\xbd";
        break;
      default:
        out += bytes;
    }
  }
  return out;
}

SvgCanvas::SvgCanvas(double width, double height, std::string_view title,
                     std::string_view description) {
  put("<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"")
      .put("width", width)
      .put("height", height)
      .put(" viewBox=\"0 0 " + number_text(width, 1) + " " + number_text(height, 1) + "\"")
      .put(" aria-labelledby=\"t d\" font-family=\"'DejaVu Sans',Verdana,sans-serif\">\n")
      .put("<title id=\"t\">" + escape_xml(title) + "</title>\n")
      .put("<desc id=\"d\">" + escape_xml(description) + "</desc>\n");
}

std::string SvgCanvas::take() {
  put("</svg>\n");
  return std::move(out_);
}

SvgCanvas& SvgCanvas::put(std::string_view text) {
  out_ += text;
  return *this;
}

SvgCanvas& SvgCanvas::put(std::string_view name, double value) {
  return put(" ").put(name).put("=\"").put(number_text(value, 2)).put("\"");
}

SvgCanvas& SvgCanvas::paint(std::string_view name, Colour colour) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex = "#";
  for (const std::uint8_t channel : {colour.red, colour.green, colour.blue}) {
    hex += kDigits[channel / 16];
    hex += kDigits[channel % 16];
  }
  if (colour.alpha == 0) hex = "none";
  put(" ").put(name).put("=\"").put(hex).put("\"");
  if (colour.alpha == 0 || colour.alpha == 255) return *this;
  return put(std::string(name) + "-opacity", colour.alpha / 255.0);
}

void SvgCanvas::box(const Box& box) {
  put("x", box.x).put("y", box.y);
  put("width", std::max(0.0, box.width)).put("height", std::max(0.0, box.height));
}

void SvgCanvas::rect(const Box& where, Colour fill) {
  put("<rect");
  box(where);
  paint("fill", fill).put("/>\n");
}

void SvgCanvas::frame(const Box& where, double width, Colour line) {
  put("<rect");
  box({where.x + width / 2, where.y + width / 2, where.width - width, where.height - width});
  put(" fill=\"none\"").paint("stroke", line).put("stroke-width", width).put("/>\n");
}

void SvgCanvas::mark(Shape shape, double x, double y, double radius, Colour fill, double width,
                     Colour line) {
  // The line lies inside of the edge, strokes lie on it.
  const double r = radius - (shape == Shape::kDiamond ? 1.41421356 : 1) * width / 2;
  if (shape == Shape::kDisc) {
    put("<circle").put("cx", x).put("cy", y).put("r", r);
  } else if (shape == Shape::kSquare) {
    put("<rect");
    box({x - r, y - r, 2 * r, 2 * r});
  } else {
    const auto corner = [](double cx, double cy) {
      return number_text(cx, 1) + "," + number_text(cy, 1) + " ";
    };
    put("<polygon points=\"" + corner(x, y - r) + corner(x + r, y) + corner(x, y + r) +
        corner(x - r, y) + "\"");
  }
  paint("fill", fill);
  if (width > 0) paint("stroke", line).put("stroke-width", width);
  put("/>\n");
}

void SvgCanvas::text(double x, double y, std::string_view text, Font font, Colour colour,
                     Align align) {
  put("<text").put("x", x).put("y", y);
  put(font == Font::kBold ? " font-size=\"15\" font-weight=\"bold\"" : " font-size=\"12\"");
  if (align != Align::kLeft) {
    put(align == Align::kCentre ? " text-anchor=\"middle\"" : " text-anchor=\"end\"");
  }
  // So that a label in another direction does not turn the sentence around it.
  paint("fill", colour).put(" direction=\"ltr\" unicode-bidi=\"embed\">");
  put(escape_xml(text)).put("</text>\n");
}

void SvgCanvas::rings(const Field& field, double level, Colour fill) {
  const std::vector<Ring> all = heatmap::rings(field, level);
  if (all.empty()) return;
  put("<path").paint("fill", fill).put(" d=\"");
  for (const Ring& ring : all) {
    char command = 'M';
    for (const Corner& corner : ring) {
      out_ += command;
      put(number_text(corner.x, 1)).put(",").put(number_text(corner.y, 1));
      command = 'L';
    }
    out_ += 'z';
  }
  put("\"/>\n");
}

void SvgCanvas::field(const Field& field, const Shading& shading, const Box& page) {
  if (!(shading.maximum > 0) || field.values.empty()) return;
  const std::string clip = "c" + number_text(++clips_);
  put("<clipPath id=\"" + clip + "\"><rect");
  box({0, 0, page.width, page.height});
  put("/></clipPath>\n<g clip-path=\"url(#" + clip + ")\" transform=\"translate(" +
      number_text(page.x, 2) + "," + number_text(page.y, 2) + ")\">\n");
  // Each shape lies on the one before, so they are opaque and the group is not.
  put("<g").put("opacity", kOpacity).put(" fill-rule=\"evenodd\">\n");
  for (int i = 0; i < kBands; ++i) {
    const double from = kVisibleFrom + (1 - kVisibleFrom) * i / kBands;
    const double middle = from + (1 - kVisibleFrom) / (2 * kBands);
    rings(field, from * shading.maximum, colour_of(shading.palette, middle));
  }
  put("</g>\n<g stroke=\"#141414\" stroke-opacity=\"0.6\">\n");
  constexpr Colour kNoFill{0, 0, 0, 0};
  rings(field, kVisibleFrom * shading.maximum, kNoFill);
  for (const double outline : shading.outlines) {
    if (outline > kVisibleFrom * shading.maximum) rings(field, outline, kNoFill);
  }
  put("</g>\n</g>\n");
}

void SvgCanvas::backdrop(const Backdrop& picture, const Box& page) {
  if (!picture.url.starts_with(kPngUrl) || !is_base64(picture.url.substr(kPngUrl.size()))) return;
  put("<filter id=\"fade\" color-interpolation-filters=\"sRGB\">")
      .put("<feColorMatrix type=\"saturate\" values=\"0.7\"/></filter>\n<image");
  box(page);
  put(" preserveAspectRatio=\"none\" filter=\"url(#fade)\" href=\"").put(picture.url).put("\"/>\n");
  rect(page, {255, 255, 255, 77});
}

void SvgCanvas::begin_item(std::string_view text) {
  put("<g><title>" + escape_xml(text) + "</title>\n");
}
void SvgCanvas::end_item() { put("</g>\n"); }

}  // namespace insitu::heatmap
