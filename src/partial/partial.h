// SPDX-License-Identifier: MIT
// Partials of engines: made, checked, added (KPI specification 4).
#pragma once

#include <string>
#include <string_view>

#include "engine.h"
#include "partial/tree.h"

namespace insitu::partial {

// The options that differ from their defaults as canonical JSON: equal text means equal options.
[[nodiscard]] std::string options_text(const kpi::Options& options);

// The partial of everything an engine has folded. `segment` is "key=value", empty for none. With
// `min_count` above 0, cells of cohorts and heatmaps with a smaller count are left out, so that
// nobody is shown alone. O(state).
[[nodiscard]] Tree make(const Engine& engine, std::string_view segment = {},
                        std::int64_t min_count = 0);

// What the head of a partial says.
struct Head {
  std::string options;  // canonical JSON
  std::string segment;  // empty: none
};

// Reads the head. Gives "" or why this is no partial of this specification version.
[[nodiscard]] std::string read_head(const Tree& tree, Head& head);

// Looks whether add() would take the partial. Gives "" or what is wrong, with its path. O(partial).
[[nodiscard]] std::string check(const Tree& tree, Engine& engine);

// Adds the sections of a partial, whose head must fit the engine's options, to an engine. Gives ""
// or what is wrong, with its path; then the engine is unchanged. O(partial) on average.
[[nodiscard]] std::string add(const Tree& tree, Engine& engine);

}  // namespace insitu::partial
