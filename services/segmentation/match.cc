// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/match.h"

#include <cctype>
#include <string>

#include "common/text/utf8.h"
#include "services/segmentation/years.h"

namespace duban {
namespace {

using segmentation::OutlineLexicon;

// The number that begins at *at, which moves behind it; 0 if there is none or it is no enumerator's (above 99).
int ReadHanNumeral(std::string_view line, size_t* at, const Rules& rules) {
  int values[3];
  int count = 0;
  size_t next = *at;
  while (true) {
    const CodePoint c = DecodeAt(line, next);
    const int value = c.size == 0 ? 0 : rules.NumeralValue(c.value);
    if (value == 0) break;
    if (count == 3) return 0;
    values[count++] = value;
    next = c.offset + c.size;
  }
  *at = next;
  switch (count) {
    case 1:
      return values[0];
    case 2:  // 十一, 二十
      if (values[0] == 10 && values[1] < 10) return 10 + values[1];
      return values[0] < 10 && values[1] == 10 ? values[0] * 10 : 0;
    case 3:  // 二十一
      return values[0] < 10 && values[1] == 10 && values[2] < 10 ? values[0] * 10 + values[2] : 0;
    default:
      return 0;
  }
}

int ReadArabicNumeral(std::string_view line, size_t* at) {
  int value = 0;
  int digits = 0;
  for (CodePoint c = DecodeAt(line, *at); c.size > 0 && IsDigit(c.value); c = DecodeAt(line, *at)) {
    if (++digits > 2) return 0;
    value = value * 10 + static_cast<int>(c.value < 0x80 ? c.value - '0' : c.value - 0xFF10);
    *at += c.size;
  }
  return value;
}

int ReadNumeral(std::string_view line, size_t* at, OutlineLexicon::Numeral form, const Rules& rules) {
  const CodePoint c = DecodeAt(line, *at);
  if (c.size == 0) return 0;
  if (IsDigit(c.value)) return form == OutlineLexicon::HAN ? 0 : ReadArabicNumeral(line, at);
  return form == OutlineLexicon::ARABIC ? 0 : ReadHanNumeral(line, at, rules);
}

size_t SkipBlanks(std::string_view line, size_t at, const Rules& rules) {
  for (CodePoint c = DecodeAt(line, at); c.size > 0 && (rules.ClassOf(c.value) & Rules::kBlank);
       c = DecodeAt(line, at)) {
    at += c.size;
  }
  return at;
}

// Bytes of the frame's prefix at `at`: kNowhere if it is not there.
size_t PrefixSize(std::string_view rest, const OutlineLexicon::Frame& frame) {
  if (frame.prefix().empty()) return 0;
  for (const std::string& prefix : frame.prefix()) {
    if (rest.starts_with(prefix)) return prefix.size();
  }
  return kNowhere;
}

// Whether what stands behind an enumerator's suffix, which begins with a digit, may be words: 12345热线, 10月底前, and
// not the rest of a figure (1.5亿元, 1.5) or of a list (1、2、3).
bool MayBeWords(std::string_view behind, const Rules& rules) {
  size_t at = 0;
  for (CodePoint c = DecodeAt(behind, at); c.size > 0 && IsDigit(c.value); c = DecodeAt(behind, at)) at += c.size;
  const char32_t next = DecodeAt(behind, at).value;
  const bool letter = IsHan(next) || (next < 0x80 && std::isalpha(static_cast<int>(next)) != 0);
  return letter && !StartsWithAny(behind.substr(at), rules.outline().decimal_not_before());
}

enum class Fit { kNo, kDoubtful, kYes };

Fit SuffixFits(std::string_view rest, const std::string& suffix, const OutlineLexicon::Frame& frame, bool arabic,
               const Rules& rules) {
  if (!rest.starts_with(suffix)) return Fit::kNo;
  const std::string_view behind = rest.substr(suffix.size());
  if (StartsWithAny(behind, frame.not_before())) return Fit::kNo;
  const CodePoint next = DecodeAt(behind, 0);
  // 1.5 and 1、2、3 are numbers, so is 亮点2 before a digit; but 3、2025年工作打算 is an item, and （2）10月底前 is.
  if (next.size == 0 || !IsDigit(next.value) || !(arabic || suffix.empty())) return Fit::kYes;
  if (suffix.empty()) return Fit::kNo;
  if (suffix == "）" || suffix == ")") return Fit::kYes;
  if (!YearsIn(behind.substr(0, behind.find("年") + std::string_view("年").size()), rules).empty()) return Fit::kYes;
  // A comma groups the digits of one number (2，000).
  return suffix != "，" && MayBeWords(behind, rules) ? Fit::kDoubtful : Fit::kNo;
}

bool PlaceFits(const OutlineLexicon::Frame& frame, Place place, int number) {
  switch (place) {
    case Place::kLineStart:
      return true;
    case Place::kStop:
    case Place::kBlank:
      return !frame.line_start();
    case Place::kComma:
      return frame.after_comma() && !frame.line_start();
    case Place::kGlued:
      return frame.glued() && number == 1;
    case Place::kInside:
      return false;
  }
  return false;
}

std::optional<Candidate> MatchFrame(std::string_view line, size_t at, Place place, const OutlineLexicon::Frame& frame,
                                    const Rules& rules) {
  const size_t prefix = PrefixSize(line.substr(at), frame);
  if (prefix == kNowhere) return std::nullopt;
  size_t next = SkipBlanks(line, at + prefix, rules);
  const bool arabic = IsDigit(DecodeAt(line, next).value);
  const int number = ReadNumeral(line, &next, frame.numeral(), rules);
  if (number == 0 || !PlaceFits(frame, place, number)) return std::nullopt;
  const size_t behind_number = next;
  next = SkipBlanks(line, next, rules);
  for (const std::string& suffix : frame.suffix()) {
    const Fit fit = SuffixFits(line.substr(next), suffix, frame, arabic, rules);
    if (fit == Fit::kNo || (fit == Fit::kDoubtful && place != Place::kLineStart && place != Place::kStop)) continue;
    Candidate found;
    found.doubtful = fit == Fit::kDoubtful;
    found.begin = at;
    found.end = suffix.empty() ? behind_number : next + suffix.size();
    found.series = static_cast<int16_t>(rules.SeriesOf(frame.series()));
    found.level = static_cast<int8_t>(frame.level());
    found.number = static_cast<int16_t>(number);
    found.sure = frame.sure();
    return found;
  }
  return std::nullopt;
}

std::optional<Candidate> MatchGlyph(std::string_view line, size_t at, Place place, const Rules& rules) {
  if (place == Place::kInside) return std::nullopt;
  const CodePoint c = DecodeAt(line, at);
  for (const OutlineLexicon::Glyphs& glyphs : rules.outline().glyphs()) {
    const char32_t first = DecodeAt(glyphs.first(), 0).value;
    if (c.value < first || c.value >= first + static_cast<char32_t>(glyphs.count())) continue;
    if (place == Place::kGlued && c.value != first) continue;
    Candidate found;
    found.begin = at;
    found.end = at + c.size;
    found.series = static_cast<int16_t>(rules.SeriesOf(glyphs.series()));
    found.level = static_cast<int8_t>(glyphs.level());
    found.number = static_cast<int16_t>(c.value - first + 1);
    return found;
  }
  return std::nullopt;
}

std::optional<Candidate> MatchWord(std::string_view line, size_t at, Place place, const Rules& rules) {
  if (place == Place::kInside || place == Place::kGlued) return std::nullopt;
  const std::string_view rest = line.substr(at);
  for (const OutlineLexicon::Words& words : rules.outline().words()) {
    for (int i = 0; i <= words.word_size(); ++i) {
      const std::string& word = i < words.word_size() ? words.word(i) : words.last();
      if (word.empty() || !rest.starts_with(word)) continue;
      const std::string_view behind = rest.substr(word.size());
      if (!StartsWithAny(behind, words.followed_by())) continue;
      Candidate found;
      found.begin = at;
      found.end = at + word.size();
      found.series = static_cast<int16_t>(rules.SeriesOf(words.series()));
      found.level = static_cast<int8_t>(words.level());
      found.number = static_cast<int16_t>(i < words.word_size() ? i + 1 : 0);
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<Candidate> MatchEnumerator(std::string_view line, size_t at, Place place, const Rules& rules) {
  std::optional<Candidate> found;
  for (const OutlineLexicon::Frame& frame : rules.outline().frames()) {
    if ((found = MatchFrame(line, at, place, frame, rules))) break;
  }
  if (!found) found = MatchGlyph(line, at, place, rules);
  if (!found) found = MatchWord(line, at, place, rules);
  if (found) {
    found->place = place;
    if (place != Place::kLineStart) found->sure = false;
  }
  return found;
}

}  // namespace duban
