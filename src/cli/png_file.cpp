// SPDX-License-Identifier: MIT
#include "cli/png_file.h"

#include <cstring>

#ifndef INSITU_NO_PNG
#include <png.h>
#endif

namespace insitu::cli {

#ifdef INSITU_NO_PNG

// The command in wasm, which is for tests, has no libpng.
std::string decode_png(std::string_view, heatmap::Raster&) {
  return "this build of insitu cannot read PNG";
}
std::string encode_png(const heatmap::Raster&, std::string&) {
  return "this build of insitu cannot write PNG: ask for .svg";
}

#else

// libpng's simplified interface (1.6): no long jumps, and every kind of PNG comes as RGBA.

std::string decode_png(std::string_view bytes, heatmap::Raster& picture) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  if (!png_image_begin_read_from_memory(&image, bytes.data(), bytes.size())) {
    return std::string("not a PNG that can be read: ") + image.message;
  }
  image.format = PNG_FORMAT_RGBA;
  const double pixels = static_cast<double>(image.width) * image.height;
  if (pixels > heatmap::kMaxPixels) {
    png_image_free(&image);
    return "it has more than 40 million pixels";
  }
  picture.width = image.width;
  picture.height = image.height;
  picture.rgba.resize(PNG_IMAGE_SIZE(image));
  if (!png_image_finish_read(&image, nullptr, picture.rgba.data(), 0, nullptr)) {
    return std::string("not a PNG that can be read: ") + image.message;
  }
  return {};
}

std::string encode_png(const heatmap::Raster& picture, std::string& bytes) {
  png_image image;
  std::memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  image.format = PNG_FORMAT_RGBA;
  image.width = static_cast<png_uint_32>(picture.width);
  image.height = static_cast<png_uint_32>(picture.height);
  // First for the size, then for the bytes.
  png_alloc_size_t size = 0;
  if (png_image_write_to_memory(&image, nullptr, &size, 0, picture.rgba.data(), 0, nullptr)) {
    bytes.resize(size);
    if (png_image_write_to_memory(&image, bytes.data(), &size, 0, picture.rgba.data(), 0,
                                  nullptr)) {
      bytes.resize(size);
      return {};
    }
  }
  return std::string("cannot make a PNG: ") + image.message;
}

#endif

}  // namespace insitu::cli
