// SPDX-License-Identifier: MIT
// Smoothing of a grid of counts by a Gaussian: the density a heatmap shows.
//
// Based on: B. W. Silverman. Density Estimation for Statistics and Data Analysis, 1986 (the kernel
// estimate this is on a grid); same numbers as scipy.ndimage.gaussian_filter(grid, sigma,
// mode="reflect", truncate=3).
#pragma once

#include <cstddef>
#include <span>

namespace insitu::stats {

// Wider than any picture; keeps a mistaken sigma from costing minutes.
inline constexpr double kMaxSigmaCells = 1000;

// Replaces `grid`, row-major with rows * columns finite values, by its smoothed self. sigma in
// cells; the kernel reaches 3 sigma and is mirrored at the edges, the edge cell repeated, so the
// total is kept. Below 1/6, or if NaN, nothing changes; above kMaxSigmaCells it is cut to that.
// Additive: the smoothed sum of grids is the sum of the smoothed. O(cells * sigma) time, one more
// grid of memory.
void gaussian_smooth(std::span<double> grid, std::size_t rows, std::size_t columns, double sigma);
// The same in single precision, for pictures: relative error about 1e-6, less than half the time.
void gaussian_smooth(std::span<float> grid, std::size_t rows, std::size_t columns, double sigma);

}  // namespace insitu::stats
