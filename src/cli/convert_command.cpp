// SPDX-License-Identifier: MIT
#include "cli/convert_command.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/quality.h"
#include "base/writer.h"
#include "cli/input.h"
#include "cli/output_file.h"
#include "cli/table.h"
#include "cli/text.h"
#include "events/batch.h"
#include "events/batch_json.h"
#include "events/record_strings.h"
#include "log/binary_reader.h"
#include "log/ndjson_reader.h"
#include "report/json.h"

namespace insitu::cli {

const char* const kConvertHelp =
    "usage: insitu convert IN OUT\n"
    "\n"
    "Converts a log of lines (NDJSON) into a binary one, and a binary one into lines, whichever "
    "IN\n"
    "is. - is standard input or output.\n"
    "\n"
    "Lines are sorted by seq within each client session, and what is no event is left out.\n"
    "\n"
    "Exit code: 0 fine; 1 OUT is complete, but parts of IN are not in it (counted on standard\n"
    "error); 2 there is no OUT.\n";

namespace {

using base::Problem;

// ---- output

// Text in lines: one value each, when it is an object.
class LineWriter final : public base::Writer {
 public:
  void begin_object() override {
    ++depth_;
    json_.begin_object();
  }
  void end_object() override {
    json_.end_object();
    if (--depth_ == 0) text_ += json_.take() += '\n';
  }
  void begin_array() override { json_.begin_array(); }
  void end_array() override { json_.end_array(); }
  void key(std::string_view name) override { json_.key(name); }
  void text(std::string_view value) override { json_.text(value); }
  void number(double value) override { json_.number(value); }
  void boolean(bool value) override { json_.boolean(value); }
  void null() override { json_.null(); }

  // The lines so far; the writer is then as new.
  [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

 private:
  report::JsonWriter json_;
  std::string text_;
  int depth_ = 0;
};

// ---- batches to lines

// What write_batch() leaves out of the lines of one batch.
class Losses {
 public:
  void count(std::span<const std::byte> batch) {
    events::BatchHead head;
    std::span<const std::byte> records;
    if (events::open_batch(batch, head, records) != base::Status::kOk) return;
    texts_.clear();
    limit_ = events::max_batch_strings(batch.size());
    has_client_ = false;
    const bool whole =
        events::for_each_record(records, [&](std::uint16_t type, std::span<const std::byte> bytes) {
          if (type >= events::kFirstEventType) return count_event(type, bytes);
          switch (static_cast<events::ControlType>(type)) {
            case events::ControlType::kString:
              return define(bytes);
            case events::ControlType::kContext:
              return enter(bytes);
            case events::ControlType::kEnd:
              return;
          }
          quality_.add(Problem::kUnknownType);
        });
    if (!whole) quality_.add(Problem::kMalformed);
    if (head.document != 0) ++local_batches_;
  }

  [[nodiscard]] base::Quality& quality() { return quality_; }
  // Events, and batches whose numbers are local to a tab: they have no context.
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t local_batches() const { return local_batches_; }

 private:
  enum class Text : std::uint8_t { kNone, kEmpty, kThere };

  void define(std::span<const std::byte> bytes) {
    std::uint32_t id = 0;
    std::string_view text;
    if (!events::read_string(bytes, id, text)) return quality_.add(Problem::kMalformed);
    const std::size_t index = id - events::kFirstBatchString;
    if (index >= limit_) return quality_.add(Problem::kOverLimit);
    if (index >= texts_.size()) texts_.resize(index + 1, Text::kNone);
    texts_[index] = text.empty() ? Text::kEmpty : Text::kThere;
  }

  Text find(std::uint32_t id) const {
    if (id >= 1 && id <= std::size(events::kWordTexts)) return Text::kThere;
    const std::size_t index = id - events::kFirstBatchString;
    return id >= events::kFirstBatchString && index < texts_.size() ? texts_[index] : Text::kNone;
  }

  void enter(std::span<const std::byte> bytes) {
    events::ContextRecord context;
    if (bytes.size() < sizeof context) return quality_.add(Problem::kMalformed);
    std::memcpy(&context, bytes.data(), sizeof context);
    has_client_ = find(context.visitor) == Text::kThere && find(context.session) == Text::kThere;
  }

  void count_event(std::uint16_t type, std::span<const std::byte> bytes) {
    events::Record record;
    if (!record.read(bytes)) {
      const bool is_known_type = events::Record::find_info(type) != nullptr;
      return quality_.add(is_known_type ? Problem::kMalformed : Problem::kUnknownType);
    }
    if (!has_client_) return quality_.add(Problem::kMalformed);
    ++events_;
    events::for_each_string_id(record, [&](std::size_t offset) {
      std::uint32_t id = 0;
      std::memcpy(&id, bytes.data() + offset, sizeof id);
      if (find(id) == Text::kNone) quality_.add(Problem::kBadString);
    });
  }

  // Of the current batch: its texts by id - kFirstBatchString, and whether its last context is one.
  std::vector<Text> texts_;
  std::size_t limit_ = 0;
  bool has_client_ = false;
  base::Quality quality_;
  std::uint64_t events_ = 0;
  std::uint64_t local_batches_ = 0;
};

// Cuts a binary log, which comes in pieces, into batches and writes their lines.
class BatchesToLines {
 public:
  explicit BatchesToLines(OutputFile& out) : out_(out) {}

  void feed(std::string_view piece) {
    if (is_broken_) return;
    const auto bytes = std::as_bytes(std::span(piece));
    rest_.insert(rest_.end(), bytes.begin(), bytes.end());
    const log::BinaryEnd end =
        log::for_each_batch(rest_, [&](std::span<const std::byte> batch) { write(batch); });
    rest_.erase(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(end.offset));
    offset_ += end.offset;
    // A batch whose end is still to come looks as one that is cut; so does the start of its head.
    status_ = end.status;
    is_broken_ = status_ != base::Status::kOk && status_ != base::Status::kBadSize &&
                 rest_.size() >= sizeof(events::BatchHead);
  }

  // The log is complete; kUnusable if it is none.
  int finish(const std::string& name) {
    if (status_ != base::Status::kOk) {
      const char* message = base::message(status_);
      if (offset_ == 0) return fail(join({name, ": ", message}));
      std::fprintf(stderr, "insitu: %s: byte %zu: %s\n", printable(name).c_str(), offset_, message);
      losses_.quality().add(Problem::kBadBatch);
    }
    if (losses_.local_batches() > 0 && losses_.events() == 0) {
      return fail(
          join({name, " is the journal of a browser, whose numbers are not final: export it"}));
    }
    return kFine;
  }

  [[nodiscard]] const base::Quality& quality() { return losses_.quality(); }

 private:
  void write(std::span<const std::byte> batch) {
    losses_.count(batch);
    (void)events::write_batch(batch, lines_);
    out_.write(lines_.take());
  }

  OutputFile& out_;
  LineWriter lines_;
  Losses losses_;
  std::vector<std::byte> rest_;  // behind the last whole batch
  std::size_t offset_ = 0;       // of rest_ in the log
  base::Status status_ = base::Status::kOk;
  bool is_broken_ = false;
};

// ---- lines to batches

int write_batches(const log::NdjsonReader& reader, const std::string& name, OutputFile& out) {
  if (reader.events() == 0 && reader.lines() > 0) {
    return fail(join({name, " is not a log: none of its lines is an event"}));
  }
  reader.for_each_batch([&](std::span<const std::byte> batch, const log::ClientInfo&) {
    out.write({reinterpret_cast<const char*>(batch.data()), batch.size()});
  });
  return kFine;
}

// ---- the command

// Says what is not in the output, and how it is not as in the input; gives the exit code.
int report_problems(const std::string& name, const base::Quality& quality) {
  std::string counts;
  bool is_lossy = false;
  for (std::size_t i = 0; i < base::kProblemCount; ++i) {
    const auto problem = static_cast<Problem>(i);
    if (quality.count(problem) == 0) continue;
    if (!counts.empty()) counts += ", ";
    counts += problem_text(problem, static_cast<double>(quality.count(problem)));
    is_lossy = is_lossy || problem != Problem::kOutOfOrder;
  }
  if (!counts.empty()) {
    std::fprintf(stderr, "insitu: %s: %s\n", printable(name).c_str(), counts.c_str());
  }
  return is_lossy ? kInputHadProblems : kFine;
}

int convert(const std::string& from, const std::string& to) {
  const std::string name = shown_path(from);
  std::string error;
  const File input = open_file(from, error);
  if (!input) return fail(error);
  OutputFile out;
  if (!out.open(to, input.get())) return kUnusable;

  log::NdjsonReader lines;
  BatchesToLines batches(out);
  bool is_first = true;
  bool is_binary = false;
  error = read_pieces(input.get(), from, [&](std::string_view piece) {
    if (std::exchange(is_first, false))
      is_binary = log::is_binary_log(std::as_bytes(std::span(piece)));
    if (is_binary) {
      batches.feed(piece);
    } else {
      lines.feed(piece);
    }
  });
  if (!error.empty()) return fail(error);
  lines.finish();
  const int done = is_binary ? batches.finish(name) : write_batches(lines, name, out);
  if (done != kFine) return done;
  if (!out.commit()) return kUnusable;
  return report_problems(name, is_binary ? batches.quality() : lines.quality());
}

}  // namespace

int run_convert(std::span<const char* const> words) {
  std::vector<std::string> paths;
  bool only_paths = false;
  for (const std::string_view word : words) {
    if (only_paths || word == "-" || !word.starts_with('-')) {
      paths.emplace_back(word);
    } else if (word == "--") {
      only_paths = true;
    } else if (word == "--help" || word == "-h") {
      return print(kConvertHelp, kFine);
    } else {
      return fail(join({"convert has no option ", word, ": see insitu convert --help"}));
    }
  }
  if (paths.size() != 2) {
    return fail("convert needs two names, the log and the file to write: insitu convert IN OUT");
  }
  return convert(paths[0], paths[1]);
}

}  // namespace insitu::cli
