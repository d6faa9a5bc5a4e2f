// SPDX-License-Identifier: MIT
// layout.json: where the elements of a page are, as the overlay in the browser exports it. It holds
// boxes and short labels, no content.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace insitu::cli {

// An element's box, CSS px of the document; width and height > 0.
struct LayoutBox {
  std::string element;
  std::string anchor;
  std::string label;  // "" none
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
  bool is_landmark = false;
};

struct Layout {
  std::string page;
  double width = 0;  // of the document, CSS px, > 0
  double height = 0;
  std::vector<LayoutBox> boxes;
};

// Reads a layout: {"insitu_layout": 1, "page", "width", "height", "boxes": [{"element", "anchor",
// "x", "y", "w", "h", "label", "landmark", ...}]}. Unknown members are ignored, boxes without an
// area too. On a mistake gives nothing, and `error` names the file and the place.
[[nodiscard]] std::optional<Layout> read_layout(const std::string& path, std::string& error);

}  // namespace insitu::cli
