// SPDX-License-Identifier: MIT
// The core as JS sees it: a table of coarse calls that take and give numbers, and the memory
// through which bytes cross. js/src/core_module.ts is the other half. Text goes in as UTF-8 at
// buffer(), so Embind's string and class machinery, 4 KB of script, stays out.
#include <emscripten/bind.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/status.h"
#include "base/text.h"
#include "bindings/small_runtime.h"
#include "engine.h"
#include "events/batch_json.h"
#include "kpi/info.h"
#include "kpi/options.h"
#include "report/packed.h"
#include "report/report.h"

namespace {

using insitu::base::Status;
using insitu::report::PackedWriter;

#ifdef INSITU_LAB
constexpr insitu::base::Limits kLimits = insitu::base::Limits::lab();
#else
constexpr insitu::base::Limits kLimits = insitu::base::Limits::browser();
#endif

constexpr std::uint32_t kBufferBytes = 64 << 10;  // twice a batch of the shell
constexpr std::uint32_t kMaxReserve = 768 << 10;  // the largest state under kLimits

std::uint32_t number(Status status) { return static_cast<std::uint32_t>(status); }

template <class T>
std::uint32_t address(const T* data) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(data));
}

// One engine and its transfer memory; one per module instance. Calls that produce something leave
// it at output() until the next call.
struct Core {
  insitu::kpi::Options options;
  std::unique_ptr<insitu::Engine> engine;
  insitu::base::Text visitor;
  bool keep_final = false;
  insitu::base::Array<double> buffer =
      insitu::base::Array<double>(kBufferBytes / sizeof(double));  // aligned
  std::vector<std::byte> bytes;
  PackedWriter packed;
  std::uint32_t output = 0;
};

Core& core() {
  static Core instance;
  return instance;
}

insitu::Engine& engine() {
  Core& c = core();
  if (!c.engine) {
    c.engine = std::make_unique<insitu::Engine>(c.options, kLimits);
    c.engine->identify(c.visitor.view());
    c.engine->keep_final(c.keep_final);
  }
  return *c.engine;
}

std::span<const std::byte> input(std::uint32_t bytes) {
  const auto all = std::as_bytes(std::span(core().buffer));
  return all.first(bytes < all.size() ? bytes : all.size());
}

std::string_view text(std::uint32_t bytes) {
  return {reinterpret_cast<const char*>(core().buffer.data()), input(bytes).size()};
}

// An empty packed result. The latest results go first: there is no room for two large ones.
PackedWriter& start() {
  core().bytes = {};
  core().packed = {};
  return core().packed;
}

// Gives the length in doubles of what has been written since start().
std::uint32_t give() {
  Core& c = core();
  c.output = address(c.packed.tokens().data());
  return static_cast<std::uint32_t>(c.packed.tokens().size());
}

// Options hold for everything an engine folds, so setting one starts anew.
std::uint32_t start_anew(Status status) {
  if (status == Status::kOk) core().engine.reset();
  return number(status);
}

// ---- memory

std::uint32_t buffer() { return address(core().buffer.data()); }
std::uint32_t capacity() {
  return static_cast<std::uint32_t>(core().buffer.size() * sizeof(double));
}
std::uint32_t reserve(std::uint32_t bytes) {
  if (bytes > kMaxReserve) return number(Status::kTooLarge);
  if (bytes > capacity()) core().buffer.resize((bytes + 7) / 8);
  return number(Status::kOk);
}
std::uint32_t output() { return core().output; }
std::uint32_t output_text() { return address(core().packed.pool().data()); }
std::uint32_t output_text_bytes() {
  return static_cast<std::uint32_t>(core().packed.pool().size());
}

// ---- setting up; the name of the option stands at buffer()

std::uint32_t set_number(std::uint32_t name_bytes, double value) {
  return start_anew(core().options.set_number(text(name_bytes), value));
}
// The value follows the name. A list of texts is one text, each of its items ended by U+001F.
std::uint32_t set_text(std::uint32_t name_bytes, std::uint32_t bytes) {
  const std::string_view name = text(name_bytes);
  const std::string_view value = text(bytes).substr(name.size());
  insitu::base::Array<std::string_view> items;
  if (value.empty() || value.back() != insitu::base::kItemEnd) {
    return start_anew(core().options.set_text(name, value));
  }
  insitu::base::for_each_item(value, [&](std::string_view item) { items.push_back(item); });
  return start_anew(core().options.set_texts(name, items));
}
// The values, doubles, follow the name in the next 8 bytes that are aligned. The name of a table is
// followed by U+001F and its keys, each of them ended so, and the values are those of its lists.
std::uint32_t set_numbers(std::uint32_t name_bytes, std::uint32_t count) {
  const std::string_view given = text(name_bytes);
  const std::size_t first = (given.size() + sizeof(double) - 1) / sizeof(double);
  const std::span<const double> room = std::span(core().buffer).subspan(first);
  const std::span<const double> values = room.first(std::min<std::size_t>(count, room.size()));
  const std::size_t end = insitu::base::find(given, insitu::base::kItemEnd);
  const std::string_view name = given.substr(0, end);
  if (end == given.size()) return start_anew(core().options.set_numbers(name, values));
  insitu::base::Array<std::string_view> keys;
  insitu::base::for_each_item(given.substr(end + 1),
                              [&](std::string_view key) { keys.push_back(key); });
  return start_anew(core().options.set_table(name, keys, values));
}
void identify(std::uint32_t bytes) {
  core().visitor = insitu::base::Text(text(bytes));
  engine().identify(text(bytes));
}
void keep_final(std::uint32_t keep) {
  core().keep_final = keep != 0;
  engine().keep_final(keep != 0);
}

// ---- folding and asking

std::uint32_t ingest(std::uint32_t bytes) { return number(engine().ingest(input(bytes))); }
std::uint32_t normalised() {
  const auto batch = engine().final_batch();
  core().output = address(batch.data());
  return static_cast<std::uint32_t>(batch.size());
}
std::uint32_t report(std::uint32_t with_heatmaps) {
  PackedWriter& out = start();
  const insitu::report::Report report = engine().report(with_heatmaps != 0);
  out.sized([&report](PackedWriter& to) { insitu::report::write_report(report, to); });
  return give();
}
// What a partial is made of: its version, options and sections.
std::uint32_t partial() {
  PackedWriter& out = start();
  out.begin_object();
  out.field("version", static_cast<double>(insitu::kpi::kSpecVersion));
  out.key("options");
  engine().options().write_differences(out, {});
  engine().partial(out);
  out.end_object();
  return give();
}
// The page stands at buffer(); with_state: the state follows it, up to `bytes`. Kinds as HeatKind.
std::uint32_t heatmap(std::uint32_t page_bytes, std::uint32_t kind, std::uint32_t with_state,
                      std::uint32_t bytes) {
  PackedWriter& out = start();
  const std::string_view page = text(page_bytes);
  std::optional<std::string_view> state;
  if (with_state) state = text(bytes).substr(page.size());
  const auto map = engine().map(page, static_cast<insitu::report::HeatKind>(kind), state);
  if (map) {
    out.sized([&map](PackedWriter& to) { insitu::report::write_map(*map, to); });
  } else {
    out.null();
  }
  return give();
}
std::uint32_t events(std::uint32_t bytes) {
  PackedWriter& out = start();
  out.begin_array();
  (void)insitu::events::write_batch(input(bytes), out);
  out.end_array();
  return give();
}
std::uint32_t message(std::uint32_t status) {
  PackedWriter& out = start();
  out.text(insitu::base::message(static_cast<Status>(status)));
  return give();
}
std::uint32_t save() {
  start();
  core().bytes = engine().save();
  core().output = address(core().bytes.data());
  return static_cast<std::uint32_t>(core().bytes.size());
}
std::uint32_t restore(std::uint32_t bytes) { return number(engine().restore(input(bytes))); }
// Forgets all events; options, visitor and keep_final stay.
void reset() { core().engine.reset(); }

}  // namespace

EMSCRIPTEN_BINDINGS(insitu_core) {
  using emscripten::function;
  insitu::bindings::register_numbers();
  function("buffer()", &buffer);
  function("capacity()", &capacity);
  function("reserve(bytes)", &reserve);
  function("output()", &output);
  function("outputText()", &output_text);
  function("outputTextBytes()", &output_text_bytes);
  function("setNumber(nameBytes, value)", &set_number);
  function("setText(nameBytes, bytes)", &set_text);
  function("setNumbers(nameBytes, count)", &set_numbers);
  function("identify(bytes)", &identify);
  function("keepFinal(keep)", &keep_final);
  function("ingest(bytes)", &ingest);
  function("normalised()", &normalised);
  function("report(withHeatmaps)", &report);
  function("partial()", &partial);
  function("heatmap(pageBytes, kind, withState, bytes)", &heatmap);
  function("events(bytes)", &events);
  function("message(status)", &message);
  function("save()", &save);
  function("restore(bytes)", &restore);
  function("reset()", &reset);
}
