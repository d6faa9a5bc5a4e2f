// SPDX-License-Identifier: MIT
// Marching squares. Source in the header.
#include "heatmap/contour.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace insitu::heatmap {
namespace {

constexpr std::uint32_t kNone = 0xffffffff;

// The field with a border of nothing around it; samples count from that border.
class Samples {
 public:
  explicit Samples(const Field& field)
      : field_(field), columns(field.columns + 2), rows(field.rows + 2) {}

  double value(std::size_t column, std::size_t row) const {
    const bool is_inside =
        column >= 1 && column <= field_.columns && row >= 1 && row <= field_.rows;
    return is_inside ? static_cast<double>(field_.at(column - 1, row - 1)) : 0;
  }
  // Middles of cells; those of the border lie on the edge of the page.
  double place(std::size_t index, std::size_t count) const {
    if (index == 0) return 0;
    const auto cells = static_cast<double>(count - 2);
    if (index == count - 1) return cells * field_.step_px;
    return (static_cast<double>(index) - 0.5) * field_.step_px;
  }

 private:
  const Field& field_;

 public:
  const std::size_t columns;
  const std::size_t rows;
};

// Each crossing of the level lies on an edge between two samples: 2 * sample for the one to its
// right, one more for the one below it.
class Tracer {
 public:
  Tracer(const Field& field, double level) : samples_(field), level_(level) {
    next_.assign(2 * samples_.columns * samples_.rows, kNone);
    for (std::size_t row = 0; row + 1 < samples_.rows; ++row) {
      for (std::size_t column = 0; column + 1 < samples_.columns; ++column) join(column, row);
    }
  }

  std::vector<Ring> rings() {
    std::vector<Ring> rings;
    for (std::size_t start = 0; start < next_.size(); ++start) {
      if (next_[start] == kNone) continue;
      Ring ring;
      for (auto edge = static_cast<std::uint32_t>(start); next_[edge] != kNone;) {
        ring.push_back(crossing(edge));
        const std::uint32_t following = next_[edge];
        next_[edge] = kNone;
        edge = following;
      }
      rings.push_back(std::move(ring));
    }
    return rings;
  }

 private:
  std::uint32_t edge(std::size_t column, std::size_t row, bool is_down) const {
    return static_cast<std::uint32_t>(2 * (row * samples_.columns + column) + (is_down ? 1 : 0));
  }

  // The lines through the square whose top left sample this is.
  void join(std::size_t column, std::size_t row) {
    const double corner[4] = {samples_.value(column, row), samples_.value(column + 1, row),
                              samples_.value(column + 1, row + 1), samples_.value(column, row + 1)};
    unsigned inside = 0;
    for (unsigned i = 0; i < 4; ++i) inside |= corner[i] >= level_ ? 1u << i : 0;
    if (inside == 0 || inside == 15) return;
    // Edges clockwise from the top; edge i joins corners i and i + 1.
    const std::uint32_t edges[4] = {edge(column, row, false), edge(column + 1, row, true),
                                    edge(column, row + 1, false), edge(column, row, true)};
    const bool is_saddle = inside == 5 || inside == 10;
    const bool is_joined =
        is_saddle && (corner[0] + corner[1]) + (corner[2] + corner[3]) >= 4 * level_;
    // Clockwise round the square a line enters where the level is reached and leaves where it is
    // lost, with the inside on its right; of a joined saddle it leaves at the loss before.
    for (unsigned enter = 0; enter < 4; ++enter) {
      const bool rises = !(inside >> enter & 1) && (inside >> (enter + 1) % 4 & 1);
      if (!rises) continue;
      unsigned leave = (enter + 1) % 4;
      while (!((inside >> leave & 1) && !(inside >> (leave + 1) % 4 & 1))) leave = (leave + 1) % 4;
      if (is_joined) leave = (leave + 2) % 4;
      next_[edges[leave]] = edges[enter];
    }
  }

  Corner crossing(std::uint32_t edge) const {
    const std::size_t sample = edge / 2;
    const std::size_t column = sample % samples_.columns;
    const std::size_t row = sample / samples_.columns;
    const bool is_down = edge % 2 == 1;
    const double a = samples_.value(column, row);
    const double b = samples_.value(column + (is_down ? 0 : 1), row + (is_down ? 1 : 0));
    const std::size_t index = is_down ? row : column;
    const std::size_t count = is_down ? samples_.rows : samples_.columns;
    double part = (level_ - a) / (b - a);
    // What is dense up to the edge of the page ends there.
    if (index == 0) part = 0;
    if (index + 2 == count) part = 1;
    const double from = samples_.place(index, count);
    const double along = from + (samples_.place(index + 1, count) - from) * part;
    return is_down ? Corner{samples_.place(column, samples_.columns), along}
                   : Corner{along, samples_.place(row, samples_.rows)};
  }

  Samples samples_;
  double level_;
  std::vector<std::uint32_t> next_;
};

}  // namespace

std::vector<Ring> rings(const Field& field, double level) {
  if (!(level > 0) || field.values.empty()) return {};
  return Tracer(field, level).rings();
}

}  // namespace insitu::heatmap
