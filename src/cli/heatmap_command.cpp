// SPDX-License-Identifier: MIT
#include "cli/heatmap_command.h"

#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/heatmap_args.h"
#include "cli/heatmap_scene.h"
#include "cli/input.h"
#include "cli/output_file.h"
#include "cli/page_clicks.h"
#include "cli/png_file.h"
#include "cli/text.h"
#include "heatmap/picture.h"
#include "log/binary_reader.h"
#include "report/json.h"

namespace insitu::cli {
namespace {

// A log as batches, whichever form it has.
class Log {
 public:
  // False, with a message, if there is nothing usable in it.
  [[nodiscard]] bool read(const std::string& path, bool wants_segment) {
    bool is_first = true;
    if (!read_file(path, [&](std::string_view piece) {
          const auto bytes = std::as_bytes(std::span(piece));
          if (std::exchange(is_first, false)) is_binary_ = log::is_binary_log(bytes);
          if (is_binary_) {
            batches_.insert(batches_.end(), bytes.begin(), bytes.end());
          } else {
            lines_.feed(piece);
          }
        })) {
      return false;
    }
    lines_.finish();
    if (is_binary_) {
      std::span<const std::byte> first;
      const base::Status status = log::first_batch(batches_, first);
      if (status != base::Status::kOk) {
        return refuse({shown_path(path), ": ", base::message(status)});
      }
      if (wants_segment) {
        return refuse({"--segment needs a log of lines (NDJSON), and ", shown_path(path),
                       " is a binary one: convert it first"});
      }
      return true;
    }
    if (lines_.events() == 0 && lines_.lines() > 0) {
      (void)refuse({shown_path(path), " is not a log: none of its lines is an event"});
      show_problems(path, lines_.quality(), lines_.notes());
      return false;
    }
    return true;
  }

  template <class Visit>
  void for_each_batch(const std::optional<Segment>& segment, Visit&& visit) const {
    if (is_binary_) {
      (void)log::for_each_batch(batches_, visit);
      return;
    }
    lines_.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo& client) {
      if (segment && !log::has_segment(client.segment, segment->key, segment->value)) return;
      visit(batch);
    });
  }

  [[nodiscard]] const log::NdjsonReader& lines() const { return lines_; }

  static bool refuse(std::initializer_list<std::string_view> parts) {
    (void)fail(join(parts));
    return false;
  }

 private:
  log::NdjsonReader lines_;
  std::vector<std::byte> batches_;
  bool is_binary_ = false;
};

// The screenshot of --over, as pixels and as the URL of an SVG image.
struct Picture {
  heatmap::Raster pixels;
  std::string url;
};

bool read_picture(const std::string& path, Picture& picture) {
  std::string bytes;
  if (!read_file(path, [&](std::string_view piece) { bytes += piece; })) return false;
  const std::string error = decode_png(bytes, picture.pixels);
  if (!error.empty()) return Log::refuse({shown_path(path), ": ", error});
  constexpr char kDigits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  picture.url = "data:image/png;base64,";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      bits = bits << 8 | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0u);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      const bool is_there = i + j <= bytes.size();
      picture.url += is_there ? kDigits[bits >> (18 - 6 * j) & 63] : '=';
    }
  }
  return true;
}

bool write_out(const std::string& path, const Heat& heat, const Picture& picture) {
  const heatmap::Scene& scene = heat.scene;
  const heatmap::Backdrop backdrop{picture.pixels.rgba, picture.pixels.width, picture.pixels.height,
                                   picture.url};
  std::string bytes;
  if (path.ends_with(".png")) {
    const heatmap::Raster raster = heatmap::draw(scene, backdrop);
    if (raster.width == 0) {
      const heatmap::PictureSize size = heatmap::size_of(scene);
      return Log::refuse({path, ": a picture of ", number_text(size.width), " × ",
                          number_text(size.height), " px has more than ",
                          number_text(heatmap::kMaxPixels / 1e6), " million pixels: ask for .svg"});
    }
    const std::string error = encode_png(raster, bytes);
    if (!error.empty()) return Log::refuse({path, ": ", error});
  } else if (path.ends_with(".svg")) {
    bytes = heatmap::draw_svg(scene, backdrop);
  } else if (path.ends_with(".grid.json")) {
    bytes = heat.grid + "\n";
  } else {
    report::JsonWriter json;
    heatmap::write_scene(scene, json);
    bytes = json.take() + "\n";
  }
  OutputFile out;
  if (!out.open(path, nullptr)) return false;
  out.write(bytes);
  return out.commit();
}

// Finds what is to be drawn; false, with a message, if there is nothing of the page.
bool make_heat(const HeatmapArgs& args, const Log& log, const HeatPage& drawn,
               const kpi::Options& options, Heat& heat) {
  PageClickFinder finder({args.page, report::click_kind(args.kind), args.state}, options);
  log.for_each_batch(args.segment, [&](std::span<const std::byte> batch) { finder.take(batch); });
  const PageClicks page = finder.finish();
  if (page.views == 0 && page.clicks.empty()) {
    std::string known;
    for (const std::string& name : finder.pages(5))
      known = join({known, known.empty() ? "" : ", ", name});
    return Log::refuse({shown_path(args.log), ": nobody viewed the page ", args.page,
                        known.empty() ? std::string() : "; there are " + known});
  }
  if (is_of_clicks(args.kind)) {
    heat = heat_of_clicks(args, page, drawn, options);
  } else {
    const auto maps = finder.engine().page(args.page);
    if (!maps) {
      return Log::refuse(
          {shown_path(args.log), ": no view of the page ", args.page, " has a size"});
    }
    heat = heat_of_maps(args, maps->maps, page, drawn, options);
  }
  if (const auto map = finder.engine().map(args.page, args.kind, args.state)) {
    report::JsonWriter json;
    report::write_map(*map, json);
    heat.grid = json.take();
  }
  if (heat.scene.width < 1 || heat.scene.height < 1) {
    return Log::refuse({shown_path(args.log), ": no view of the page ", args.page,
                        " has a size: give --boxes, or --width and --over"});
  }
  return true;
}

int run(const HeatmapArgs& args) {
  kpi::Options options;
  if (!read_options(args.options, options)) return kUnusable;
  std::optional<Layout> layout;
  HeatPage drawn;
  if (!args.boxes.empty()) {
    std::string error;
    layout = read_layout(args.boxes, error);
    if (!layout) return fail(error);
    if (layout->page != args.page) {
      return fail(join({shown_path(args.boxes), ": a layout of the page ", layout->page,
                        ", not of ", args.page}));
    }
    drawn.layout = &*layout;
  }
  Picture picture;
  if (!args.over.empty()) {
    if (!read_picture(args.over, picture)) return kUnusable;
    drawn.picture_shape =
        static_cast<double>(picture.pixels.height) / static_cast<double>(picture.pixels.width);
  }
  Log log;
  if (!log.read(args.log, args.segment.has_value())) return kUnusable;
  Heat heat;
  if (!make_heat(args, log, drawn, options, heat)) return kUnusable;
  if (layout && drawn.picture_shape > 0 &&
      std::abs(drawn.picture_shape * layout->width / layout->height - 1) > 0.02) {
    heat.scene.notes.emplace_back("The screenshot is stretched: its shape is not the layout's");
  }
  if (!args.out.empty() && !write_out(args.out, heat, picture)) return kUnusable;
  if (args.table != HeatTable::kNone && print(table_of(heat, args), kFine) != kFine) {
    return kUnusable;
  }
  if (!has_problems(log.lines().quality())) return kFine;
  show_problems(args.log, log.lines().quality(), log.lines().notes());
  return kInputHadProblems;
}

}  // namespace

int run_heatmap(std::span<const char* const> words) {
  std::string error;
  const auto args = parse_heatmap_args(words, error);
  if (!args) return fail(error);
  if (args->wants_help) return print(kHeatmapHelp, kFine);
  return run(*args);
}

}  // namespace insitu::cli
