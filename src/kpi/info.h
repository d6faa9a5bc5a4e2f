// SPDX-License-Identifier: MIT
// What is known of a KPI before any event: its definition as data.
#pragma once

#include <span>

namespace insitu::kpi {

// Version of the KPI specification that the numbers follow; rises with every change that alters a
// value.
inline constexpr int kSpecVersion = 1;

// Sentences are data for documentation, command line and console; the browser's core has no room
// for them and leaves them out (nullptr).
#ifdef INSITU_NO_TEXTS
#define INSITU_TEXT(sentence) nullptr
#else
#define INSITU_TEXT(sentence) sentence
#endif

// One entry of the KPI registry (docs/kpi.md is made of these).
struct KpiInfo {
  const char* id;                        // never renamed, only superseded
  const char* unit;                      // "ratio", "s", "count", ...
  const char* better;                    // "higher", "lower" or "none"
  std::span<const char* const> options;  // names of the options its value depends on
  // nullptr in builds without texts:
  const char* title;
  const char* family;
  const char* role;   // outcome, driver, recovery, trust, context
  const char* stage;  // evaluate, purchase, onboarding, support, retention, all
  const char* scope;  // what one observation is
  const char* formula;
  const char* inputs;
  const char* edge_cases;
  const char* merge;
  const char* interval;
  const char* source;
};

}  // namespace insitu::kpi
