// SPDX-License-Identifier: MIT
#include "cli/layout_file.h"

#include <cmath>
#include <utility>

#include "cli/file.h"
#include "cli/json_file.h"
#include "cli/text.h"

namespace insitu::cli {
namespace {

using nlohmann::json;

// Lengths beyond it are no page's; keeps sums of them finite.
constexpr double kMostPx = 1e7;

bool read_number(const json& object, const char* name, double& value) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_number()) return false;
  value = found->get<double>();
  return std::abs(value) <= kMostPx;
}

// A text that may be missing.
bool read_text(const json& object, const char* name, std::string& text) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) return true;
  if (!found->is_string()) return false;
  text = found->get<std::string>();
  return true;
}

std::string read_box(const json& item, LayoutBox& box) {
  if (!item.is_object()) return "is not an object";
  const auto member = [](const char* name, const char* what) {
    return join({"`", name, "` is not ", what});
  };
  for (const auto& [name, text] :
       {std::pair("element", &box.element), {"anchor", &box.anchor}, {"label", &box.label}}) {
    if (!read_text(item, name, *text)) return member(name, "a text");
  }
  for (const auto& [name, value] :
       {std::pair("x", &box.x), {"y", &box.y}, {"w", &box.width}, {"h", &box.height}}) {
    if (!read_number(item, name, *value)) return member(name, "a number of pixels");
  }
  const auto landmark = item.find("landmark");
  box.is_landmark = landmark != item.end() && landmark->is_boolean() && landmark->get<bool>();
  return {};
}

}  // namespace

std::optional<Layout> read_layout(const std::string& path, std::string& error) {
  const std::optional<json> read = read_json_file(path, error);
  if (!read) return std::nullopt;
  const json& all = *read;
  const auto refuse = [&](std::string_view why) {
    error = join({shown_path(path), ": ", why});
    return std::nullopt;
  };
  if (!all.is_object() || !all.contains("insitu_layout")) {
    return refuse("not a layout: there is no member `insitu_layout`");
  }
  if (all["insitu_layout"] != 1) return refuse("`insitu_layout` is not 1: made by another version");
  Layout layout;
  if (!read_text(all, "page", layout.page)) return refuse("`page` is not a text");
  if (!read_number(all, "width", layout.width) || !(layout.width > 0)) {
    return refuse("`width` is not a number of pixels above 0");
  }
  if (!read_number(all, "height", layout.height) || !(layout.height > 0)) {
    return refuse("`height` is not a number of pixels above 0");
  }
  const auto boxes = all.find("boxes");
  if (boxes == all.end() || !boxes->is_array()) return refuse("`boxes` is not a list");
  for (std::size_t i = 0; i < boxes->size(); ++i) {
    LayoutBox box;
    const std::string wrong = read_box((*boxes)[i], box);
    if (!wrong.empty()) return refuse(join({"boxes[", std::to_string(i), "]: ", wrong}));
    if (box.width > 0 && box.height > 0) layout.boxes.push_back(std::move(box));
  }
  return layout;
}

}  // namespace insitu::cli
