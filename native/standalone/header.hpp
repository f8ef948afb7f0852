// The header of a safetensors file, read and checked: every tensor's bytes fit its dtype and shape,
// lie inside the file, overlap no other's, and together fill the file exactly, as the format
// demands. src/checkpoints/safetensors/header.ts checks the same in the same order.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "json.hpp"

namespace incept::standalone {

// `begin` and `end` count from the end of the header.
struct Entry {
  std::string name, dtype;
  std::vector<std::uint64_t> shape;
  std::uint64_t begin, end;
};

// Bits of one element; 0 for a type that nobody knows, which is no reason to refuse the others.
inline std::uint64_t bits_of(const std::string& dtype) {
  static const std::map<std::string, std::uint64_t> known = {
      {"BOOL", 8}, {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8},
      {"I8", 8},   {"F8_E4M3", 8},     {"F8_E5M2", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
      {"U16", 16}, {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"F16", 16},    {"BF16", 16},
      {"U32", 32}, {"I32", 32},        {"F32", 32},    {"C64", 64},    {"U64", 64},
      {"I64", 64}, {"F64", 64},
  };
  const auto found = known.find(dtype);
  return found == known.end() ? 0 : found->second;
}

// `[64, 3, 7, 7]`; of a long list the first sizes.
inline std::string sizes_text(const std::vector<std::uint64_t>& sizes) {
  std::string text = "[";
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (i > 0) text += ", ";
    if (i == 8) return text + "...]";
    text += std::to_string(sizes[i]);
  }
  return text + "]";
}

inline std::vector<std::uint64_t> read_sizes(JsonReader& json) {
  std::vector<std::uint64_t> list;
  json.array([&] {
    // No tensor has a tenth of it, and a header could list fifty million.
    if (list.size() == 1000) throw json.mistake("expected at most 1000 numbers");
    list.push_back(json.size());
  });
  return list;
}

inline Entry read_entry(JsonReader& json, const std::string& name) {
  Entry entry{name, "", {}, 0, 0};
  std::set<std::string> seen;
  std::vector<std::uint64_t> offsets;
  json.object([&](const std::string& key) {
    if (!seen.insert(key).second)
      throw Failure("weights/duplicate", shown(name) + " has the key " + shown(key) + " twice");
    if (key == "dtype")
      entry.dtype = json.string();
    else if (key == "shape")
      entry.shape = read_sizes(json);
    else if (key == "data_offsets")
      offsets = read_sizes(json);
    else
      json.skip();
  });
  for (const char* key : {"dtype", "shape", "data_offsets"})
    if (seen.count(key) == 0)
      throw json.mistake("expected the " + std::string(key) + " of " + shown(name));
  if (offsets.size() != 2) throw json.mistake("expected two data_offsets of " + shown(name));
  entry.begin = offsets[0];
  entry.end = offsets[1];
  return entry;
}

// In the order of the text.
inline std::vector<Entry> read_entries(const std::string& text) {
  JsonReader json(text);
  std::vector<Entry> entries;
  std::set<std::string> seen;
  json.object([&](const std::string& name) {
    if (!seen.insert(name).second)
      throw Failure("weights/duplicate", "it has the tensor " + shown(name) + " twice");
    if (name != "__metadata__")
      entries.push_back(read_entry(json, name));
    else if (!json.is_null())
      json.object([&](const std::string&) { json.string(); });
  });
  json.end();
  return entries;
}

// Whether the offsets span what dtype and shape take; of an unknown dtype only their order is
// known.
inline bool spans(const Entry& entry) {
  if (entry.begin > entry.end) return false;
  std::uint64_t bits = bits_of(entry.dtype);
  if (bits == 0) return true;
  std::uint64_t count = 1;
  for (const std::uint64_t size : entry.shape) {
    if (size != 0 && count > UINT64_MAX / size) return false;
    count *= size;
  }
  if (count > UINT64_MAX / bits) return false;
  bits *= count;
  return bits % 8 == 0 && entry.end - entry.begin == bits / 8;
}

inline void check_extents(std::vector<const Entry*> entries, std::uint64_t data_bytes) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry* a, const Entry* b) {
    return a->begin != b->begin ? a->begin < b->begin : a->end < b->end;
  });
  std::uint64_t end = 0;
  for (const Entry* entry : entries) {
    if (entry->begin < end)
      throw Failure("weights/overlap", shown(entry->name) + " overlaps the tensor before it");
    if (entry->begin > end)
      throw Failure("weights/offsets", "bytes before " + shown(entry->name) + " are no tensor's");
    end = entry->end;
  }
  if (end > data_bytes)
    throw Failure("weights/truncated", "it ends before its last tensor does; was it copied whole?");
  if (end < data_bytes) throw Failure("weights/oversized", "it has bytes after its last tensor");
}

// `data_bytes` is what the file holds after its header.
inline std::vector<Entry> parse_header(const std::string& text, std::uint64_t data_bytes) {
  for (std::size_t at = 0; at < text.size();)
    if (next_character(text, at) < 0) throw Failure("weights/header", "its header is not UTF-8");
  std::vector<Entry> entries = read_entries(text);
  std::vector<const Entry*> all;
  for (const Entry& entry : entries) {
    if (!spans(entry))
      throw Failure("weights/offsets", shown(entry.name) + " is " + shown(entry.dtype) + " " +
                                           sizes_text(entry.shape) +
                                           ", which its data_offsets do not span");
    all.push_back(&entry);
  }
  check_extents(all, data_bytes);
  return entries;
}

}  // namespace incept::standalone
