// SPDX-License-Identifier: MIT
#include "heatmap/scene.h"

#include <cmath>
#include <string_view>
#include <type_traits>

namespace insitu::heatmap {
namespace {

template <class Io, class T>
void walk(Io& io, T& item) {
  using Item = std::remove_const_t<T>;
  if constexpr (std::is_same_v<Item, BandMark>) {
    io("from", item.from);
    io("to", item.to);
    io("value", item.value);
    return;
  } else {
    io("x", item.x);
    io("y", item.y);
    if constexpr (std::is_same_v<Item, DotMark>) {
      io("count", item.count);
      io("shape", item.shape);
      io("hollow", item.hollow);
    } else {
      io("width", item.width);
      io("height", item.height);
      io("label", item.label);
      if constexpr (std::is_same_v<Item, WireBox>) {
        io("landmark", item.landmark);
      } else {
        io("count", item.count);
        io("of", item.of);
        io("lower", item.lower);
        io("upper", item.upper);
      }
    }
  }
}

class SceneWriter {
 public:
  explicit SceneWriter(base::Writer& out) : out_(out) {}

  template <class T>
  void operator()(std::string_view name, const T& value) {
    out_.key(name);
    write(value);
  }

 private:
  void write(double value) { out_.number(value); }
  void write(bool value) { out_.boolean(value); }
  void write(const std::string& value) { out_.text(value); }
  template <class T>
  void write(const std::vector<T>& list) {
    out_.begin_array();
    for (const T& item : list) write(item);
    out_.end_array();
  }
  template <class T>
  void write(const T& item) {
    out_.begin_object();
    walk(*this, item);
    out_.end_object();
  }

  base::Writer& out_;
};

class ShapeWriter {
 public:
  template <class T>
  void operator()(std::string_view name, const T& value) {
    if (!out.ends_with('{')) out += ',';
    out += '"';
    out += name;
    out += "\":";
    write(value);
  }
  std::string out = "{";

 private:
  void write(double) { out += '0'; }
  void write(bool) { out += "false"; }
  void write(const std::string&) { out += "\"\""; }
  template <class T>
  void write(const std::vector<T>&) {
    out += '[';
    write(T());
    out += ']';
  }
  template <class T>
  void write(const T& item) {
    out += '{';
    walk(*this, item);
    out += '}';
  }
};

class SceneReader {
 public:
  SceneReader(const double* tokens, std::size_t count, std::string_view text)
      : tokens_(tokens), left_(count), text_(text) {}

  template <class T>
  void operator()(std::string_view, T& value) {
    read(value);
  }
  bool is_good() const { return is_good_ && left_ == 0; }

 private:
  double next() {
    if (left_ == 0) {
      is_good_ = false;
      return 0;
    }
    --left_;
    return *tokens_++;
  }
  // A length that `most` can hold.
  std::size_t next_size(std::size_t most) {
    const double size = next();
    if (size >= 0 && size <= static_cast<double>(most)) return static_cast<std::size_t>(size);
    is_good_ = false;
    return 0;
  }
  void read(double& value) {
    const double token = next();
    value = std::isfinite(token) ? token : 0;
  }
  void read(bool& value) { value = next() != 0; }
  void read(std::string& value) {
    const std::size_t size = next_size(text_.size());
    value = text_.substr(0, size);
    text_.remove_prefix(size);
  }
  template <class T>
  void read(std::vector<T>& list) {
    // Every item takes a token, so no list is longer than what is left.
    list.resize(next_size(left_));
    for (T& item : list) read(item);
  }
  template <class T>
  void read(T& item) {
    walk(*this, item);
  }

  const double* tokens_;
  std::size_t left_;
  std::string_view text_;
  bool is_good_ = true;
};

}  // namespace

void write_scene(const Scene& scene, base::Writer& out) {
  SceneWriter writer(out);
  out.begin_object();
  walk_scene(writer, scene);
  out.end_object();
}

std::string scene_shape() {
  ShapeWriter writer;
  const Scene scene;
  walk_scene(writer, scene);
  return writer.out + "}";
}

bool read_scene(const double* tokens, std::size_t count, std::string_view text, Scene& scene) {
  SceneReader reader(tokens, count, text);
  walk_scene(reader, scene);
  return reader.is_good();
}

}  // namespace insitu::heatmap
