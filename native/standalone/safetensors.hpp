// Safetensors files: a little-endian u64 n, n bytes of JSON {name: {dtype, shape, data_offsets}},
// the data. Only what is asked for is read. Assumes a little-endian machine, as all that the
// kernels are compiled for are.
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "foreign.hpp"
#include "header.hpp"

namespace incept::standalone {

inline float half_to_float(std::uint16_t bits) {
  const int exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
  std::uint32_t result = static_cast<std::uint32_t>(bits & 0x8000) << 16;
  float value;
  if (exponent == 0) {
    // Zero or subnormal: a multiple of 2^-24, exact in f32.
    value = static_cast<float>(fraction) / 16777216.0f;
    return result == 0 ? value : -value;
  }
  result |= exponent == 31 ? 0x7f800000u : static_cast<std::uint32_t>(exponent + 112) << 23;
  result |= static_cast<std::uint32_t>(fraction) << 13;
  std::memcpy(&value, &result, sizeof value);
  return value;
}

inline float brain_to_float(std::uint16_t bits) {
  const std::uint32_t wide = static_cast<std::uint32_t>(bits) << 16;
  float value;
  std::memcpy(&value, &wide, sizeof value);
  return value;
}

inline bool is_float(const std::string& dtype) {
  return dtype == "F32" || dtype == "F16" || dtype == "BF16" || dtype == "F64";
}

// An open file whose header has been read and found consistent with the file's size.
class TensorFile {
 public:
  // Throws Failure.
  explicit TensorFile(const std::string& path) : path_(path) {
    try {
      open();
    } catch (const Failure& failure) {
      throw Failure(failure.code(), shown(path_) + ": " + failure.what());
    }
  }

  const std::string& path() const { return path_; }
  const std::vector<Entry>& entries() const { return entries_; }

  // Null where there is no such tensor.
  const Entry* find(const std::string& name) const {
    const auto found = index_.find(name);
    return found == index_.end() ? nullptr : &entries_[found->second];
  }

  // The values as f32. The entry is of a float type, or U8.
  std::vector<float> read(const Entry& entry) {
    const std::uint64_t width = bits_of(entry.dtype) / 8;
    std::vector<float> values(static_cast<std::size_t>((entry.end - entry.begin) / width));
    file_.seekg(static_cast<std::streamoff>(data_ + entry.begin));
    if (entry.dtype == "F32")
      fill(values);
    else if (entry.dtype == "F64")
      convert<double>(values, [](double value) { return static_cast<float>(value); });
    else if (entry.dtype == "F16")
      convert<std::uint16_t>(values, half_to_float);
    else if (entry.dtype == "BF16")
      convert<std::uint16_t>(values, brain_to_float);
    else
      convert<std::uint8_t>(values, [](std::uint8_t value) { return static_cast<float>(value); });
    return values;
  }

 private:
  static constexpr std::uint64_t kMostHeaderBytes = 100000000;

  void open() {
    // A pipe or a device is never opened: it would make its reader wait, or never end.
    std::error_code error;
    if (!std::filesystem::exists(path_, error))
      throw Failure("file/not-found", "it does not exist");
    if (!std::filesystem::is_regular_file(path_, error))
      throw Failure("file/not-a-file", "it is not a file");
    file_.open(path_, std::ios::binary);
    const std::uint64_t size = std::filesystem::file_size(path_, error);
    if (!file_ || error) throw Failure("file/unreadable", "it cannot be read");
    if (size == 0) throw Failure("weights/truncated", "it is empty");
    std::string head(static_cast<std::size_t>(std::min<std::uint64_t>(size, kHeadBytes)), '\0');
    bytes(&head[0], head.size());
    if (size < 8) throw Failure("weights/truncated", "it holds not even the length of a header");
    std::uint64_t length;
    std::memcpy(&length, head.data(), sizeof length);
    check_start(head, length, size);
    std::string text(static_cast<std::size_t>(length), '\0');
    file_.seekg(8);
    bytes(&text[0], text.size());
    data_ = 8 + length;
    entries_ = parse_header(text, size - data_);
    for (std::size_t i = 0; i < entries_.size(); ++i) index_[entries_[i].name] = i;
  }

  static void check_start(const std::string& head, std::uint64_t length, std::uint64_t size) {
    const bool fits = length <= kMostHeaderBytes && 8 + length <= size;
    const std::size_t first = head.find_first_not_of(" \t\r\n", 8);
    const bool opens = first != std::string::npos && head[first] == '{';
    const std::string kind = fits && opens ? "" : foreign_kind(head);
    if (!kind.empty())
      throw Failure("weights/format", "it is " + kind + ", and not a safetensors file");
    if (length > kMostHeaderBytes)
      throw Failure("weights/header", "it does not begin as a safetensors file does");
    if (!fits) throw Failure("weights/truncated", "it ends before its header does");
  }

  template <class Stored, class Convert>
  void convert(std::vector<float>& values, Convert&& to_float) {
    std::vector<Stored> piece(std::min<std::size_t>(values.size(), std::size_t(1) << 20));
    for (std::size_t from = 0; from < values.size(); from += piece.size()) {
      const std::size_t count = std::min(piece.size(), values.size() - from);
      bytes(reinterpret_cast<char*>(piece.data()), count * sizeof(Stored));
      for (std::size_t i = 0; i < count; ++i) values[from + i] = to_float(piece[i]);
    }
  }

  void fill(std::vector<float>& values) {
    bytes(reinterpret_cast<char*>(values.data()), values.size() * sizeof(float));
  }

  void bytes(char* to, std::size_t count) {
    file_.read(to, static_cast<std::streamsize>(count));
    if (!file_) throw Failure("weights/truncated", "it became shorter while it was read");
  }

  std::string path_;
  std::ifstream file_;
  std::uint64_t data_ = 0;
  std::vector<Entry> entries_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace incept::standalone
