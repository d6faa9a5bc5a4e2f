// SPDX-License-Identifier: MIT
// Where structured results go: the one door through which reports and events leave the core as
// JSON.
#pragma once

#include <string_view>

namespace insitu::base {

// Receives one JSON value as a stream of calls, in document order.
//
// The caller keeps the calls well formed: inside an object every value follows its key, and every
// begin has its end. Implementations: report/packed.h (numbers and text for the wasm boundary),
// report/json.h (text). Numbers that are not finite are written as null.
class Writer {
 public:
  virtual ~Writer() = default;
  virtual void begin_object() = 0;
  virtual void end_object() = 0;
  virtual void begin_array() = 0;
  virtual void end_array() = 0;
  // UTF-8; the view need only live during the call.
  virtual void key(std::string_view name) = 0;
  virtual void text(std::string_view value) = 0;
  virtual void number(double value) = 0;
  virtual void boolean(bool value) = 0;
  virtual void null() = 0;

  // A key and its value.
  void field(std::string_view name, double value);
  void field(std::string_view name, std::string_view value);
};

}  // namespace insitu::base
