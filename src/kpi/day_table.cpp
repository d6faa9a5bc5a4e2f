// SPDX-License-Identifier: MIT
#include "kpi/day_table.h"

#include "base/sort.h"
#include "kpi/result.h"

namespace insitu::kpi {

namespace {

bool read_number(std::string_view text, std::int64_t& value) {
  return read_whole(text, value) && value == static_cast<std::int32_t>(value);
}

}  // namespace

base::Array<stats::GapCount> DayTable::rows() const {
  base::Array<stats::GapCount> rows;
  counts_.for_each([&](std::uint64_t key, Count count) {
    if (!count) return;
    rows.push_back({static_cast<std::int32_t>(key >> 32), static_cast<std::int32_t>(key), count});
  });
  base::sort(rows, [](const stats::GapCount& a, const stats::GapCount& b) {
    return a.day != b.day ? a.day < b.day : a.gap < b.gap;
  });
  return rows;
}

void DayTable::partial(PartialIo& io, std::string_view name) {
  io.begin(name);
  if (io.reading()) {
    read(io);
  } else {
    write(io);
  }
  io.end();
}

void DayTable::write(PartialIo& io) const {
  const base::Array<stats::GapCount> rows = this->rows();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i == 0 || rows[i].day != rows[i - 1].day) {
      if (i) io.end();
      io.begin(count_label(rows[i].day).view());
    }
    Count count = rows[i].count;
    io.count(count_label(rows[i].gap).view(), count);
  }
  if (!rows.empty()) io.end();
}

void DayTable::read(PartialIo& io) {
  for (std::size_t i = 0; i < io.members(); ++i) {
    const std::string_view day_name = io.member(i);
    std::int64_t day = 0;
    if (!read_number(day_name, day)) return io.fail();
    io.begin(day_name);
    for (std::size_t j = 0; j < io.members(); ++j) {
      const std::string_view gap_name = io.member(j);
      std::int64_t gap = 0;
      if (!read_number(gap_name, gap)) {
        io.fail();
        break;
      }
      const std::uint64_t key = pair_key(day, gap);
      Count none = 0;
      Count* count = io.storing() ? &counts_[key] : counts_.find(key);
      io.count(gap_name, count ? *count : none);
    }
    io.end();
  }
}

}  // namespace insitu::kpi
