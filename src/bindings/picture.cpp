// SPDX-License-Identifier: MIT
// Heat pictures as JS sees them: a table of coarse calls that take and give numbers, and the memory
// through which bytes cross. js/src/study/picture.ts is the other half.
#include "heatmap/picture.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings/small_runtime.h"
#include "heatmap/density.h"
#include "heatmap/paint.h"
#include "heatmap/scene.h"

namespace {

namespace heatmap = insitu::heatmap;

constexpr std::size_t kInfoNumbers = 8;

// What crosses. Calls that produce something leave it at output() until the next call.
struct Desk {
  std::vector<double> buffer;  // aligned
  std::unique_ptr<heatmap::Density> density;
  heatmap::Field field;
  std::vector<std::uint8_t> pixels;
  std::string text;
  double info[kInfoNumbers] = {};
  std::uint32_t output = 0;
};

Desk& desk() {
  static Desk instance;
  return instance;
}

template <class T>
std::uint32_t address(const T* data) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(data));
}

std::span<const std::byte> input() { return std::as_bytes(std::span(desk().buffer)); }

// ---- memory

// Room for so many bytes; gives its address. What was there is gone if it grows.
std::uint32_t reserve(std::uint32_t bytes) {
  Desk& d = desk();
  const std::size_t numbers = (std::size_t{bytes} + sizeof(double) - 1) / sizeof(double);
  if (numbers > d.buffer.size()) std::vector<double>(numbers).swap(d.buffer);
  return address(d.buffer.data());
}
std::uint32_t output() { return desk().output; }
// Numbers about the latest result.
std::uint32_t info() { return address(desk().info); }
// Gives the memory of large results back to the allocator.
void release() {
  Desk& d = desk();
  d.density.reset();
  d.field = {};
  std::vector<std::uint8_t>().swap(d.pixels);
  std::string().swap(d.text);
  std::vector<double>().swap(d.buffer);
}

std::uint32_t give_text() {
  Desk& d = desk();
  d.output = address(d.text.data());
  return static_cast<std::uint32_t>(d.text.size());
}

// ---- density

void begin_density(double width_px, double height_px, double step_px) {
  desk().density = std::make_unique<heatmap::Density>(width_px, height_px, step_px);
}
// So many points at the buffer: x, y, weight each.
void add_points(std::uint32_t count) {
  Desk& d = desk();
  static_assert(sizeof(heatmap::Point) == 3 * sizeof(double));
  if (!d.density || count > d.buffer.size() / 3) return;
  d.density->add({reinterpret_cast<const heatmap::Point*>(d.buffer.data()), count});
}
// Gives the number of values (float), row by row. Info: columns, rows, step, maximum, 99 % quantile
// of those above 0, points left out.
std::uint32_t take_density(double sigma_px) {
  Desk& d = desk();
  if (!d.density) return 0;
  d.info[5] = d.density->outside();
  d.field = d.density->take(sigma_px);
  d.density.reset();
  d.info[0] = static_cast<double>(d.field.columns);
  d.info[1] = static_cast<double>(d.field.rows);
  d.info[2] = d.field.step_px;
  d.info[3] = heatmap::maximum(d.field);
  d.info[4] = heatmap::quantile_of_nonzero(d.field, 0.99);
  d.output = address(d.field.values.data());
  return static_cast<std::uint32_t>(d.field.values.size());
}
// The field to paint from now on: values (float) at the buffer.
void set_field(std::uint32_t columns, std::uint32_t rows, double step_px) {
  Desk& d = desk();
  const std::size_t count = std::size_t{columns} * rows;
  if (count > d.buffer.size() * 2 || !(step_px > 0)) return;
  const auto* const values = reinterpret_cast<const float*>(d.buffer.data());
  d.field.columns = columns;
  d.field.rows = rows;
  d.field.step_px = step_px;
  d.field.values.assign(values, values + count);
}
// The field in a window, as width * height pixels of RGBA; so many outlines at the buffer. Gives
// the number of bytes.
std::uint32_t paint(std::uint32_t palette, double maximum, std::uint32_t outlines, double x_px,
                    double y_px, double scale, std::uint32_t width, std::uint32_t height) {
  Desk& d = desk();
  heatmap::Shading shading;
  shading.palette = static_cast<heatmap::Palette>(std::min(palette, 2u));
  shading.maximum = maximum;
  const std::size_t count = std::min<std::size_t>(outlines, d.buffer.size());
  shading.outlines.assign(d.buffer.data(), d.buffer.data() + count);
  if (static_cast<double>(width) * height > heatmap::kMaxPixels) return 0;
  d.pixels.resize(std::size_t{width} * height * 4);
  heatmap::paint(d.field, shading, {x_px, y_px, scale}, width, height, d.pixels);
  d.output = address(d.pixels.data());
  return static_cast<std::uint32_t>(d.pixels.size());
}
// RGBA of so many (2 ... 1024) shares of the maximum from 0 to 1, opaque as the map is. Gives
// bytes.
std::uint32_t colours(std::uint32_t palette, std::uint32_t count) {
  Desk& d = desk();
  count = std::clamp(count, 2u, 1024u);
  d.pixels.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    const double share = static_cast<double>(i) / (count - 1);
    const heatmap::Colour colour =
        heatmap::colour_of(static_cast<heatmap::Palette>(std::min(palette, 2u)), share);
    const auto alpha = static_cast<std::uint8_t>(heatmap::opacity_of(share) * 255 + 0.5);
    d.pixels.insert(d.pixels.end(), {colour.red, colour.green, colour.blue, alpha});
  }
  d.output = address(d.pixels.data());
  return static_cast<std::uint32_t>(d.pixels.size());
}
// Round numbers of a scale (double). Gives their number.
std::uint32_t ticks(double most, std::uint32_t count) {
  Desk& d = desk();
  const std::vector<double> all = heatmap::ticks(most, static_cast<int>(std::min(count, 100u)));
  (void)reserve(static_cast<std::uint32_t>(all.size() * sizeof(double)));
  std::copy(all.begin(), all.end(), d.buffer.begin());
  d.output = address(d.buffer.data());
  return static_cast<std::uint32_t>(all.size());
}

// ---- pictures

// The members of a scene, as JSON text; bytes.
std::uint32_t shape() {
  desk().text = heatmap::scene_shape();
  return give_text();
}

// At the buffer: the scene's tokens (double), then its texts.
bool read(std::uint32_t tokens, std::uint32_t text_bytes, heatmap::Scene& scene) {
  const std::size_t before = std::size_t{tokens} * sizeof(double);
  if (before + text_bytes > input().size()) return false;
  const auto* const text = reinterpret_cast<const char*>(input().data() + before);
  return heatmap::read_scene(desk().buffer.data(), tokens, {text, text_bytes}, scene);
}

// Bytes behind the scene, from the next 8 that are aligned; cut to what is there.
std::span<const std::byte> behind(std::uint32_t tokens, std::uint32_t text_bytes,
                                  std::size_t bytes) {
  const std::size_t at = (std::size_t{tokens} * sizeof(double) + text_bytes + 7) / 8 * 8;
  if (at + bytes > input().size()) return {};
  return input().subspan(at, bytes);
}

// The scene in pixels, with a backdrop of width * height * 4 bytes behind it. Gives bytes of RGBA,
// 0 when the tokens are no scene or the picture is too large. Info: width, height.
std::uint32_t draw(std::uint32_t tokens, std::uint32_t text_bytes, std::uint32_t width,
                   std::uint32_t height) {
  Desk& d = desk();
  heatmap::Scene scene;
  if (!read(tokens, text_bytes, scene)) return 0;
  const auto bytes = behind(tokens, text_bytes, std::size_t{width} * height * 4);
  const heatmap::Backdrop backdrop{
      {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, width, height, {}};
  heatmap::Raster raster = heatmap::draw(scene, backdrop);
  d.pixels = std::move(raster.rgba);
  d.info[0] = static_cast<double>(raster.width);
  d.info[1] = static_cast<double>(raster.height);
  d.output = address(d.pixels.data());
  return static_cast<std::uint32_t>(d.pixels.size());
}
// The scene as SVG, with the backdrop's data: URL behind it. Gives bytes of text.
std::uint32_t draw_svg(std::uint32_t tokens, std::uint32_t text_bytes, std::uint32_t url_bytes) {
  heatmap::Scene scene;
  if (!read(tokens, text_bytes, scene)) return 0;
  const auto bytes = behind(tokens, text_bytes, url_bytes);
  heatmap::Backdrop backdrop;
  backdrop.url = {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  desk().text = heatmap::draw_svg(scene, backdrop);
  return give_text();
}
// The scene in a few sentences. Gives bytes of text.
std::uint32_t describe(std::uint32_t tokens, std::uint32_t text_bytes) {
  heatmap::Scene scene;
  if (!read(tokens, text_bytes, scene)) return 0;
  desk().text = heatmap::describe(scene);
  return give_text();
}

}  // namespace

EMSCRIPTEN_BINDINGS(insitu_picture) {
  using emscripten::function;
  insitu::bindings::register_numbers();
  function("reserve(bytes)", &reserve);
  function("output()", &output);
  function("info()", &info);
  function("release()", &release);
  function("beginDensity(width, height, step)", &begin_density);
  function("addPoints(count)", &add_points);
  function("takeDensity(sigma)", &take_density);
  function("setField(columns, rows, step)", &set_field);
  function("paint(palette, maximum, outlines, x, y, scale, width, height)", &paint);
  function("colours(palette, count)", &colours);
  function("ticks(most, count)", &ticks);
  function("shape()", &shape);
  function("draw(tokens, textBytes, width, height)", &draw);
  function("drawSvg(tokens, textBytes, urlBytes)", &draw_svg);
  function("describe(tokens, textBytes)", &describe);
}
