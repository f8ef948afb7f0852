// Writes tensors of f32 as a safetensors file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "failure.hpp"

namespace incept::standalone {

struct Tensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;
};

// Names are those of a network's outputs, which are identifiers.
inline std::string header_of(const std::vector<Tensor>& tensors) {
  std::string header = "{", separator;
  std::uint64_t offset = 0;
  for (const Tensor& tensor : tensors) {
    header += separator + "\"" + tensor.name + "\":{\"dtype\":\"F32\",\"shape\":[";
    for (std::size_t i = 0; i < tensor.shape.size(); ++i)
      header += (i > 0 ? "," : "") + std::to_string(tensor.shape[i]);
    const std::uint64_t end = offset + sizeof(float) * tensor.values.size();
    header += "],\"data_offsets\":[" + std::to_string(offset) + "," + std::to_string(end) + "]}";
    offset = end;
    separator = ",";
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  return header;
}

inline void write_to(const std::string& path, const std::vector<Tensor>& tensors) {
  const std::string header = header_of(tensors);
  const std::uint64_t length = header.size();
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(&length), sizeof length);
  file.write(header.data(), static_cast<std::streamsize>(header.size()));
  for (const Tensor& tensor : tensors)
    file.write(reinterpret_cast<const char*>(tensor.values.data()),
               static_cast<std::streamsize>(sizeof(float) * tensor.values.size()));
  file.close();
  if (!file) throw Failure("file/cannot-write", shown(path) + " cannot be written");
}

// Beside the file and then renamed: a reader sees the old file or the new one, never half of it. A
// device or a pipe takes the bytes as they are. Throws Failure.
inline void write_safetensors(const std::string& path, const std::vector<Tensor>& tensors) {
  std::error_code error;
  const bool present = std::filesystem::exists(path, error);
  if (present && !std::filesystem::is_regular_file(path, error)) return write_to(path, tensors);
  const std::string place = present ? std::filesystem::canonical(path, error).string() : path;
  const std::string beside = place + "." + std::to_string(std::random_device()()) + ".tmp";
  try {
    write_to(beside, tensors);
    std::filesystem::rename(beside, place);
  } catch (const std::exception&) {
    std::filesystem::remove(beside, error);
    throw Failure("file/cannot-write", shown(path) + " cannot be written");
  }
}

}  // namespace incept::standalone
