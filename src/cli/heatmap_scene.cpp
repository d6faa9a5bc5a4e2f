// SPDX-License-Identifier: MIT
#include "cli/heatmap_scene.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "cli/csv.h"
#include "cli/text.h"
#include "heatmap/picture.h"
#include "stats/rate_interval.h"

namespace insitu::cli {
namespace {

// With this unit a participant counts once per square of this side, CSS px.
constexpr double kSquarePx = 40;
// A zone larger than this part of the page says nothing and hides all.
constexpr double kLargestZone = 0.5;
constexpr std::size_t kMostZones = 200;

constexpr std::string_view kNowhere = "(not found on this page)";
constexpr std::string_view kNoElement = "(no element)";

// A click where it is drawn.
struct Placed {
  const PageClick* click = nullptr;
  double x = 0;
  double y = 0;
  const LayoutBox* box = nullptr;  // its element's in the layout
};

// The boxes of a layout by what clicks are known by.
class BoxIndex {
 public:
  explicit BoxIndex(const Layout* layout) {
    if (!layout) return;
    for (const LayoutBox& box : layout->boxes) {
      if (!box.anchor.empty()) by_anchor_.try_emplace(box.anchor, &box);
      if (!box.element.empty()) by_element_.try_emplace(box.element, &box);
    }
  }
  const LayoutBox* find(const PageClick& click) const {
    if (!click.anchor.empty()) {
      const auto found = by_anchor_.find(click.anchor);
      if (found != by_anchor_.end()) return found->second;
    }
    const auto found = by_element_.find(click.element);
    return found == by_element_.end() ? nullptr : found->second;
  }

 private:
  std::map<std::string_view, const LayoutBox*> by_anchor_;
  std::map<std::string_view, const LayoutBox*> by_element_;
};

struct Size {
  double width = 0;
  double height = 0;
};

Size page_size(const HeatmapArgs& args, const PageClicks& page, const HeatPage& drawn) {
  if (drawn.layout) return {drawn.layout->width, drawn.layout->height};
  const double width = args.width_px > 0 ? args.width_px : page.width;
  const double height = drawn.picture_shape > 0 ? width * drawn.picture_shape : page.height;
  return {width, std::ceil(height)};
}

double scale_of(const PageClick& click, double width) {
  return click.page_width > 0 ? width / click.page_width : 1;
}

std::vector<Placed> place(const std::vector<PageClick>& clicks, const HeatPage& drawn,
                          double width) {
  const BoxIndex boxes(drawn.layout);
  std::vector<Placed> placed;
  placed.reserve(clicks.size());
  for (const PageClick& click : clicks) {
    Placed at{&click, click.x * scale_of(click, width), click.y, nullptr};
    at.box = click.has_box ? boxes.find(click) : nullptr;
    if (at.box) {
      // The same part of the box; beside it (labels, forwarded clicks) is its edge.
      at.x = at.box->x + at.box->width * std::clamp((click.x - click.ex) / click.ew, 0.0, 1.0);
      at.y = at.box->y + at.box->height * std::clamp((click.y - click.ey) / click.eh, 0.0, 1.0);
    }
    placed.push_back(at);
  }
  return placed;
}

// One click per participant and square, the first of each.
std::vector<Placed> once_per_participant(const std::vector<Placed>& clicks) {
  std::set<std::tuple<std::uint32_t, double, double>> seen;
  std::vector<Placed> once;
  for (const Placed& at : clicks) {
    if (seen.emplace(at.click->visitor, std::floor(at.x / kSquarePx), std::floor(at.y / kSquarePx))
            .second) {
      once.push_back(at);
    }
  }
  return once;
}

double participants_of(const std::vector<Placed>& clicks) {
  std::set<std::uint32_t> visitors;
  for (const Placed& at : clicks) visitors.insert(at.click->visitor);
  return static_cast<double>(visitors.size());
}

void set_interval(HeatRow& row, const kpi::Options& options) {
  if (!(row.of > 0)) return;
  const auto interval = stats::rate_interval(static_cast<std::uint64_t>(row.count),
                                             static_cast<std::uint64_t>(row.of), options.confidence,
                                             stats::CiMethod::kAdjustedWald);
  if (!interval) return;
  row.lower = interval->lower;
  row.upper = interval->upper;
}

// An element, the clicks on it, and where it is drawn.
struct Zone {
  HeatRow row;
  heatmap::ZoneMark mark;
};

std::vector<Zone> zones_of(const std::vector<Placed>& clicks, const HeatmapArgs& args,
                           const HeatPage& drawn, double width, double participants,
                           const kpi::Options& options) {
  struct Group {
    std::vector<Placed> clicks;
    std::string name;
  };
  std::map<std::string, Group> groups;
  for (const Placed& at : clicks) {
    std::string key = at.box ? at.box->element + '\x1f' + at.box->anchor : at.click->element;
    std::string name(kNoElement);
    if (drawn.layout && !at.box) {
      name = kNowhere;
      key.clear();
    } else if (at.box && !at.box->label.empty()) {
      name = at.box->label;
    } else if (at.box && !at.box->element.empty()) {
      name = at.box->element;
    } else if (!at.click->element.empty()) {
      name = at.click->element;
    }
    Group& group = groups[key];
    group.name = name;
    group.clicks.push_back(at);
  }
  std::vector<Zone> zones;
  for (auto& [key, group] : groups) {
    Zone zone;
    HeatRow& row = zone.row;
    row.name = group.name;
    row.participants = participants_of(group.clicks);
    const bool by_participant = args.unit == HeatUnit::kParticipants;
    row.count = by_participant ? row.participants : static_cast<double>(group.clicks.size());
    row.of = by_participant ? participants : static_cast<double>(clicks.size());
    set_interval(row, options);
    const Placed& last = group.clicks.back();
    heatmap::ZoneMark& mark = zone.mark;
    if (last.box) {
      mark = {last.box->x, last.box->y, last.box->width, last.box->height, {}, 0, 0, 0, 0};
    } else if (last.click->has_box && !drawn.layout) {
      const double scale = scale_of(*last.click, width);
      mark = {last.click->ex * scale,
              last.click->ey,
              last.click->ew * scale,
              last.click->eh,
              {},
              0,
              0,
              0,
              0};
    }
    mark.label = row.name;
    mark.count = row.count;
    mark.of = row.of;
    mark.lower = row.lower;
    mark.upper = row.upper;
    zones.push_back(std::move(zone));
  }
  std::stable_sort(zones.begin(), zones.end(),
                   [](const Zone& a, const Zone& b) { return a.row.count > b.row.count; });
  return zones;
}

// What all kinds have in common.
heatmap::Scene start(const HeatmapArgs& args, const Size& size, const HeatPage& drawn) {
  heatmap::Scene scene;
  scene.width = std::ceil(size.width);
  scene.height = std::ceil(size.height);
  scene.background = drawn.picture_shape > 0 ? 3 : 2;
  if (drawn.layout && drawn.picture_shape == 0) {
    for (const LayoutBox& box : drawn.layout->boxes) {
      scene.boxes.push_back({box.x, box.y, box.width, box.height,
                             box.label.empty() ? box.element : box.label, box.is_landmark});
    }
  }
  scene.legend = true;
  scene.palette = args.palette;
  scene.sigma = args.sigma_px;
  scene.cut_top = args.cut_top;
  return scene;
}

void add_filters(const HeatmapArgs& args, heatmap::Scene& scene) {
  if (args.segment) scene.facts.push_back(args.segment->key + "=" + args.segment->value);
  if (args.state) {
    scene.facts.push_back(args.state->empty() ? "nothing open over the page"
                                              : "open: " + *args.state);
  }
  scene.facts.push_back(join({number_text(scene.width), " × ", number_text(scene.height), " px"}));
}

const char* title_of(HeatKind kind) {
  switch (kind) {
    case HeatKind::kClick:
      return "Clicks";
    case HeatKind::kFirstClick:
      return "First clicks";
    case HeatKind::kRage:
      return "Rage clicks";
    case HeatKind::kDead:
      return "Dead clicks";
    case HeatKind::kError:
      return "Clicks before an error";
    case HeatKind::kDwell:
      return "Where the pointer lingers";
    case HeatKind::kAttention:
      return "Time in view";
    case HeatKind::kScrollReach:
      return "How far people scroll";
  }
  return "";
}

std::string rule_of(HeatKind kind, const kpi::Options& options) {
  switch (kind) {
    case HeatKind::kRage:
      return join({"Rage: ", number_text(options.rage_clicks), " clicks, each less than ",
                   number_text(options.rage_px), " px and ", duration_text(options.rage_ms / 1000),
                   " from the one before"});
    case HeatKind::kDead:
      return join({"Dead: the page did not answer within ", duration_text(options.dead_ms / 1000)});
    case HeatKind::kError:
      return join({"The last click on the page before a script error, at most ",
                   duration_text(options.error_click_ms / 1000), " earlier"});
    case HeatKind::kDwell:
      return "Positions of the pointer, not of the eyes";
    default:
      return {};
  }
}

}  // namespace

Heat heat_of_clicks(const HeatmapArgs& args, const PageClicks& page, const HeatPage& drawn,
                    const kpi::Options& options) {
  const Size size = page_size(args, page, drawn);
  const std::vector<Placed> clicks = place(page.clicks, drawn, size.width);
  const bool by_participant = args.unit == HeatUnit::kParticipants;
  const double clickers = participants_of(clicks);
  const double participants = std::max(page.participants, clickers);
  Heat heat;
  heatmap::Scene& scene = heat.scene = start(args, size, drawn);
  scene.title = join({title_of(args.kind), " on ", args.page});
  scene.facts.push_back(join({count_text(static_cast<double>(clicks.size()), "click", "clicks"),
                              " by ", number_text(clickers), " of ",
                              count_text(participants, "participant", "participants")}));
  add_filters(args, scene);

  const std::vector<Zone> zones = zones_of(clicks, args, drawn, size.width, participants, options);
  for (const Zone& zone : zones) heat.rows.push_back(zone.row);

  const bool is_few = static_cast<double>(clicks.size()) < heatmap::kDensityFrom;
  const bool is_density =
      args.marks == HeatMarks::kDensity || (args.marks == HeatMarks::kAuto && !is_few);
  const bool has_dots =
      args.marks == HeatMarks::kDots || (args.marks == HeatMarks::kAuto && is_few);
  const bool has_zones =
      args.marks == HeatMarks::kZones || (args.marks == HeatMarks::kAuto && is_few);

  double outside = 0;
  double resized = 0;
  double anchored = 0;
  for (const Placed& at : clicks) {
    anchored += at.box ? 1 : 0;
    const bool is_shown = at.x >= 0 && at.x <= scene.width && at.y >= 0 && at.y <= scene.height;
    outside += is_shown ? 0 : 1;
    resized += !at.box && at.click->page_width > 0 && at.click->page_width != size.width ? 1 : 0;
  }
  for (const Placed& at : by_participant ? once_per_participant(clicks) : clicks) {
    const bool is_hollow = drawn.layout && !at.box;
    if (is_density && !is_hollow) {
      scene.points.insert(scene.points.end(), {at.x, at.y, 1.0});
    } else if (has_dots || is_hollow) {
      const double shape = args.kind == HeatKind::kFirstClick ? 1 : 0;
      scene.dots.push_back({at.x, at.y, 1, shape, is_hollow});
    }
  }
  scene.unit = by_participant ? "participants" : "clicks";
  if (is_density) scene.unit += " per 100 × 100 px";

  std::size_t undrawn = 0;
  for (const Zone& zone : zones) {
    const heatmap::ZoneMark& mark = zone.mark;
    const bool is_drawable = mark.width > 0 && mark.height > 0 &&
                             mark.width * mark.height <= kLargestZone * size.width * size.height;
    if (!is_drawable) continue;
    // Without a layout the elements that were clicked are all that is known of the page.
    if (!drawn.layout && drawn.picture_shape == 0) {
      scene.boxes.push_back({mark.x, mark.y, mark.width, mark.height, mark.label, false});
    }
    if (!has_zones) continue;
    if (scene.zones.size() < kMostZones) {
      scene.zones.push_back(mark);
    } else {
      ++undrawn;
    }
  }
  if (drawn.layout) {
    scene.anchored = anchored;
    scene.anchored_of = static_cast<double>(clicks.size());
  }
  const auto note = [&](double count, std::string_view one, std::string_view many) {
    if (count > 0) scene.notes.push_back(count_text(count, one, many));
  };
  const std::string rule = rule_of(args.kind, options);
  if (!rule.empty()) scene.notes.push_back(rule);
  note(resized, "click from a page of another width, its x scaled",
       "clicks from pages of another width, their x scaled");
  note(outside, "click beyond the page, not shown", "clicks beyond the page, not shown");
  note(static_cast<double>(undrawn), "element more in the table", "elements more in the table");
  if (by_participant && (is_density || !scene.dots.empty())) {
    scene.notes.push_back(join({"A participant counts once per ", number_text(kSquarePx), " × ",
                                number_text(kSquarePx), " px"}));
  }
  if (args.cut_top && is_density) scene.notes.emplace_back("The scale ends at the 99 % quantile");
  return heat;
}

Heat heat_of_maps(const HeatmapArgs& args, const heatmap::PageMaps& maps, const PageClicks& page,
                  const HeatPage& drawn, const kpi::Options& options) {
  const Size size = page_size(args, page, drawn);
  Heat heat;
  heatmap::Scene& scene = heat.scene = start(args, size, drawn);
  scene.title = join({title_of(args.kind), " on ", args.page});
  scene.facts.push_back(count_text(maps.views, "page view", "page views"));
  scene.facts.push_back(count_text(page.participants, "participant", "participants"));
  add_filters(args, scene);
  const std::string rule = rule_of(args.kind, options);
  if (!rule.empty()) scene.notes.push_back(rule);
  const auto band_name = [&](double band) {
    return join({number_text(band * options.band_px), "–",
                 number_text((band + 1) * options.band_px), " px"});
  };
  const auto band = [&](double index, double value) {
    scene.bands.push_back({index * options.band_px, (index + 1) * options.band_px, value});
  };
  if (args.kind == HeatKind::kScrollReach) {
    scene.unit = "share of page views";
    scene.bands_of = maps.views;
    for (std::size_t i = 0; i < maps.reach.size(); ++i) {
      const auto index = static_cast<double>(i);
      HeatRow row{band_name(index), maps.reach[i], maps.views, 0, 0, page.participants};
      set_interval(row, options);
      band(index, maps.reach[i]);
      heat.rows.push_back(std::move(row));
    }
  } else if (args.kind == HeatKind::kAttention) {
    scene.unit = "seconds in view per page view";
    for (const heatmap::Band& each : maps.attention_ms) {
      band(each.band, maps.views > 0 ? each.ms / 1000 / maps.views : 0);
      heat.rows.push_back({band_name(each.band), each.ms, 0, 0, 0, page.participants});
    }
  } else {
    scene.unit = "seconds per 100 × 100 px";
    const double column_px = size.width / maps.columns;
    const double rows_px = maps.row_px;
    for (const heatmap::Cell& cell : maps.dwell_ms) {
      const double x = (cell.column + 0.5) * column_px;
      const double y = std::min((cell.row + 0.5) * rows_px, scene.height);
      scene.points.insert(scene.points.end(), {x, y, cell.count / 1000});
      heat.rows.push_back(
          {join({"x ", number_text(std::round(x)), ", y ", number_text(std::round(y)), " px"}),
           cell.count, 0, 0, 0, page.participants});
    }
    std::stable_sort(heat.rows.begin(), heat.rows.end(),
                     [](const HeatRow& a, const HeatRow& b) { return a.count > b.count; });
  }
  return heat;
}

std::string table_of(const Heat& heat, const HeatmapArgs& args) {
  const bool is_time = args.kind == HeatKind::kDwell || args.kind == HeatKind::kAttention;
  const bool is_reach = args.kind == HeatKind::kScrollReach;
  const char* const counted = is_time                                ? "ms"
                              : is_reach                             ? "page_views"
                              : args.unit == HeatUnit::kParticipants ? "participants"
                                                                     : "clicks";
  const char* const named = is_of_clicks(args.kind)         ? "element"
                            : args.kind == HeatKind::kDwell ? "place"
                                                            : "band";
  std::string out;
  if (args.table == HeatTable::kCsv) {
    out = join({named, ",", counted, ",of,share,ci_lower,ci_upper,different_participants\n"});
    for (const HeatRow& row : heat.rows) {
      add_csv_text(out, row.name);
      const double share = row.of > 0 ? row.count / row.of : NAN;
      for (const double cell :
           {row.count, row.of > 0 ? row.of : NAN, share, row.of > 0 ? row.lower : NAN,
            row.of > 0 ? row.upper : NAN, row.participants}) {
        out += ',';
        add_csv_number(out, cell);
      }
      out += '\n';
    }
    return out;
  }
  constexpr std::size_t kName = 40;
  out = join({printable(heat.scene.title), "\n"});
  std::string facts;
  for (const std::string& fact : heat.scene.facts)
    facts = join({facts, facts.empty() ? "" : ", ", fact});
  out += join({printable(facts), "\n"});
  for (const std::string& note : heat.scene.notes) out += join({printable(note), "\n"});
  out += join({"\n", pad_right(named, kName), " ", pad_left(counted, 12)});
  if (!is_time) out += join({" ", pad_left("of", 8), " ", pad_left("share", 7), "  95 % interval"});
  if (is_of_clicks(args.kind)) out += "  participants";
  out += '\n';
  for (const HeatRow& row : heat.rows) {
    out += join({pad_right(cut_to(printable(row.name), kName), kName), " ",
                 pad_left(is_time ? duration_text(row.count / 1000) : number_text(row.count), 12)});
    if (!is_time) {
      const std::string interval =
          join({percent_text(row.lower, 0), "–", percent_text(row.upper, 0)});
      out += join({" ", pad_left(number_text(row.of), 8), " ",
                   pad_left(percent_text(row.of > 0 ? row.count / row.of : NAN, 0), 7), "  ",
                   pad_right(interval, 13)});
    }
    if (is_of_clicks(args.kind)) out += join({"  ", pad_left(number_text(row.participants), 12)});
    out += '\n';
  }
  return out;
}

}  // namespace insitu::cli
