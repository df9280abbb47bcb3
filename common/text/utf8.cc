// SPDX-License-Identifier: Apache-2.0
// One decoder, DecodeUnit, holds the table of well-formed sequences (Unicode 15, table 3-7); everything else is built
// on it. The validity check adds a fast path for runs of ASCII (eight bytes at a time) and for the three-byte sequences
// of CJK.
#include "common/text/utf8.h"

#include <cstdint>
#include <cstring>

namespace duban {
namespace {

// Size of the well-formed sequence at `p`, 0 if there is none; its value in *value.
size_t DecodeUnit(const unsigned char* p, size_t left, char32_t* value) {
  const unsigned char lead = p[0];
  if (lead < 0x80) {
    *value = lead;
    return 1;
  }
  const auto follows = [&](size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < left && p[i] >= low && p[i] <= high;
  };
  if (lead >= 0xC2 && lead <= 0xDF) {
    if (!follows(1)) return 0;
    *value = (lead & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    if (!follows(1, lead == 0xE0 ? 0xA0 : 0x80, lead == 0xED ? 0x9F : 0xBF) || !follows(2)) return 0;
    *value = (lead & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    return 3;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    if (!follows(1, lead == 0xF0 ? 0x90 : 0x80, lead == 0xF4 ? 0x8F : 0xBF) || !follows(2) || !follows(3)) return 0;
    *value = (lead & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    return 4;
  }
  return 0;
}

const unsigned char* Bytes(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool Within(char32_t c, char32_t low, char32_t high) { return c - low <= high - low; }

}  // namespace

size_t ValidUtf8Prefix(std::string_view text) {
  const unsigned char* p = Bytes(text);
  size_t at = 0;
  while (at < text.size()) {
    if (text.size() - at >= 8) {
      uint64_t word;
      std::memcpy(&word, p + at, 8);
      if ((word & 0x8080808080808080u) == 0) {
        at += 8;
        continue;
      }
    }
    if (Within(p[at], 0xE1, 0xEC) && text.size() - at >= 3 && (p[at + 1] & 0xC0) == 0x80 &&
        (p[at + 2] & 0xC0) == 0x80) {
      at += 3;
      continue;
    }
    char32_t value;
    const size_t size = DecodeUnit(p + at, text.size() - at, &value);
    if (size == 0) break;
    at += size;
  }
  return at;
}

CodePoint DecodeRareAt(std::string_view text, size_t offset) {
  CodePoint c{0, offset, 0};
  c.size = DecodeUnit(Bytes(text) + offset, text.size() - offset, &c.value);
  if (c.size == 0) {
    c.value = kReplacementCharacter;
    c.size = 1;
  }
  return c;
}

CodePoint DecodeBefore(std::string_view text, size_t offset) {
  if (offset == 0) return {};
  for (size_t back = 1; back <= 4 && back <= offset; ++back) {
    const CodePoint c = DecodeAt(text, offset - back);
    if (c.size == back && (back > 1 || c.value != kReplacementCharacter)) return c;
  }
  return {kReplacementCharacter, offset - 1, 1};
}

void AppendUtf8(char32_t value, std::string* out) {
  if (Within(value, 0xD800, 0xDFFF) || value > 0x10FFFF) value = kReplacementCharacter;
  if (value < 0x80) {
    out->push_back(static_cast<char>(value));
    return;
  }
  const auto tail = [&](int shift) { out->push_back(static_cast<char>(0x80 | (value >> shift & 0x3F))); };
  if (value < 0x800) {
    out->push_back(static_cast<char>(0xC0 | value >> 6));
  } else if (value < 0x10000) {
    out->push_back(static_cast<char>(0xE0 | value >> 12));
    tail(6);
  } else {
    out->push_back(static_cast<char>(0xF0 | value >> 18));
    tail(12);
    tail(6);
  }
  tail(0);
}

size_t CountCodePoints(std::string_view text) {
  size_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return count;
}

std::string_view FirstCodePoints(std::string_view text, size_t count) {
  for (size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    if (count-- == 0) return text.substr(0, at);
  }
  return text;
}

bool IsHan(char32_t c) {
  return Within(c, 0x4E00, 0x9FFF) || c == 0x3007 || Within(c, 0x3400, 0x4DBF) || Within(c, 0xF900, 0xFAFF) ||
         Within(c, 0x20000, 0x323AF) || Within(c, 0x2E80, 0x2FD5);
}

bool IsDigit(char32_t c) { return Within(c, '0', '9') || Within(c, 0xFF10, 0xFF19); }

bool IsLatinLetter(char32_t c) {
  return Within(c | 0x20, 'a', 'z') || Within(c, 0xFF21, 0xFF3A) || Within(c, 0xFF41, 0xFF5A);
}

bool IsSpace(char32_t c) {
  if (c < 0x80) return c == ' ' || Within(c, '\t', '\r');
  return c == 0x3000 || c == 0xA0 || c == 0x85 || c == 0xAD || c == 0x1680 || Within(c, 0x2000, 0x200D) ||
         c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x2060 || c == 0xFEFF;
}

bool IsPunctuation(char32_t c) {
  if (c < 0x80) return Within(c, '!', '/') || Within(c, ':', '@') || Within(c, '[', '`') || Within(c, '{', '~');
  return c == 0xB7 || Within(c, 0x2010, 0x2027) || Within(c, 0x2030, 0x205E) || Within(c, 0x3001, 0x3003) ||
         Within(c, 0x3008, 0x3011) || Within(c, 0x3014, 0x301F) || c == 0x30FB || Within(c, 0xFE10, 0xFE6F) ||
         Within(c, 0xFF01, 0xFF0F) || Within(c, 0xFF1A, 0xFF20) || Within(c, 0xFF3B, 0xFF40) ||
         Within(c, 0xFF5B, 0xFF65);
}

std::string_view TrimSpace(std::string_view text) {
  for (CodePoint c = DecodeAt(text, 0); c.size > 0 && IsSpace(c.value); c = DecodeAt(text, 0))
    text.remove_prefix(c.size);
  for (CodePoint c = DecodeBefore(text, text.size()); c.size > 0 && IsSpace(c.value);
       c = DecodeBefore(text, text.size())) {
    text.remove_suffix(c.size);
  }
  return text;
}

std::string WithoutSpace(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const CodePoint& c : CodePoints(text)) {
    if (!IsSpace(c.value)) out.append(text.substr(c.offset, c.size));
  }
  return out;
}

}  // namespace duban
