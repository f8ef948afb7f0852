// Safetensors files, as far as a plain program needs them: f32 tensors, and bytes read as numbers.
// Format: a little-endian u64 n, n bytes of JSON {name: {dtype, shape, data_offsets}}, the data.
// Assumes a little-endian machine, as all that the kernels are compiled for are.
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace incept::standalone {

struct Tensor {
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

using Tensors = std::map<std::string, Tensor>;

// The JSON of a header: nothing is kept but what a tensor needs.
class HeaderReader {
 public:
  struct Entry {
    std::string dtype;
    std::vector<std::int64_t> shape, offsets;
  };

  explicit HeaderReader(const std::string& text) : text_(text) {}

  std::map<std::string, Entry> read() {
    std::map<std::string, Entry> entries;
    object([&](const std::string& name) {
      if (name == "__metadata__") return skip();
      Entry entry;
      object([&](const std::string& key) {
        if (key == "dtype")
          entry.dtype = string();
        else if (key == "shape")
          entry.shape = numbers();
        else if (key == "data_offsets")
          entry.offsets = numbers();
        else
          skip();
      });
      entries[name] = entry;
    });
    return entries;
  }

 private:
  char peek() {
    while (at_ < text_.size() && std::strchr(" \t\r\n", text_[at_])) ++at_;
    if (at_ == text_.size()) throw std::runtime_error("the header ends early");
    return text_[at_];
  }

  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) throw std::runtime_error(std::string("the header lacks a ") + c);
  }

  // Calls `member(key)` before each value, which it must read.
  template <class Member>
  void object(Member&& member) {
    expect('{');
    if (take('}')) return;
    do {
      const std::string key = string();
      expect(':');
      member(key);
    } while (take(','));
    expect('}');
  }

  std::vector<std::int64_t> numbers() {
    std::vector<std::int64_t> list;
    expect('[');
    if (take(']')) return list;
    do {
      list.push_back(number());
    } while (take(','));
    expect(']');
    return list;
  }

  std::int64_t number() {
    std::int64_t value = 0;
    int digits = 0;
    for (char c = peek(); c >= '0' && c <= '9'; c = ++at_ < text_.size() ? text_[at_] : 0) {
      if (++digits > 18) throw std::runtime_error("a number of the header is too large");
      value = value * 10 + (c - '0');
    }
    if (digits == 0) throw std::runtime_error("the header lacks a number");
    return value;
  }

  std::string string() {
    expect('"');
    std::string value;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) escape(value);
      value += text_[at_];
    }
    expect('"');
    return value;
  }

  // Leaves at_ on the character that the escape stands for, but for \uXXXX, kept as it is written.
  void escape(std::string& value) {
    if (text_[at_ + 1] == 'u')
      value += '\\';
    else if (std::strchr("bfnrt", text_[at_ + 1]))
      throw std::runtime_error("a name of the header has a control character");
    ++at_;
  }

  void skip() {
    if (peek() == '"') {
      string();
    } else if (peek() == '{') {
      object([&](const std::string&) { skip(); });
    } else {
      throw std::runtime_error("the header holds something unexpected");
    }
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

inline std::int64_t product(const std::vector<std::int64_t>& shape) {
  std::int64_t count = 1;
  for (std::int64_t d : shape) {
    if (d != 0 && count > (std::int64_t(1) << 40) / d) throw std::runtime_error("huge tensor");
    count *= d;
  }
  return count;
}

// Throws std::runtime_error with the file's name.
inline Tensors read_safetensors(const std::string& path) {
  try {
    std::ifstream file(path, std::ios::binary | std::ios::ate);
    if (!file) throw std::runtime_error("it cannot be opened");
    const std::int64_t size = file.tellg();
    file.seekg(0);
    std::uint64_t length = 0;
    file.read(reinterpret_cast<char*>(&length), sizeof length);
    if (size < 8 || length > static_cast<std::uint64_t>(size - 8))
      throw std::runtime_error("it is not a safetensors file, or is cut short");
    std::string header(length, ' ');
    file.read(&header[0], static_cast<std::streamsize>(length));
    const std::int64_t data = 8 + static_cast<std::int64_t>(length);

    Tensors tensors;
    for (const auto& [name, entry] : HeaderReader(header).read()) {
      const bool bytes = entry.dtype == "U8";
      if (!bytes && entry.dtype != "F32")
        throw std::runtime_error(name + " is " + entry.dtype + ", not F32 or U8");
      const std::int64_t count = product(entry.shape), width = bytes ? 1 : 4;
      if (entry.offsets.size() != 2 || entry.offsets[1] - entry.offsets[0] != count * width ||
          entry.offsets[1] > size - data)
        throw std::runtime_error(name + " does not lie where the header says");
      Tensor& tensor = tensors[name];
      tensor.shape = entry.shape;
      tensor.values.resize(static_cast<std::size_t>(count));
      file.seekg(data + entry.offsets[0]);
      if (bytes) {
        std::vector<std::uint8_t> raw(tensor.values.size());
        file.read(reinterpret_cast<char*>(raw.data()), count);
        tensor.values.assign(raw.begin(), raw.end());
      } else {
        file.read(reinterpret_cast<char*>(tensor.values.data()), count * width);
      }
      if (!file) throw std::runtime_error("it is cut short");
    }
    return tensors;
  } catch (const std::exception& error) {
    throw std::runtime_error(path + ": " + error.what());
  }
}

inline std::string quoted(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result + '"';
}

// Throws std::runtime_error with the file's name.
inline void write_safetensors(const std::string& path, const Tensors& tensors) {
  std::string header = "{";
  std::int64_t offset = 0;
  for (const auto& [name, tensor] : tensors) {
    if (offset > 0) header += ",";
    header += quoted(name) + ":{\"dtype\":\"F32\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i)
      header += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
    const std::int64_t end = offset + 4 * static_cast<std::int64_t>(tensor.values.size());
    header += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(end) + "]}";
    offset = end;
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  const std::uint64_t length = header.size();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length);
  file.write(header.data(), static_cast<std::streamsize>(header.size()));
  for (const auto& [name, tensor] : tensors)
    file.write(reinterpret_cast<const char*>(tensor.values.data()),
               static_cast<std::streamsize>(4 * tensor.values.size()));
  file.close();
  if (!file) throw std::runtime_error(path + ": it cannot be written");
}

}  // namespace incept::standalone
