// SPDX-License-Identifier: Apache-2.0
// How a charset is told
//
// A byte order mark decides. Without one: text that is valid UTF-8 is UTF-8 (no other charset of Chinese looks like it
// by chance beyond a few characters); text with NUL bytes is UTF-16 if most of its units are ideographs, ASCII or CJK
// punctuation in one of the two byte orders, else binary. What is left is GB18030 or Big5. A page's own word
// (charset=…) is not trusted, as it is often wrong; both are read as pairs of bytes instead. In a Chinese GB text
// nearly every second byte is 0xA1 or above (the rest are rare GBK characters), in Big5 some 40 % are below 0x7F.
#include "services/ingest/charset.h"

#include <fmt/format.h>
#include <unicode/ucnv.h>

#include <memory>
#include <vector>

#include "common/base/status.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr double kGbSecondBytes = 0.85;

absl::Status NotText(std::string_view what) {
  return InvalidField("content", fmt::format("{}, want text in UTF-8, UTF-16, GB18030 or Big5, or HTML", what));
}

// ICU's strict conversion to UTF-8; empty on the first byte that is not of the charset.
absl::StatusOr<std::string> Convert(std::string_view bytes, const char* charset) {
  UErrorCode error = U_ZERO_ERROR;
  const std::unique_ptr<UConverter, decltype(&ucnv_close)> from(ucnv_open(charset, &error), &ucnv_close);
  if (U_FAILURE(error)) return absl::InternalError(fmt::format("ICU: {}: {}", charset, u_errorName(error)));
  ucnv_setToUCallBack(from.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
  std::string out;
  out.reserve(bytes.size() * 3 / 2);
  std::vector<UChar> buffer(8192);
  const char* source = bytes.data();
  const char* const end = source + bytes.size();
  char16_t lead = 0;
  do {
    UChar* target = buffer.data();
    error = U_ZERO_ERROR;
    ucnv_toUnicode(from.get(), &target, buffer.data() + buffer.size(), &source, end, nullptr, true, &error);
    if (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR) {
      return NotText(fmt::format("byte {} is not {}", source - bytes.data(), charset));
    }
    for (const UChar* p = buffer.data(); p < target; ++p) {
      if (U16_IS_LEAD(*p)) {
        lead = *p;
      } else {
        AppendUtf8(U16_IS_TRAIL(*p) ? U16_GET_SUPPLEMENTARY(lead, *p) : *p, &out);
      }
    }
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  return out;
}

// Share of plausible units if `bytes` were UTF-16 with the high byte at `high` (0 or 1).
double Utf16Share(std::string_view bytes, size_t high) {
  size_t plausible = 0;
  const size_t units = std::min<size_t>(bytes.size() / 2, 4096);
  for (size_t i = 0; i < units; ++i) {
    const auto hi = static_cast<unsigned char>(bytes[2 * i + high]);
    const auto lo = static_cast<unsigned char>(bytes[2 * i + 1 - high]);
    plausible += (hi >= 0x4E && hi <= 0x9F) || (hi == 0 && (lo >= ' ' || lo == '\n' || lo == '\r' || lo == '\t')) ||
                 hi == 0x30 || hi == 0xFF || hi == 0x20;
  }
  return units == 0 ? 0 : static_cast<double>(plausible) / static_cast<double>(units);
}

bool LooksLikeGb(std::string_view bytes) {
  size_t pairs = 0, high = 0;
  for (size_t i = 0; i + 1 < bytes.size(); ++i) {
    if (static_cast<unsigned char>(bytes[i]) < 0x81) continue;
    ++i;
    ++pairs;
    high += static_cast<unsigned char>(bytes[i]) >= 0xA1;
  }
  return static_cast<double>(high) >= kGbSecondBytes * static_cast<double>(pairs);
}

// Whether valid UTF-8 has two ideographs: then it is no other charset that begins like UTF-8 by chance.
bool HasIdeographs(std::string_view text) {
  int ideographs = 0;
  for (const CodePoint& c : CodePoints(text)) {
    ideographs += IsHan(c.value);
    if (ideographs == 2) return true;
  }
  return false;
}

// Whether decoded text has the control characters of binary data.
bool HasBinary(std::string_view text) {
  size_t controls = 0;
  for (const char c : text) {
    if (c == '\0') return true;
    controls += static_cast<unsigned char>(c) < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != '\v';
  }
  return controls * 100 > text.size();
}

absl::StatusOr<DecodedText> Utf16(std::string_view bytes, const char* charset) {
  DUBAN_ASSIGN_OR_RETURN(std::string text, Convert(bytes, charset));
  return DecodedText{std::move(text), charset};
}

absl::StatusOr<DecodedText> DecodeUnchecked(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xEF\xBB\xBF") bytes.remove_prefix(3);
  if (bytes.substr(0, 2) == "\xFF\xFE") return Utf16(bytes.substr(2), "UTF-16LE");
  if (bytes.substr(0, 2) == "\xFE\xFF") return Utf16(bytes.substr(2), "UTF-16BE");
  if (bytes.find('\0') != std::string_view::npos) {
    if (bytes.size() % 2 == 0 && Utf16Share(bytes, 1) > 0.95) return Utf16(bytes, "UTF-16LE");
    if (bytes.size() % 2 == 0 && Utf16Share(bytes, 0) > 0.95) return Utf16(bytes, "UTF-16BE");
    return NotText("binary data (NUL bytes)");
  }
  const size_t valid = ValidUtf8Prefix(bytes);
  if (valid == bytes.size()) return DecodedText{std::string(bytes), "UTF-8"};
  if (HasIdeographs(bytes.substr(0, valid))) return NotText(fmt::format("UTF-8 that breaks at byte {}", valid));
  const bool gb = LooksLikeGb(bytes);
  for (const char* charset : {gb ? "GB18030" : "Big5", gb ? "Big5" : "GB18030"}) {
    absl::StatusOr<std::string> text = Convert(bytes, charset);
    if (text.ok()) return DecodedText{*std::move(text), charset};
  }
  return NotText(fmt::format("byte {} is not UTF-8 and the whole is neither GB18030 nor Big5", valid));
}

}  // namespace

absl::StatusOr<DecodedText> DecodeText(std::string_view bytes) {
  DUBAN_ASSIGN_OR_RETURN(DecodedText decoded, DecodeUnchecked(bytes));
  if (HasBinary(decoded.text)) return NotText("binary data (control characters)");
  if (TrimSpace(decoded.text).empty()) return NotText("blank text");
  return decoded;
}

}  // namespace duban
