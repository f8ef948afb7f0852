// JSON (RFC 8259) from left to right, as src/files/json-reader.ts reads it.
#pragma once

#include <cstdint>
#include <string>

#include "failure.hpp"

namespace incept::standalone {

class JsonReader {
 public:
  explicit JsonReader(const std::string& text) : text_(text) {}

  // Calls `member(key)` before each value of an object; it must read the value.
  template <class Member>
  void object(Member&& member) {
    list('{', '}', [&] {
      const std::string key = string();
      expect(':');
      member(key);
    });
  }

  // Calls `item()` before each value of an array; it must read the value.
  template <class Item>
  void array(Item&& item) {
    list('[', ']', item);
  }

  std::string string() {
    expect('"');
    std::string value;
    for (;;) {
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      if (static_cast<unsigned char>(c) < 0x20) throw mistake("expected the rest of a string");
      ++at_;
      if (c == '"') return value;
      if (c == '\\')
        escape(value);
      else
        value += c;
    }
  }

  // A whole number of at least 0 and below 2^64, written without sign, point or exponent.
  std::uint64_t size() {
    space();
    const std::size_t start = at_;
    number();
    std::uint64_t value = 0;
    for (std::size_t i = start; i < at_; ++i) {
      const auto digit = static_cast<unsigned>(text_[i] - '0');
      if (digit > 9 || value > (UINT64_MAX - digit) / 10)
        throw mistake("expected a whole number of at least 0 and below 2^64");
      value = value * 10 + digit;
    }
    return value;
  }

  // Whether a `null` comes, which is then read.
  bool is_null() {
    space();
    return word("null");
  }

  // Reads any value and forgets it.
  void skip() {
    space();
    const char next = at_ < text_.size() ? text_[at_] : '\0';
    if (next == '{')
      object([&](const std::string&) { skip(); });
    else if (next == '[')
      array([&] { skip(); });
    else if (next == '"')
      string();
    else if (!word("true") && !word("false") && !word("null"))
      number();
  }

  // Nothing but space may follow.
  void end() {
    space();
    if (at_ < text_.size()) throw mistake("expected the end");
  }

  Failure mistake(const std::string& what) const {
    return {"weights/header", "its header is not that of a safetensors file: " + what +
                                  " at byte " + std::to_string(at_)};
  }

 private:
  // Deeper nesting is refused: each level takes stack.
  static constexpr int kDeepest = 127;

  template <class Item>
  void list(char open, char close, Item&& item) {
    expect(open);
    if (++depth_ > kDeepest) throw mistake("nested more than 127 deep");
    if (!take(close)) {
      do item();
      while (take(','));
      expect(close);
    }
    --depth_;
  }

  void space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
      ++at_;
  }

  bool take(char c) {
    space();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  void expect(char c) {
    if (!take(c)) throw mistake(std::string("expected ") + c);
  }

  bool word(const char* text) {
    const std::string wanted = text;
    if (text_.compare(at_, wanted.size(), wanted) != 0) return false;
    at_ += wanted.size();
    return true;
  }

  bool digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > start;
  }

  bool here(const char* any) const {
    return at_ < text_.size() && std::string(any).find(text_[at_]) != std::string::npos;
  }

  void number() {
    if (here("-")) ++at_;
    if (here("0"))
      ++at_;
    else if (!digits())
      throw mistake("expected a number");
    if (here(".")) fraction();
    if (here("eE")) exponent();
  }

  void fraction() {
    ++at_;
    if (!digits()) throw mistake("expected a digit");
  }

  void exponent() {
    ++at_;
    if (here("+-")) ++at_;
    if (!digits()) throw mistake("expected a digit");
  }

  // What stands behind a backslash, as UTF-8.
  void escape(std::string& value) {
    static const std::string names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
    if (at_ == text_.size()) throw mistake("expected the rest of a string");
    const char name = text_[at_++];
    const std::size_t known = names.find(name);
    if (known != std::string::npos)
      value += meanings[known];
    else if (name == 'u')
      append(value, character());
    else
      throw mistake("expected a string without wrong escapes");
  }

  // Behind `\u`: one unit of UTF-16, or the two of a surrogate pair.
  std::uint32_t character() {
    const std::uint32_t high = unit();
    if (high < 0xd800 || high >= 0xe000) return high;
    if (high >= 0xdc00 || !word("\\u")) throw mistake("half of a surrogate pair");
    const std::uint32_t low = unit();
    if (low < 0xdc00 || low >= 0xe000) throw mistake("half of a surrogate pair");
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
  }

  std::uint32_t unit() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i, ++at_) {
      static const std::string hex = "0123456789abcdef";
      const char c = at_ < text_.size() ? text_[at_] : '\0';
      const std::size_t digit = hex.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
      if (digit == std::string::npos) throw mistake("expected a string without wrong escapes");
      value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    return value;
  }

  static void append(std::string& text, std::uint32_t code) {
    const auto last = [&](int shift) {
      text += static_cast<char>(0x80 | ((code >> shift) & 0x3f));
    };
    if (code < 0x80) {
      text += static_cast<char>(code);
    } else if (code < 0x800) {
      text += static_cast<char>(0xc0 | code >> 6);
      last(0);
    } else if (code < 0x10000) {
      text += static_cast<char>(0xe0 | code >> 12);
      last(6), last(0);
    } else {
      text += static_cast<char>(0xf0 | code >> 18);
      last(12), last(6), last(0);
    }
  }

  const std::string& text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace incept::standalone
