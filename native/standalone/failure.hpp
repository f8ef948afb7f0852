// What goes wrong with a file: a code of docs/errors.md and a sentence.
#pragma once

#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace incept::standalone {

class Failure : public std::runtime_error {
 public:
  Failure(const std::string& code, const std::string& message)
      : std::runtime_error(message), code_(code) {}
  const std::string& code() const { return code_; }

 private:
  std::string code_;
};

// One character of UTF-8 at `at`, which moves behind it; -1 for a byte that starts none.
inline std::int32_t next_character(const std::string& text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  if (first < 0x80) return first;
  const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
  if (first < 0xc2 || first > 0xf4 || text.size() - at < static_cast<std::size_t>(more)) return -1;
  std::int32_t code = first & (0x3f >> more);
  for (int i = 0; i < more; ++i) {
    if ((byte(at + i) & 0xc0) != 0x80) return -1;
    code = code << 6 | (byte(at + i) & 0x3f);
  }
  const std::int32_t least = more == 1 ? 0x80 : more == 2 ? 0x800 : 0x10000;
  if (code < least || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)) return -1;
  at += more;
  return code;
}

// Controls, and what turns a row around or hides in it (general categories Cc, Cf, Zl and Zp).
inline bool is_unprintable(std::int32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xad || (c >= 0x600 && c <= 0x605) ||
         c == 0x61c || c == 0x6dd || c == 0x70f || c == 0x180e || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
         (c >= 0xfff9 && c <= 0xfffb) || (c >= 0xe0000 && c <= 0xe0fff);
}

// A name from a file as a terminal may see it: nothing that it would obey, and not too long.
inline std::string shown(const std::string& name) {
  constexpr std::size_t kLongest = 120;
  std::string text;
  for (std::size_t at = 0; at < name.size();) {
    if (at >= kLongest) return text + "...";
    const std::size_t start = at;
    const std::int32_t code = next_character(name, at);
    if (code >= 0 && !is_unprintable(code)) {
      text.append(name, start, at - start);
      continue;
    }
    char escape[16];
    const std::int32_t value = code < 0 ? static_cast<unsigned char>(name[start]) : code;
    const char* form = value <= 0xff ? "\\x%02x" : value <= 0xffff ? "\\u%04x" : "\\u{%x}";
    std::snprintf(escape, sizeof escape, form, static_cast<unsigned>(value));
    text += escape;
    if (code < 0) at = start + 1;
  }
  return text;
}

}  // namespace incept::standalone
