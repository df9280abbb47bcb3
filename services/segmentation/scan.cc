// SPDX-License-Identifier: Apache-2.0
// How the scan works
//
// An enumerator stands at the beginning of a line, behind a stop, behind a blank, or (those inside paragraphs) behind a
// comma. The pass keeps what stands before the next character as a Place, reset by every character that is neither
// blank nor a closing quotation mark, and tries the lexicon only where Place and the character's class allow one: a few
// per sentence. One more place is kGlued: directly behind the words of a heading that lost its full stop (…管控一是…).

#include "services/segmentation/scan.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/segmentation/match.h"

namespace duban {
namespace {

constexpr uint32_t kShortestBody = 8;

class Scanner {
 public:
  Scanner(std::string_view text, const Rules& rules, Scan* scan) : text_(text), rules_(rules), scan_(scan) {}

  void ScanLine(size_t begin, size_t end) {
    while (begin < end) {
      const CodePoint c = DecodeAt(text_, begin);
      if (!(rules_.ClassOf(c.value) & Rules::kBlank)) break;
      begin += c.size;
    }
    while (end > begin) {
      const CodePoint c = DecodeBefore(text_.substr(0, end), end);
      if (!(rules_.ClassOf(c.value) & Rules::kBlank)) break;
      end = c.offset;
    }
    if (begin >= end) return;
    line_ = Line{};
    line_.begin = begin;
    line_.end = end;
    place_ = Place::kLineStart;
    in_heading_ = false;
    for (size_t at = begin; at < end;) at = Step(at, end);
    scan_->lines.push_back(line_);
  }

 private:
  // Handles the character at `at`; returns where to go on.
  size_t Step(size_t at, size_t end) {
    const CodePoint c = DecodeAt(text_, at);
    const uint8_t bits = rules_.ClassOf(c.value);
    if (line_.chars == 0) line_.first = c.value;
    if ((bits & Rules::kTrigger) && (place_ != Place::kInside || in_heading_)) {
      if (const size_t behind = Try(at, end, c.value); behind > at) return behind;
    }
    ++line_.chars;
    line_.last = c.value;
    if (bits == 0 || bits == Rules::kTrigger) {
      if (c.value >= 0x4E00 && c.value <= 0x9FFF) ++line_.han;
      place_ = Place::kInside;
      return at + c.size;
    }
    if (bits & Rules::kStop) {
      place_ = Place::kStop;
      if (bits & Rules::kEnd) {
        in_heading_ = false;
        if (line_.first_stop == kNowhere) line_.first_stop = at;
      }
    } else if (bits & Rules::kComma) {
      place_ = Place::kComma;
    } else if (bits & Rules::kBlank) {
      if (place_ == Place::kInside) place_ = Place::kBlank;
    } else if (!(bits & Rules::kCloser) || place_ != Place::kStop) {
      place_ = Place::kInside;
    }
    return at + c.size;
  }

  // Records the enumerator or bracket at `at` and returns where it ends; `at` if there is none.
  size_t Try(size_t at, size_t end, char32_t first) {
    if (first == U'【') return TryBracket(at, end);
    Place place = place_;
    if (place == Place::kInside) {
      const CodePoint before = DecodeBefore(text_, at);
      if (rules_.outline().not_after().find(text_.substr(before.offset, before.size)) != std::string::npos) return at;
      if (!IsHan(before.value) && !(rules_.ClassOf(before.value) & Rules::kCloser)) return at;
      place = Place::kGlued;
    }
    std::optional<Candidate> found = MatchEnumerator(text_.substr(0, end), at, place, rules_);
    if (!found) return at;
    found->line = static_cast<uint32_t>(scan_->lines.size());
    scan_->candidates.push_back(*found);
    for (size_t i = found->begin; i < found->end; i += DecodeAt(text_, i).size) ++line_.chars;
    line_.last = DecodeBefore(text_, found->end).value;
    // Behind a heading's enumerator another may follow at once (1.一是).
    place_ = Place::kStop;
    in_heading_ = found->level < 5 && place != Place::kGlued;
    return found->end;
  }

  size_t TryBracket(size_t at, size_t end) {
    if (place_ != Place::kLineStart && place_ != Place::kStop && place_ != Place::kBlank) return at;
    const std::string_view closer = "】";
    const std::string_view rest = text_.substr(at, std::min<size_t>(end - at, 96));
    const size_t close = rest.find(closer);
    if (close == std::string_view::npos || close <= closer.size()) return at;
    scan_->brackets.push_back(
        {at, at + closer.size(), at + close, at + close + closer.size(), static_cast<uint32_t>(scan_->lines.size())});
    return at;
  }

  std::string_view text_;
  const Rules& rules_;
  Scan* scan_;
  Line line_;
  Place place_ = Place::kLineStart;
  bool in_heading_ = false;  // no sentence has ended since a heading's enumerator
};

}  // namespace

Scan ScanText(std::string_view text, const Rules& rules) {
  Scan scan;
  scan.end = text.size();
  Scanner scanner(text, rules, &scan);
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    scanner.ScanLine(begin, end);
    begin = end + 1;
  }
  // A short paper has short paragraphs.
  const auto is_body = [&scan](const Line& line) {
    return line.chars >= scan.body_chars && line.first_stop != kNowhere;
  };
  if (std::none_of(scan.lines.begin(), scan.lines.end(), is_body)) scan.body_chars = kShortestBody;
  return scan;
}

}  // namespace duban
