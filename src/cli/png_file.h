// SPDX-License-Identifier: MIT
// PNG pictures in files, by libpng.
#pragma once

#include <string>
#include <string_view>

#include "heatmap/raster.h"

namespace insitu::cli {

// Reads a PNG of any kind as 8-bit RGBA; `bytes` is the whole file. Gives "" or what is wrong with
// it, without a name. Pictures of more than heatmap::kMaxPixels are refused.
[[nodiscard]] std::string decode_png(std::string_view bytes, heatmap::Raster& picture);

// Writes a picture as PNG into `bytes`, equal pixels as equal bytes. Gives "" or what went wrong.
[[nodiscard]] std::string encode_png(const heatmap::Raster& picture, std::string& bytes);

}  // namespace insitu::cli
