// SPDX-License-Identifier: MIT
#include "heatmap/picture.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/flat_map.h"
#include "heatmap/svg.h"

namespace insitu::heatmap {
namespace {

constexpr Colour kInk{28, 28, 30};
constexpr Colour kSoftInk{92, 92, 96};
constexpr Colour kPaper{255, 255, 255};
constexpr Colour kRule{190, 190, 194};
constexpr Colour kVeil{255, 255, 255, 225};
constexpr Colour kNothing{0, 0, 0, 0};
// By shape; told apart by people with any colour vision (M. Okabe, K. Ito, 2008), and by shape.
constexpr Colour kDotColours[] = {{0, 93, 160}, {200, 80, 0}, {0, 110, 82}};
constexpr const char* kDotNames[] = {"click", "first click", "click by keyboard"};
constexpr std::size_t kShapes = std::size(kDotColours);

constexpr double kMargin = 12;
constexpr double kBarWidth = 260;
constexpr double kBarHeight = 12;
constexpr double kLeastWidth = 320;  // of the legend, so that its words have room
constexpr double kTagHeight = 17;

std::size_t shape_of(const DotMark& dot) {
  return dot.shape >= 1 && dot.shape < kShapes ? static_cast<std::size_t>(dot.shape) : 0;
}

double page_length(double px) { return px > 0 ? std::min(std::ceil(px), kMaxPagePx) : 0; }

std::string count_text(double count, std::string_view one, std::string_view many) {
  std::string text = number_text(count) + " ";
  text += count == 1 ? one : many;
  return text;
}

// Dots whose middles are nearer than this are drawn as one, px.
constexpr double kNear = 12;

// Each dot joins one before it that is of its kind and near; the place is the mean. The largest
// come first, so that they do not hide others. O(dots log dots).
std::vector<DotMark> merged(const std::vector<DotMark>& dots) {
  std::vector<DotMark> all;
  base::FlatMap<std::uint32_t> at;  // kind and square of side kNear -> index + 1
  for (const DotMark& dot : dots) {
    if (!(dot.count > 0 && dot.x >= 0 && dot.x <= kMaxPagePx && dot.y >= 0 &&
          dot.y <= kMaxPagePx)) {
      continue;
    }
    const std::uint64_t kind = shape_of(dot) * 2 + (dot.hollow ? 1 : 0);
    const auto key = [&](int right, int down) {
      const auto square = [](double px, int further) {
        return static_cast<std::uint64_t>(px / kNear + 1 + further);
      };
      return kind << 48 | square(dot.x, right) << 24 | square(dot.y, down);
    };
    std::uint32_t* found = at.find(key(0, 0));
    for (int i = 0; !found && i < 9; ++i) {
      found = at.find(key(i % 3 - 1, i / 3 - 1));
      if (!found) continue;
      const DotMark& other = all[*found - 1];
      if (std::abs(other.x - dot.x) >= kNear || std::abs(other.y - dot.y) >= kNear) found = nullptr;
    }
    if (!found) {
      all.push_back(dot);
      at[key(0, 0)] = static_cast<std::uint32_t>(all.size());
      continue;
    }
    DotMark& joined = all[*found - 1];
    joined.count += dot.count;
    joined.x += (dot.x - joined.x) * (dot.count / joined.count);
    joined.y += (dot.y - joined.y) * (dot.count / joined.count);
  }
  std::stable_sort(all.begin(), all.end(),
                   [](const DotMark& a, const DotMark& b) { return a.count > b.count; });
  return all;
}

std::string interval_text(const ZoneMark& zone) {
  std::string text = number_text(zone.count) + " of " + number_text(zone.of);
  if (!(zone.of > 0)) return text;
  // Of a share in per cent; "75 % (46–92)".
  return text + ", " + percent_text(zone.count / zone.of) + " (" + number_text(zone.lower * 100) +
         "–" + number_text(zone.upper * 100) + ")";
}

class Painter {
 public:
  explicit Painter(const Scene& scene) : scene_(scene), dots_(merged(scene.dots)) {
    (void)find_palette(scene.palette, scale_.palette);
    width_ = page_length(scene.width);
    height_ = page_length(scene.height);
    if (!scene.points.empty()) {
      Density density(width_, height_);
      std::vector<Point> points(scene.points.size() / 3);
      for (std::size_t i = 0; i < points.size(); ++i) {
        points[i] = {scene.points[3 * i], scene.points[3 * i + 1], scene.points[3 * i + 2]};
      }
      density.add(points);
      field_ = density.take(scene.sigma > 0 ? scene.sigma : kDefaultSigmaPx);
      scale_.maximum = scene.cut_top ? quantile_of_nonzero(field_, 0.99) : heatmap::maximum(field_);
    } else {
      for (const BandMark& band : scene.bands) {
        scale_.maximum = std::max(scale_.maximum, value_of(band));
      }
      if (scene.bands_of > 0) scale_.maximum = 1;
    }
    if (scene.maximum > 0) scale_.maximum = scene.maximum;
    scale_.outlines = ticks(scale_.maximum);
    if (scene.legend) lay_out_legend();
  }

  double picture_width() const { return scene_.legend ? std::max(width_, kLeastWidth) : width_; }
  double legend_height() const { return legend_height_; }
  double picture_height() const { return height_ + legend_height_; }

  void draw(Canvas& canvas, const Backdrop& backdrop) const {
    const Box page{0, legend_height_, width_, height_};
    draw_page(canvas, page, backdrop);
    draw_bands(canvas, page);
    if (!field_.values.empty()) canvas.field(field_, scale_, page);
    draw_zones(canvas, page);
    for (const DotMark& dot : dots_) draw_dot(canvas, page, dot);
    // Last: marks at the page's edge reach over it.
    if (scene_.legend) draw_legend(canvas);
  }

 private:
  double value_of(const BandMark& band) const {
    return scene_.bands_of > 0 ? band.value / scene_.bands_of : band.value;
  }
  bool has_scale() const {
    return scale_.maximum > 0 && (!field_.values.empty() || !scene_.bands.empty());
  }

  // ---- the page

  void draw_page(Canvas& canvas, const Box& page, const Backdrop& backdrop) const {
    if (scene_.background >= 1) canvas.rect(page, kPaper);
    if (scene_.background == 3) canvas.backdrop(backdrop, page);
    if (scene_.background == 2) {
      for (const WireBox& box : scene_.boxes) draw_wire_box(canvas, page, box);
    }
    if (scene_.background >= 1) canvas.frame(page, 1, kRule);
  }

  static void draw_wire_box(Canvas& canvas, const Box& page, const WireBox& wire) {
    const Box box = on_page(page, wire);
    if (box.width < 1 || box.height < 1) return;
    if (!wire.landmark) canvas.rect(box, {0, 0, 0, 10});
    canvas.frame(box, 1, wire.landmark ? Colour{150, 170, 200} : Colour{205, 205, 208});
    if (box.height < kTagHeight) return;
    const std::string label = fit(wire.label, Font::kRegular, box.width - 8);
    const double y = box.height < 2 * kTagHeight && !wire.landmark
                         ? box.y + box.height / 2 + 4
                         : box.y + ascent_of(Font::kRegular) + 3;
    if (!label.empty()) {
      canvas.text(box.x + 4, std::floor(y), label, Font::kRegular, {130, 130, 136});
    }
  }

  // A box of the page, cut to it, on the picture.
  template <class T>
  static Box on_page(const Box& page, const T& item) {
    const double left = std::clamp(item.x, 0.0, page.width);
    const double top = std::clamp(item.y, 0.0, page.height);
    const double right = std::clamp(item.x + item.width, left, page.width);
    const double bottom = std::clamp(item.y + item.height, top, page.height);
    return {page.x + left, page.y + top, right - left, bottom - top};
  }

  // ---- bands

  void draw_bands(Canvas& canvas, const Box& page) const {
    if (!(scale_.maximum > 0)) return;
    for (const BandMark& band : scene_.bands) {
      const double top = std::clamp(band.from, 0.0, page.height);
      const double bottom = std::clamp(band.to, top, page.height);
      const double share = std::min(1.0, value_of(band) / scale_.maximum);
      if (!(bottom > top) || !(share > 0)) continue;
      Colour colour = colour_of(scale_.palette, share);
      colour.alpha = static_cast<std::uint8_t>(std::lround(kOpacity * 255));
      canvas.rect({page.x, page.y + top, page.width, bottom - top}, colour);
    }
    if (!(scene_.bands_of > 0)) return;
    for (const double share : {0.75, 0.5, 0.25}) draw_reach_line(canvas, page, share);
  }

  // Where fewer than `share` get.
  void draw_reach_line(Canvas& canvas, const Box& page, double share) const {
    double y = 0;
    double count = 0;
    for (const BandMark& band : scene_.bands) {
      if (value_of(band) < share) break;
      y = std::min(band.to, page.height);
      count = band.value;
    }
    if (!(y > 0)) return;
    const double at = std::min(page.y + y, page.y + page.height - 1);
    canvas.rect({page.x, at - 1, page.width, 2}, kInk);
    draw_tag(canvas, page.x + 8, std::max(page.y, at - 1 - kTagHeight),
             percent_text(share) + " get this far: " + number_text(count) + " of " +
                 number_text(scene_.bands_of));
  }

  static void draw_tag(Canvas& canvas, double x, double y, std::string_view text) {
    const double width = width_of(text, Font::kRegular) + 8;
    canvas.rect({x, y, width, kTagHeight}, kVeil);
    canvas.text(x + 4, y + 13, text, Font::kRegular, kInk);
  }

  // ---- zones

  void draw_zones(Canvas& canvas, const Box& page) const {
    double most = 0;
    for (const ZoneMark& zone : scene_.zones) most = std::max(most, zone.count);
    for (const ZoneMark& zone : scene_.zones) {
      const Box box = on_page(page, zone);
      if (box.width < 1 || box.height < 1) continue;
      Colour fill = colour_of(scale_.palette, most > 0 ? zone.count / most : 0);
      const Colour line = fill;
      fill.alpha = 90;
      canvas.begin_item(zone.label + ": " + interval_text(zone));
      canvas.rect(box, fill);
      canvas.frame(box, 3, kPaper);
      canvas.frame(box, 2, line);
      canvas.end_item();
    }
    // Above all zones, the largest count first, so that it is never the one without room.
    std::vector<std::size_t> order(scene_.zones.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return scene_.zones[a].count > scene_.zones[b].count;
    });
    std::vector<Box> taken;
    for (const std::size_t index : order) draw_zone_tag(canvas, page, scene_.zones[index], taken);
  }

  static void draw_zone_tag(Canvas& canvas, const Box& page, const ZoneMark& zone,
                            std::vector<Box>& taken) {
    const Box box = on_page(page, zone);
    if (box.width < 1 || box.height < 1) return;
    const std::string text = interval_text(zone);
    const double width = width_of(text, Font::kRegular) + 8;
    // Below, above, inside, right of it: the first place that is free.
    const double right = page.x + page.width - width;
    const double x = std::max(page.x, std::min(box.x, right));
    const Box places[] = {
        {x, box.y + box.height + 1, width, kTagHeight},
        {x, box.y - kTagHeight - 1, width, kTagHeight},
        {std::min(box.x + box.width + 2, right), box.y, width, kTagHeight},
        {x, box.y + 3, width, kTagHeight},
        {x, box.y + box.height + 2 + kTagHeight, width, kTagHeight},
    };
    for (const Box& place : places) {
      const bool is_inside = place.y >= page.y && place.y + kTagHeight <= page.y + page.height;
      const bool is_free = std::none_of(taken.begin(), taken.end(), [&](const Box& other) {
        return place.x < other.x + other.width && other.x < place.x + place.width &&
               place.y < other.y + other.height && other.y < place.y + place.height;
      });
      if (!is_inside || !is_free) continue;
      taken.push_back(place);
      draw_tag(canvas, place.x, place.y, text);
      return;
    }
  }

  // ---- dots

  static double radius_of(const DotMark& dot) {
    if (dot.count <= 1) return 7;
    // Room for the digits, and area by the count.
    const double digits = width_of(number_text(dot.count), Font::kRegular) / 2 + 4;
    return std::max(digits, std::min(26.0, 7 * std::sqrt(dot.count)));
  }

  void draw_dot(Canvas& canvas, const Box& page, const DotMark& dot) const {
    if (!(dot.x >= 0 && dot.x <= page.width && dot.y >= 0 && dot.y <= page.height)) return;
    const double x = page.x + dot.x;
    const double y = page.y + dot.y;
    const std::size_t kind = shape_of(dot);
    const auto shape = static_cast<Shape>(kind);
    const std::string count = number_text(dot.count);
    const double radius = radius_of(dot) * (shape == Shape::kDiamond ? 1.3 : 1);
    canvas.begin_item(count + " " + counted(dot) + ": " + name_of(dot));
    draw_glyph(canvas, shape, x, y, radius, dot.hollow);
    if (dot.count > 1) {
      canvas.text(x, y + 4, count, Font::kRegular, dot.hollow ? kInk : kPaper, Align::kCentre);
    }
    canvas.end_item();
  }

  // "participant", "clicks": of a scale's unit what is counted, without the area.
  std::string counted(const DotMark& dot) const {
    std::string unit = scene_.unit.substr(0, scene_.unit.find(" per "));
    if (unit.empty()) unit = "clicks";
    if (dot.count == 1 && unit.ends_with('s')) unit.pop_back();
    return unit;
  }

  static std::string name_of(const DotMark& dot) {
    return std::string(kDotNames[shape_of(dot)]) + (dot.hollow ? " at page position" : "");
  }

  static void draw_glyph(Canvas& canvas, Shape shape, double x, double y, double radius,
                         bool is_hollow) {
    const Colour colour = kDotColours[static_cast<std::size_t>(shape)];
    canvas.mark(shape, x, y, radius + 1.5, kNothing, is_hollow ? 4 : 1.5, kPaper);
    const Colour fill = is_hollow ? Colour{255, 255, 255, 150} : colour;
    canvas.mark(shape, x, y, radius, fill, 2, colour);
  }

  // ---- legend

  struct Line {
    std::string text;
    Font font = Font::kRegular;
    Colour colour = kInk;
  };

  void add_lines(std::string_view text, Font font, Colour colour) {
    // A legend is no place for a novel: what is longer is cut.
    constexpr std::size_t kMostLines = 4;
    const double room = picture_width() - 2 * kMargin;
    std::vector<std::string> lines = wrap(text.substr(0, 2000), font, room);
    if (lines.size() > kMostLines) {
      lines.resize(kMostLines);
      lines.back() = fit(lines.back() + " ……", font, room - 12);
    }
    for (std::string& line : lines) {
      legend_height_ += line_height_of(font);
      lines_.push_back({std::move(line), font, colour});
    }
  }

  void lay_out_legend() {
    legend_height_ = kMargin;
    add_lines(scene_.title, Font::kBold, kInk);
    std::string facts;
    for (const std::string& fact : scene_.facts) {
      if (!facts.empty()) facts += " · ";
      facts += fact;
    }
    add_lines(facts, Font::kRegular, kSoftInk);
    if (scene_.anchored_of > 0) add_lines(match_text(scene_), Font::kRegular, kSoftInk);
    for (const std::string& note : scene_.notes) add_lines(note, Font::kRegular, kSoftInk);
    if (has_scale()) legend_height_ += 6 + line_height_of(Font::kRegular) + kBarHeight + 22;
    if (!scene_.zones.empty()) {
      add_lines("Boxes: " + scene_.unit + " of all, share (95 % interval)", Font::kRegular,
                kSoftInk);
    }
    if (!dots_.empty()) legend_height_ += 24;
    legend_height_ += kMargin;
  }

  static std::string match_text(const Scene& scene) {
    const double rest = scene.anchored_of - scene.anchored;
    std::string text = number_text(scene.anchored) + " of " +
                       count_text(scene.anchored_of, "click", "clicks") + " anchored";
    if (rest > 0) text += "; " + number_text(rest) + " shown at page position (hollow)";
    return text;
  }
  friend std::string heatmap::describe(const Scene& scene);

  void draw_legend(Canvas& canvas) const {
    const double width = picture_width();
    canvas.rect({0, 0, width, legend_height_}, kPaper);
    canvas.rect({0, legend_height_ - 1, width, 1}, kRule);
    double y = kMargin;
    for (const Line& line : lines_) {
      canvas.text(kMargin, y + ascent_of(line.font), line.text, line.font, line.colour);
      y += line_height_of(line.font);
    }
    if (has_scale()) {
      y += 6;
      draw_bar(canvas, y);
      y += line_height_of(Font::kRegular) + kBarHeight + 22;
    }
    if (!dots_.empty()) draw_key(canvas, y + 12);
  }

  void draw_bar(Canvas& canvas, double y) const {
    canvas.text(kMargin, y + ascent_of(Font::kRegular), scene_.unit, Font::kRegular, kInk);
    y += line_height_of(Font::kRegular);
    const double width = std::min(kBarWidth, picture_width() - 2 * kMargin);
    const Box bar{kMargin, y, width, kBarHeight};
    constexpr int kSlices = 130;
    for (int i = 0; i < kSlices; ++i) {
      const double share = (i + 0.5) / kSlices;
      Colour colour = colour_of(scale_.palette, share);
      const double opacity = field_.values.empty() ? kOpacity : opacity_of(share);
      colour.alpha = static_cast<std::uint8_t>(std::lround(opacity * 255));
      canvas.rect({bar.x + width * i / kSlices, y, width / kSlices, kBarHeight}, colour);
    }
    canvas.frame(bar, 1, kSoftInk);
    draw_tick(canvas, bar, 0);
    for (const double tick : scale_.outlines) draw_tick(canvas, bar, tick);
  }

  void draw_tick(Canvas& canvas, const Box& bar, double value) const {
    const double x = std::floor(bar.x + bar.width * (value / scale_.maximum));
    canvas.rect({std::min(x, bar.x + bar.width - 1), bar.y, 1, bar.height + 4}, kInk);
    const std::string label = scene_.bands_of > 0 ? percent_text(value) : number_text(value, 6);
    canvas.text(x, bar.y + bar.height + 16, label, Font::kRegular, kInk,
                value > 0 ? Align::kCentre : Align::kLeft);
  }

  void draw_key(Canvas& canvas, double y) const {
    double x = kMargin + 7;
    for (std::size_t kind = 0; kind < kShapes; ++kind) {
      for (const bool is_hollow : {false, true}) {
        const bool is_there = std::any_of(dots_.begin(), dots_.end(), [&](const DotMark& dot) {
          return shape_of(dot) == kind && dot.hollow == is_hollow;
        });
        if (!is_there) continue;
        DotMark like;
        like.shape = static_cast<double>(kind);
        like.hollow = is_hollow;
        const std::string name = name_of(like);
        draw_glyph(canvas, static_cast<Shape>(kind), x, y, 6, is_hollow);
        canvas.text(x + 12, y + 4, name, Font::kRegular, kSoftInk);
        x += 12 + width_of(name, Font::kRegular) + 22;
      }
    }
  }

  const Scene& scene_;
  std::vector<DotMark> dots_;
  Field field_;
  Shading scale_;
  double width_ = 0;
  double height_ = 0;
  double legend_height_ = 0;
  std::vector<Line> lines_;
};

}  // namespace

std::string describe(const Scene& scene) {
  std::string text;
  const auto say = [&](std::string_view sentence) {
    if (sentence.empty()) return;
    if (!text.empty()) text += ' ';
    text += sentence;
    text += '.';
  };
  std::string facts;
  for (const std::string& fact : scene.facts) {
    if (!facts.empty()) facts += ", ";
    facts += fact;
  }
  say(facts);
  if (scene.anchored_of > 0) say(Painter::match_text(scene));
  const auto most =
      std::max_element(scene.zones.begin(), scene.zones.end(),
                       [](const ZoneMark& a, const ZoneMark& b) { return a.count < b.count; });
  if (most != scene.zones.end()) {
    say("Most: " + fit(most->label, Font::kRegular, 400) + ", " + interval_text(*most));
  }
  for (const std::string& note : scene.notes) say(note);
  return text;
}

PictureSize size_of(const Scene& scene) {
  const Painter painter(scene);
  return {painter.picture_width(), painter.picture_height(), painter.legend_height()};
}

Raster draw(const Scene& scene, const Backdrop& backdrop) {
  const Painter painter(scene);
  const double width = painter.picture_width();
  const double height = painter.picture_height();
  if (!(width >= 1 && height >= 1 && width * height <= kMaxPixels)) return {};
  RasterCanvas canvas(static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  painter.draw(canvas, backdrop);
  return canvas.take();
}

std::string draw_svg(const Scene& scene, const Backdrop& backdrop) {
  const Painter painter(scene);
  SvgCanvas canvas(painter.picture_width(), painter.picture_height(),
                   fit(scene.title, Font::kRegular, 4000), describe(scene));
  painter.draw(canvas, backdrop);
  return canvas.take();
}

}  // namespace insitu::heatmap
