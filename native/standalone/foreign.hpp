// Tells other files that are taken for checkpoints by how they start. `inceptc weights` knows the
// same kinds (src/checkpoints/kinds.ts), and how to convert each.
#pragma once

#include <string>

#include "failure.hpp"

namespace incept::standalone {

// How much of a file's start is needed to tell.
constexpr std::size_t kHeadBytes = 512;

// Of a zip archive the first name in it tells what wrote it.
inline std::string zip_kind(const std::string& head) {
  const std::string name = head.size() > 30 ? head.substr(30, 200) : "";
  for (const char* part :
       {"/data.pkl", "/version", "/.format_version", "/byteorder", "/data/", "/.data/", "/code/"})
    if (name.find(part) != std::string::npos) return "a PyTorch checkpoint (zip)";
  if (name.find(".npy") != std::string::npos) return "a NumPy archive";
  return "a zip archive";
}

// Of text and nothing else, how it begins; empty for anything that is not.
inline std::string text_kind(const std::string& head) {
  constexpr const char* kSpace = " \t\n\v\f\r";
  std::size_t end = head.size();
  // The cut may have gone through a character.
  while (end > kHeadBytes - 3 && static_cast<unsigned char>(head[end - 1]) >= 0x80) --end;
  const std::string text = head.substr(0, end);
  for (std::size_t at = 0; at < text.size();) {
    const std::int32_t code = next_character(text, at);
    const bool space = code >= 0x09 && code <= 0x0d;
    if (code < 0x20 && !space) return "";
  }
  const std::size_t start = head.find_first_not_of(kSpace);
  if (start == std::string::npos) return "";
  return "a text that begins with \"" + shown(head.substr(start, 40)) + "\"";
}

// What the file is, with an article; empty where nothing is known. `head` are its first kHeadBytes.
inline std::string foreign_kind(const std::string& head) {
  struct Kind {
    std::string start;
    const char* what;
  };
  static const Kind kinds[] = {
      {{"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9"}, "a PyTorch checkpoint (of before version 1.6)"},
      {{"\x80\x02"}, "a Python pickle"},
      {{"\x80\x03"}, "a Python pickle"},
      {{"\x80\x04"}, "a Python pickle"},
      {{"\x80\x05"}, "a Python pickle"},
      {{"\x93NUMPY"}, "a NumPy array"},
      {{"\x89HDF\r\n\x1a\n"}, "an HDF5 file, as Keras writes"},
      {{"GGUF"}, "a GGUF file"},
      {{"\x1f\x8b"}, "gzip data"},
      {{"\xfd"
        "7zXZ\0",
        6},
       "xz data"},
      {{"BZh"}, "bzip2 data"},
      {{"\x28\xb5\x2f\xfd"}, "zstd data"},
      {{"\x89PNG\r\n"}, "a picture"},
      {{"\xff\xd8\xff"}, "a picture"},
      {{"version https://git-lfs.github.com/spec/"}, "a Git LFS pointer, not the file itself"},
  };
  if (head.compare(0, 4, "PK\x03\x04") == 0) return zip_kind(head);
  if (head.compare(4, 4, "TFL3") == 0) return "a TensorFlow Lite model";
  if (head.compare(0, 3, "\x08\x01\x12") == 0) return "a TensorFlow SavedModel";
  if (head.size() > 2 && head[0] == 0x08 && head[1] >= 0x03 && head[1] <= 0x20 &&
      std::string("\x12\x1a\x22\x2a\x32\x3a\x42").find(head[2]) != std::string::npos)
    return "an ONNX model";
  if (head.size() > 262 && head.compare(257, 5, "ustar") == 0) return "a tar archive";
  for (const Kind& kind : kinds)
    if (head.compare(0, kind.start.size(), kind.start) == 0) return kind.what;
  return text_kind(head);
}

}  // namespace incept::standalone
