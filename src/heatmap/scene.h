// SPDX-License-Identifier: MIT
// What a heat picture shows, as plain data: the native command and the browser fill the same
// struct, so that they draw the same picture.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/writer.h"

namespace insitu::heatmap {

// A box of the page without content, for wireframes. CSS px of the document, as all lengths here.
struct WireBox {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  std::string label;
  bool landmark = false;  // a region of the page rather than a control
};

// Clicks at one place.
struct DotMark {
  double x = 0;
  double y = 0;
  double count = 1;
  double shape = 0;     // 0 click, 1 first click, 2 by keyboard
  bool hollow = false;  // not found again on the page: shown where it was on the recorded page
};

// One element or region with its share.
struct ZoneMark {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  std::string label;
  double count = 0;
  double of = 0;     // count / of is the share
  double lower = 0;  // interval of the share, 0 ... 1
  double upper = 0;
};

// A horizontal band of the page and its value.
struct BandMark {
  double from = 0;
  double to = 0;
  double value = 0;  // of `of`; a share is value / of
};

// A picture of one page. Everything left out is 0, "" or empty. Numbers that are not finite count
// as 0, lengths are cut to kMaxPagePx.
struct Scene {
  double width = 0;  // of the page
  double height = 0;
  double background = 0;       // 0 transparent, 1 white, 2 wireframe, 3 the picture given to draw()
  std::vector<WireBox> boxes;  // of the wireframe

  // Marks; they may be combined, and are drawn in this order.
  std::vector<BandMark> bands;
  double bands_of = 0;         // above 0: values are counts of so many, and lines show 75, 50, 25 %
  std::vector<double> points;  // x, y, weight, x, y, weight, ... of a density
  double sigma = 0;            // of the density, px; 0: kDefaultSigmaPx
  double maximum = 0;          // of the scale of density or bands; 0: the largest value
  bool cut_top = false;        // density: the scale ends at the 99 % quantile instead
  std::vector<ZoneMark> zones;
  std::vector<DotMark> dots;  // those that would hide each other are drawn as one

  // Legend, above the page.
  bool legend = false;
  std::string title;
  std::string unit;                // of the scale, or of the counts: "clicks", "participants"
  std::vector<std::string> facts;  // joined in one sentence: numbers, filters
  std::vector<std::string> notes;  // a line each
  double anchored = 0;             // clicks found again on the page, of `anchored_of`
  double anchored_of = 0;          // 0: nothing was looked for
  std::string palette;             // "" is viridis
};

// Walks the members of a scene in one fixed order: io(name, member) for each.
template <class Io, class S>
void walk_scene(Io& io, S& scene) {
  io("width", scene.width);
  io("height", scene.height);
  io("background", scene.background);
  io("boxes", scene.boxes);
  io("bands", scene.bands);
  io("bands_of", scene.bands_of);
  io("points", scene.points);
  io("sigma", scene.sigma);
  io("maximum", scene.maximum);
  io("cut_top", scene.cut_top);
  io("zones", scene.zones);
  io("dots", scene.dots);
  io("legend", scene.legend);
  io("title", scene.title);
  io("unit", scene.unit);
  io("facts", scene.facts);
  io("notes", scene.notes);
  io("anchored", scene.anchored);
  io("anchored_of", scene.anchored_of);
  io("palette", scene.palette);
}

// Writes the scene as an object with the names above.
void write_scene(const Scene& scene, base::Writer& out);

// The shape of a scene as JSON, each member 0, "", false, or a list of one such: what a writer of
// the packed form needs to know.
std::string scene_shape();

// Reads the packed form: the members in the order of scene_shape(), a number or a bool as one
// token, a text as its length in bytes (the texts follow each other in `text`), a list as its
// length and then its items, an object as its members. False, with nothing promised of `scene`, if
// the tokens are not all used or do not suffice. O(tokens).
bool read_scene(const double* tokens, std::size_t count, std::string_view text, Scene& scene);

}  // namespace insitu::heatmap
