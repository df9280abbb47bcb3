// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/rules.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "common/text/utf8.h"
#include "embedded/outline.textproto.h"
#include "embedded/roles.textproto.h"

namespace duban {

using segmentation::OutlineLexicon;

absl::StatusOr<std::unique_ptr<const Rules>> Rules::Create() {
  std::unique_ptr<Rules> rules(new Rules);
  DUBAN_RETURN_IF_ERROR(ParseLexiconInto("outline.textproto", embedded::outline_textproto, &rules->outline_));
  DUBAN_RETURN_IF_ERROR(ParseLexiconInto("roles.textproto", embedded::roles_textproto, &rules->roles_));
  DUBAN_RETURN_IF_ERROR(rules->Compile());
  return std::unique_ptr<const Rules>(std::move(rules));
}

absl::Status Rules::Compile() {
  classes_.assign(0x10000, 0);
  Mark("。！？!?", kStop | kEnd);
  Mark("；：;:", kStop);
  Mark("，、,", kComma);
  Mark(" \t\r\u00A0\u3000\uFEFF\u200B", kBlank);
  for (char32_t c = 0x2000; c <= 0x200D; ++c) classes_[c] |= kBlank;
  Mark("”’」』》】）)\"", kCloser);
  for (const CodePoint& c : CodePoints(outline_.han_numerals())) numerals_.push_back(c.value);
  for (const CodePoint& c : CodePoints(outline_.han_zeros())) zeros_.push_back(c.value);
  if (numerals_.size() != 10) return absl::InvalidArgumentError("outline.textproto: han_numerals: want ten characters");
  Mark(outline_.han_numerals(), kTrigger);
  Mark("0123456789０１２３４５６７８９【", kTrigger);
  for (const OutlineLexicon::Frame& frame : outline_.frames()) {
    for (const std::string& prefix : frame.prefix()) MarkFirst(prefix, kTrigger);
    if (SeriesOf(frame.series()) < 0) series_.push_back(frame.series());
  }
  for (const OutlineLexicon::Glyphs& glyphs : outline_.glyphs()) {
    const char32_t first = DecodeAt(glyphs.first(), 0).value;
    for (char32_t c = first; c < first + static_cast<char32_t>(glyphs.count()) && c < classes_.size(); ++c) {
      classes_[c] |= kTrigger;
    }
    if (SeriesOf(glyphs.series()) < 0) series_.push_back(glyphs.series());
  }
  for (const OutlineLexicon::Words& words : outline_.words()) {
    for (const std::string& word : words.word()) MarkFirst(word, kTrigger);
    MarkFirst(words.last(), kTrigger);
    if (SeriesOf(words.series()) < 0) series_.push_back(words.series());
  }
  if (outline_.decimal_series_size() != 3) {
    return absl::InvalidArgumentError("outline.textproto: decimal_series: want three");
  }
  series_.insert(series_.end(), outline_.decimal_series().begin(), outline_.decimal_series().end());
  return cues_.Build(roles_);
}

void Rules::Mark(std::string_view characters, uint8_t bits) {
  for (const CodePoint& c : CodePoints(characters)) {
    if (c.value < classes_.size()) classes_[c.value] |= bits;
  }
}

void Rules::MarkFirst(std::string_view text, uint8_t bits) {
  if (!text.empty()) Mark(text.substr(0, DecodeAt(text, 0).size), bits);
}

int Rules::NumeralValue(char32_t c) const {
  const auto at = std::find(numerals_.begin(), numerals_.end(), c);
  return at == numerals_.end() ? 0 : static_cast<int>(at - numerals_.begin()) + 1;
}

int Rules::YearDigit(char32_t c) const {
  if (IsDigit(c)) return static_cast<int>(c < 0x80 ? c - '0' : c - 0xFF10);
  if (std::find(zeros_.begin(), zeros_.end(), c) != zeros_.end()) return 0;
  const int value = NumeralValue(c);
  return value >= 1 && value <= 9 ? value : -1;
}

int Rules::SeriesOf(std::string_view name) const {
  const auto at = std::find(series_.begin(), series_.end(), name);
  return at == series_.end() ? -1 : static_cast<int>(at - series_.begin());
}

}  // namespace duban
