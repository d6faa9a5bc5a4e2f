// SPDX-License-Identifier: MIT
#include "base/writer.h"

namespace insitu::base {

void Writer::field(std::string_view name, double value) {
  key(name);
  number(value);
}

void Writer::field(std::string_view name, std::string_view value) {
  key(name);
  text(value);
}

}  // namespace insitu::base
