// SPDX-License-Identifier: Apache-2.0
// services/segmentation/rules.h: the lexicons of this folder in the form in which the scanners use them.
//
//   DUBAN_ASSIGN_OR_RETURN(Rules rules, Rules::Create());
//   if (rules.ClassOf(c) & Rules::kStop) ...
//
// Immutable after Create: safe to call from any thread.

#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/segmentation/cue_index.h"
#include "services/segmentation/lexicon.pb.h"

namespace duban {

class Rules {
 public:
  // Classes of characters, as bits.
  enum Class : uint8_t {
    kStop = 1,      // 。；！？：
    kComma = 2,     // ，、
    kBlank = 4,     // white space within a line, and invisible characters
    kCloser = 8,    // ”）】 stand behind a stop without undoing it
    kTrigger = 16,  // an enumerator may begin here
    kEnd = 32,      // 。！？ ends a sentence
  };

  // With the embedded lexicons. INVALID_ARGUMENT names file and line of a fault in one of them.
  static absl::StatusOr<std::unique_ptr<const Rules>> Create();
  Rules(const Rules&) = delete;
  Rules& operator=(const Rules&) = delete;

  uint8_t ClassOf(char32_t c) const { return c < classes_.size() ? classes_[c] : 0; }

  const segmentation::OutlineLexicon& outline() const { return outline_; }
  const segmentation::RoleLexicon& roles() const { return roles_; }

  // The cues of roles().
  const CueIndex& cues() const { return cues_; }

  // The value of one Chinese numeral character (1 to 10), 0 for any other.
  int NumeralValue(char32_t c) const;

  // The value of one digit of a year as written: 0-9 in any width or a Chinese numeral (二〇二三); -1 for any other.
  int YearDigit(char32_t c) const;

  // All series of enumerators; Candidate::series indexes it.
  const std::vector<std::string>& series() const { return series_; }
  int SeriesOf(std::string_view name) const;

 private:
  Rules() = default;
  absl::Status Compile();
  void Mark(std::string_view characters, uint8_t bits);
  void MarkFirst(std::string_view text, uint8_t bits);

  segmentation::OutlineLexicon outline_;
  segmentation::RoleLexicon roles_;
  CueIndex cues_;
  std::vector<uint8_t> classes_;
  std::vector<char32_t> numerals_;
  std::vector<char32_t> zeros_;
  std::vector<std::string> series_;
};

// Whether one of `words` is the end of `text`, its beginning, or stands in it. The empty word never does.
template <typename Words>
bool EndsWithAny(std::string_view text, const Words& words) {
  for (const auto& word : words) {
    if (!word.empty() && text.ends_with(word)) return true;
  }
  return false;
}
template <typename Words>
bool StartsWithAny(std::string_view text, const Words& words) {
  for (const auto& word : words) {
    if (!word.empty() && text.starts_with(word)) return true;
  }
  return false;
}
template <typename Words>
bool HoldsAny(std::string_view text, const Words& words) {
  for (const auto& word : words) {
    if (!word.empty() && text.find(word) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace duban
