// SPDX-License-Identifier: MIT
#include "events/batch_json.h"

#include <cstring>
#include <iterator>
#include <string_view>

#include "base/array.h"
#include "events/batch.h"
#include "events/event_json.h"

namespace insitu::events {

namespace {

struct Texts {
  base::Array<std::string_view> defined;  // by id - kFirstBatchString

  static std::string_view find(const void* context, std::uint32_t id) {
    if (id >= 1 && id <= std::size(kWordTexts)) return kWordTexts[id - 1];
    const auto& defined = static_cast<const Texts*>(context)->defined;
    const std::size_t index = id - kFirstBatchString;
    return id >= kFirstBatchString && index < defined.size() ? defined[index] : std::string_view{};
  }
};

}  // namespace

base::Status write_batch(std::span<const std::byte> batch, base::Writer& out) {
  BatchHead head;
  std::span<const std::byte> records;
  const base::Status status = open_batch(batch, head, records);
  if (status != base::Status::kOk) return status;
  const std::size_t limit = max_batch_strings(batch.size());
  Texts texts;
  const StringLookup lookup{&Texts::find, &texts};
  std::string_view visitor;
  std::string_view session;
  double seq = 0;
  (void)for_each_record(records, [&](std::uint16_t type, std::span<const std::byte> bytes) {
    if (type == static_cast<std::uint16_t>(ControlType::kString)) {
      std::uint32_t id = 0;
      std::string_view text;
      if (!read_string(bytes, id, text)) return;
      const std::size_t index = id - kFirstBatchString;
      if (index >= limit) return;
      if (index >= texts.defined.size()) texts.defined.resize(index + 1);
      texts.defined[index] = text;
    } else if (type == static_cast<std::uint16_t>(ControlType::kContext)) {
      ContextRecord context;
      if (bytes.size() < sizeof context) return;
      std::memcpy(&context, bytes.data(), sizeof context);
      visitor = lookup(context.visitor);
      session = lookup(context.session);
      seq = context.seq;
    } else {
      Record record;
      if (visitor.empty() || !record.read(bytes)) return;
      write_event(out, record, lookup, visitor, session, seq);
      ++seq;
    }
  });
  return base::Status::kOk;
}

}  // namespace insitu::events
