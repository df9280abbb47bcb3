// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/language.h"

#include <unicode/uscript.h>

#include <algorithm>
#include <map>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr int kLettersOfAWord = 3;  // letters of an alphabet that say as much as one ideograph
constexpr int kKanaShare = 10;      // one of so many characters makes ideographs Japanese

UScriptCode ScriptOf(char32_t c) {
  UErrorCode error = U_ZERO_ERROR;
  const UScriptCode script = uscript_getScript(static_cast<UChar32>(c), &error);
  return U_SUCCESS(error) ? script : USCRIPT_UNKNOWN;
}

std::map<UScriptCode, int> CountScripts(std::string_view text) {
  std::map<UScriptCode, int> counts;
  int han = 0, latin = 0;
  for (const CodePoint& c : CodePoints(text)) {
    if (IsHan(c.value)) {
      ++han;
    } else if (c.value < 0x80) {
      latin += (c.value | 0x20) >= 'a' && (c.value | 0x20) <= 'z';
    } else {
      ++counts[ScriptOf(c.value)];
    }
  }
  counts[USCRIPT_HAN] += han;
  counts[USCRIPT_LATIN] += latin;
  for (const UScriptCode none : {USCRIPT_COMMON, USCRIPT_INHERITED, USCRIPT_UNKNOWN}) counts.erase(none);
  return counts;
}

}  // namespace

std::string TellLanguage(std::string_view text, bool traditional) {
  std::map<UScriptCode, int> counts = CountScripts(text);
  const int han = counts[USCRIPT_HAN];
  const int kana = counts[USCRIPT_HIRAGANA] + counts[USCRIPT_KATAKANA];
  if (kana > 0 && kana * kKanaShare >= han + kana) {
    counts[USCRIPT_HIRAGANA] = han + kana;
    counts[USCRIPT_HAN] = counts[USCRIPT_KATAKANA] = 0;
  }
  for (auto& [script, count] : counts) {
    if (script != USCRIPT_HAN && script != USCRIPT_HIRAGANA) count /= kLettersOfAWord;
  }
  const auto most =
      std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most->second == 0) return "und";
  switch (most->first) {
    case USCRIPT_HAN:
      return traditional ? "zh-Hant" : "zh-Hans";
    case USCRIPT_HIRAGANA:
      return "ja";
    case USCRIPT_HANGUL:
      return "ko";
    case USCRIPT_TIBETAN:
      return "bo";
    default:
      return std::string("und-") + uscript_getShortName(most->first);
  }
}

}  // namespace duban
