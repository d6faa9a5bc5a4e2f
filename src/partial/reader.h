// SPDX-License-Identifier: MIT
// From the text of partials to an engine that can report on them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"
#include "kpi/partial_io.h"
#include "partial/tree.h"

namespace insitu::partial {

// Reads the sections of a tree into totals, see kpi::PartialIo. Make one to check, and only when
// error() is empty another one to store.
class Reader final : public kpi::PartialIo {
 public:
  Reader(const Tree& tree, events::StringTable& table, const kpi::Setting& setting, bool storing);

  void begin(std::string_view name) override;
  void end() override;
  void count(std::string_view name, kpi::Count& value) override;
  void size(std::string_view name, kpi::Count& value) override;
  void least(std::string_view name, kpi::Count& value) override;
  void sum(std::string_view name, stats::FixedSum& value) override;
  void sketch(std::string_view name, stats::DDSketch& value) override;
  bool reading() const override { return true; }
  bool storing() const override { return storing_; }
  std::size_t members() const override;
  std::string_view member(std::size_t index) const override;
  void fail() override;

  // What cannot be, with its path; empty: nothing so far.
  [[nodiscard]] const std::string& error() const { return error_; }
  // Members of the sections that nobody asked for: what is wrong, with the path of the first; empty
  // if there is none. After a walk over all sections.
  [[nodiscard]] std::string unknown() const;

 private:
  [[nodiscard]] Node find(std::string_view name);
  void fail(std::string_view name, const char* what);
  [[nodiscard]] std::string path(std::string_view name) const;

  const Tree& tree_;
  bool storing_;
  std::int64_t total_ = 0;  // of all counts so far, without their signs
  std::vector<Node> open_;  // objects from the root to the one that is open; kNoNode: not there
  std::vector<std::string> names_;
  std::vector<bool> asked_;  // by node
  std::string error_;
};

}  // namespace insitu::partial
