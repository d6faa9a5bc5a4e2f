// SPDX-License-Identifier: MIT
// Hostile options: reading them never crashes and a mistake has a place or a name; what is accepted
// comes back from its canonical text, and an engine works under it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "engine.h"
#include "log/options_json.h"
#include "partial/partial.h"
#include "report/json.h"
#include "tests/helpers/random_log.h"
#include "tests/helpers/sanitizers.h"

namespace {

using insitu::Engine;
using insitu::kpi::Options;
using insitu::log::OptionsText;

void require(bool condition) {
  if (!condition) std::abort();
}

std::vector<insitu::test::Bytes> make_batches() {
  insitu::test::Random random(1);
  const auto journal = insitu::test::random_journal(random, 60);
  return insitu::test::batches_of_journal(journal, [] { return false; });
}

void use(const Options& options) {
  static const std::vector<insitu::test::Bytes> kBatches = make_batches();
  Engine engine(options);
  for (const auto& batch : kBatches) require(engine.ingest(batch) == insitu::base::Status::kOk);
  insitu::report::JsonWriter out;
  insitu::report::write_report(engine.report(), out);
  (void)out.take();
  const insitu::partial::Tree partial = insitu::partial::make(engine);
  Engine sum(options);
  require(insitu::partial::add(partial, sum).empty());
  require(canonical(insitu::partial::make(sum)) == canonical(partial));
  Engine back(options);
  require(back.restore(engine.save()) == insitu::base::Status::kOk);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view json(reinterpret_cast<const char*>(data), size);
  const OptionsText text = insitu::log::read_options(json);
  if (!text.error.empty()) {
    require(text.values.empty() && text.line > 0 && text.column > 0);
    return 0;
  }
  Options options;
  const std::string error = insitu::log::apply_options(text, options, insitu::kpi::allowed);
  if (!error.empty()) {
    use(options);  // what was set before the mistake holds
    return 0;
  }
  const std::string written = insitu::partial::options_text(options);
  Options again;
  const OptionsText read = insitu::log::read_options(written);
  require(read.error.empty());
  require(insitu::log::apply_options(read, again, insitu::kpi::allowed).empty());
  require(insitu::partial::options_text(again) == written);
  require(again.fingerprint() == options.fingerprint());
  use(options);
  return 0;
}
