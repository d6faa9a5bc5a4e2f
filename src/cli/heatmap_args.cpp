// SPDX-License-Identifier: MIT
#include "cli/heatmap_args.h"

#include <charconv>
#include <cstddef>
#include <iterator>
#include <string_view>

#include "cli/text.h"
#include "heatmap/palette.h"

namespace insitu::cli {

const char* const kHeatmapHelp =
    "usage: insitu heatmap LOG --page PAGE --out FILE.png|FILE.svg [options]\n"
    "       insitu heatmap LOG --page PAGE --table|--csv [options]\n"
    "\n"
    "Draws where on a page people click, look and linger, or lists the same as a table. LOG is as\n"
    "in `insitu report --help`.\n"
    "\n"
    "  --kind KIND          click (default), first_click, rage, dead, error, dwell (pointer "
    "moves),\n"
    "                       attention (time in view), scroll_reach\n"
    "  --unit UNIT          participants (default: one frantic person must not paint the page) or\n"
    "                       clicks\n"
    "  --marks MARKS        dots, zones or density. Default: density from 30 clicks on, below it\n"
    "                       dots and zones, because a density would invent a pattern\n"
    "  --boxes LAYOUT.json  the boxes of the page as the overlay exports them: clicks are drawn "
    "on\n"
    "                       their element, wherever it is now\n"
    "  --over PICTURE.png   a screenshot of the whole page to draw on\n"
    "  --width PX           width of the page in CSS px. Default: of the layout, else what most "
    "page\n"
    "                       views have\n"
    "  --segment KEY=VALUE  only client sessions whose first session_start says so\n"
    "  --state STATE        only clicks with this open over the page; '' nothing\n"
    "  --sigma PX           how far a click spreads, 8 ... 40, default 16\n"
    "  --palette NAME       viridis (default), cividis, grey\n"
    "  --cut-top            ends the scale at the 99 % quantile instead of the maximum\n"
    "  --options JSON       thresholds of rage, dead and error clicks, confidence, ...\n"
    "  --out FILE           .png, .svg, .grid.json: the counts, for the overlay in a browser,\n"
    "                       or .scene.json: what would be drawn, for other programs\n"
    "  --table, --csv       the same as text on standard output\n"
    "\n"
    "  insitu heatmap study.ndjson --page /product --out heat.png\n"
    "  insitu heatmap study.ndjson --page /product --boxes layout.json --over page.png --out "
    "heat.png\n"
    "\n"
    "Exit code: 0 fine; 1 the picture is complete, but parts of the log could not be used; 2 "
    "there\n"
    "is no picture.\n";

namespace {

template <class Value>
struct Choice {
  std::string_view name;
  Value value;
};

constexpr Choice<HeatKind> choice_of(HeatKind kind) { return {name_of(kind), kind}; }
constexpr Choice<HeatKind> kKinds[] = {
    choice_of(HeatKind::kClick),     choice_of(HeatKind::kFirstClick), choice_of(HeatKind::kRage),
    choice_of(HeatKind::kDead),      choice_of(HeatKind::kError),      choice_of(HeatKind::kDwell),
    choice_of(HeatKind::kAttention), choice_of(HeatKind::kScrollReach)};
constexpr Choice<HeatUnit> kUnits[] = {{"clicks", HeatUnit::kClicks},
                                       {"participants", HeatUnit::kParticipants}};
constexpr Choice<HeatMarks> kMarks[] = {
    {"dots", HeatMarks::kDots}, {"zones", HeatMarks::kZones}, {"density", HeatMarks::kDensity}};

// Sets `value` to what `given` names; else says what there is.
template <class Value, std::size_t Count>
bool choose(std::string_view name, std::string_view given, const Choice<Value> (&choices)[Count],
            Value& value, std::string& error) {
  std::string all;
  for (const Choice<Value>& choice : choices) {
    if (choice.name == given) {
      value = choice.value;
      return true;
    }
    all = join({all, all.empty() ? "" : ", ", choice.name});
  }
  error = join({name, " is one of ", all, ", not `", given, "`"});
  return false;
}

bool read_px(std::string_view name, std::string_view given, double lower, double upper,
             double& value, std::string& error) {
  const char* const end = given.data() + given.size();
  const auto read = std::from_chars(given.data(), end, value);
  if (read.ec == std::errc() && read.ptr == end && value >= lower && value <= upper) return true;
  error = join({name, " needs a number of pixels from ", number_text(lower), " to ",
                number_text(upper), ", not `", given, "`"});
  return false;
}

constexpr std::string_view kWithValue[] = {
    "--page",    "--kind",  "--unit",  "--marks",   "--boxes",   "--over", "--width",
    "--segment", "--state", "--sigma", "--palette", "--options", "--out"};

bool take_value(std::string_view name, std::string_view value, HeatmapArgs& args,
                std::string& error) {
  if (name == "--kind") return choose(name, value, kKinds, args.kind, error);
  if (name == "--unit") return choose(name, value, kUnits, args.unit, error);
  if (name == "--marks") return choose(name, value, kMarks, args.marks, error);
  if (name == "--width") {
    return read_px(name, value, 1, heatmap::kMaxPagePx, args.width_px, error);
  }
  if (name == "--sigma") {
    return read_px(name, value, heatmap::kMinSigmaPx, heatmap::kMaxSigmaPx, args.sigma_px, error);
  }
  if (name == "--palette") {
    heatmap::Palette palette{};
    if (!heatmap::find_palette(value, palette)) {
      error = join({"--palette is one of viridis, cividis, grey, not `", value, "`"});
    }
    args.palette = value;
    return error.empty();
  }
  if (name == "--segment") {
    const std::size_t equals = value.find('=');
    if (equals == std::string_view::npos || equals == 0) {
      error = join({"--segment needs KEY=VALUE, such as device=mobile, not `", value, "`"});
      return false;
    }
    args.segment =
        Segment{std::string(value.substr(0, equals)), std::string(value.substr(equals + 1))};
    return true;
  }
  if (name == "--state") {
    args.state = value;
    return true;
  }
  if (value.empty()) {
    error = join({name, " needs a value, not nothing"});
    return false;
  }
  if (name == "--page") args.page = value;
  if (name == "--boxes") args.boxes = value;
  if (name == "--over") args.over = value;
  if (name == "--options") args.options = value;
  if (name == "--out") args.out = value;
  return true;
}

bool take_flag(std::string_view name, HeatmapArgs& args, std::string& error) {
  if (name == "--cut-top") {
    args.cut_top = true;
  } else if (name == "--table" || name == "--csv") {
    const HeatTable table = name == "--csv" ? HeatTable::kCsv : HeatTable::kText;
    if (args.table != HeatTable::kNone && args.table != table) error = "choose --table or --csv";
    args.table = table;
  } else {
    error = join({"heatmap has no option `", name, "`: see `insitu heatmap --help`"});
  }
  return error.empty();
}

bool check(const HeatmapArgs& args, std::string& error) {
  const auto ends = [&](std::string_view end) { return args.out.ends_with(end); };
  const bool is_click_kind = is_of_clicks(args.kind);
  if (args.log.empty()) {
    error = "heatmap needs a log: `insitu heatmap LOG --page / --out heat.png`";
  } else if (args.page.empty()) {
    error = "heatmap needs --page, such as --page /product";
  } else if (args.out.empty() && args.table == HeatTable::kNone) {
    error = "heatmap needs --out FILE.png or FILE.svg, or --table";
  } else if (!args.out.empty() && !ends(".png") && !ends(".svg") && !ends(".scene.json") &&
             !ends(".grid.json")) {
    error = join({"--out needs a name that ends in .png, .svg, .grid.json or .scene.json, not `",
                  args.out, "`"});
  } else if (!is_click_kind && args.state) {
    error =
        join({"--state is for clicks; ", name_of(args.kind), " is known for all states together"});
  } else if (!is_click_kind && args.marks != HeatMarks::kAuto) {
    error = join({"--marks is for clicks; ", name_of(args.kind), " has one way to be drawn"});
  } else if (!args.boxes.empty() && args.width_px > 0) {
    error = "--width is for pictures without --boxes: a layout has its own width";
  }
  return error.empty();
}

}  // namespace

std::optional<HeatmapArgs> parse_heatmap_args(std::span<const char* const> words,
                                              std::string& error) {
  HeatmapArgs args;
  bool only_paths = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string_view word = words[i];
    if (only_paths || word == "-" || !word.starts_with('-')) {
      if (!args.log.empty()) {
        error = join({"heatmap takes one log, and `", word, "` is a second"});
        return std::nullopt;
      }
      args.log = word;
      continue;
    }
    if (word == "--") {
      only_paths = true;
      continue;
    }
    if (word == "--help" || word == "-h") {
      args.wants_help = true;
      return args;
    }
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    bool has_value = false;
    for (const std::string_view each : kWithValue) has_value |= each == name;
    if (!has_value) {
      if (equals != std::string_view::npos) {
        error = join({"heatmap has no option `", word, "`: see `insitu heatmap --help`"});
      }
      if (!error.empty() || !take_flag(name, args, error)) return std::nullopt;
      continue;
    }
    std::string_view value;
    if (equals != std::string_view::npos) {
      value = word.substr(equals + 1);
    } else if (++i < words.size()) {
      value = words[i];
    } else {
      error = join({name, " needs a value"});
      return std::nullopt;
    }
    if (!take_value(name, value, args, error)) return std::nullopt;
  }
  if (!check(args, error)) return std::nullopt;
  return args;
}

}  // namespace insitu::cli
