// SPDX-License-Identifier: MIT
#include "base/text_pool.h"

#include <span>

namespace insitu::base {

std::uint32_t TextPool::find(std::string_view text) const {
  // kNone is 0 - 1: a free slot.
  return slots_.empty() ? kNone : *slot(text) - 1;
}

std::uint32_t TextPool::add(std::string_view text) {
  if ((size() + 1) * 2 > slots_.size()) reindex();
  std::uint32_t* at = slot(text);
  if (!*at) {
    pool_.append(text.data(), text.size());
    ends_.push_back(static_cast<std::uint32_t>(pool_.size()));
    *at = static_cast<std::uint32_t>(size());
  }
  return *at - 1;
}

std::string_view TextPool::operator[](std::size_t number) const {
  const std::uint32_t begin = number ? ends_[number - 1] : 0;
  return {pool_.data() + begin, ends_[number] - begin};
}

std::uint32_t* TextPool::slot(std::string_view text) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t i = static_cast<std::size_t>(checksum(std::as_bytes(std::span(text)))) & mask;
  while (slots_[i] && (*this)[slots_[i] - 1] != text) i = (i + 1) & mask;
  return const_cast<std::uint32_t*>(&slots_[i]);
}

void TextPool::reindex() {
  std::size_t wanted = 256;
  while (wanted < (size() + 1) * 4) wanted *= 2;
  slots_.assign(wanted, 0);
  std::uint32_t begin = 0;
  for (std::uint32_t i = 0; i < size(); ++i) {
    // Saved bytes pass a checksum before they come here; this keeps even a forged table in bounds.
    if (ends_[i] < begin || ends_[i] > pool_.size()) ends_[i] = begin;
    begin = ends_[i];
    *slot((*this)[i]) = i + 1;
  }
}

}  // namespace insitu::base
