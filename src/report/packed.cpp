// SPDX-License-Identifier: MIT
#include "report/packed.h"

#include "base/float.h"

namespace insitu::report {

void PackedWriter::put(double token) {
  if (counting_) {
    ++count_;
  } else {
    tokens_.push_back(token);
  }
}

void PackedWriter::number(double value) {
  if (!base::is_finite(value)) {
    put(0);
    return;
  }
  put(3);
  put(value);
}

void PackedWriter::put_text(double token, std::string_view text) {
  constexpr std::string_view kNul("\0", 1);
  text_.clear();
  for (std::size_t end = 0; (end = base::find(text, '\0')) < text.size();) {
    text_.add(text.substr(0, end));
    text_.add(" ");
    text.remove_prefix(end + 1);
  }
  text_.add(text);
  text_.add(kNul);
  put(token);
  put(texts_.add(text_.view()));
}

}  // namespace insitu::report
