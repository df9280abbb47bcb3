// SPDX-License-Identifier: Apache-2.0
// How a list of contents is told
//
// Its lines stand together, and each ends with the number of a page behind a row of dots, or behind a blank if its
// words are a line of the text below. Without pages (a web page lost them) three numbered lines in a row that all come
// again as lines below are a list of contents, too. One such line alone is none: 合计……12 is a figure.

#include "services/segmentation/contents.h"

#include <unordered_map>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr uint32_t kLongestEntry = 60;
constexpr size_t kLongestPage = 3;
constexpr size_t kFewestPages = 2;
constexpr size_t kFewestAgain = 3;
constexpr size_t kFewestDots = 3;

enum class Entry : uint8_t {
  kNone,
  kMaybe,  // a number behind a blank: a page if its neighbours have pages
  kPage,
  kAgain,  // no page, but the same line stands below
};

// A line's end: its page, and what leads to it.
struct Tail {
  size_t words_end = 0;  // of what stands before it
  bool page = false;
  bool dotted = false;
};

bool IsDot(char32_t c) { return c == U'.' || c == U'…' || c == U'·' || c == U'．' || c == U'⋯' || c == U'‥'; }

Tail TailOf(std::string_view words, const Rules& rules) {
  Tail tail;
  size_t at = words.size();
  size_t digits = 0;
  for (CodePoint c = DecodeBefore(words, at); at > 0 && IsDigit(c.value); c = DecodeBefore(words, at)) {
    at = c.offset;
    ++digits;
  }
  if (digits == 0 || digits > kLongestPage) return tail;
  const size_t page = at;
  size_t dots = 0;
  for (CodePoint c = DecodeBefore(words, at); at > 0; c = DecodeBefore(words, at)) {
    if (!IsDot(c.value) && !(rules.ClassOf(c.value) & Rules::kBlank)) break;
    if (IsDot(c.value)) dots += c.value == U'…' ? kFewestDots : 1;
    at = c.offset;
  }
  tail.words_end = at;
  tail.page = at > 0 && at < page && (dots == 0 || dots >= kFewestDots);
  tail.dotted = tail.page && dots > 0;
  return tail;
}

class ContentsFinder {
 public:
  ContentsFinder(std::string_view text, const Scan& scan, const Rules& rules)
      : text_(text), scan_(scan), rules_(rules), numbered_(scan.lines.size(), false) {
    for (const Candidate& c : scan.candidates) {
      if (c.place == Place::kLineStart) numbered_[c.line] = true;
    }
    for (size_t i = 0; i < scan.lines.size(); ++i) {
      if (IsShort(i)) last_[Words(i)] = i;
    }
  }

  std::vector<bool> Run() const {
    std::vector<bool> listed(scan_.lines.size(), false);
    for (size_t i = 0; i < scan_.lines.size();) {
      size_t pages = 0;
      size_t again = 0;
      size_t end = i;
      for (; end < scan_.lines.size(); ++end) {
        const Entry entry = EntryOf(end);
        if (entry == Entry::kNone) break;
        pages += entry == Entry::kPage;
        again += entry == Entry::kAgain;
      }
      if (pages >= kFewestPages || pages + again >= kFewestAgain) {
        for (size_t k = i; k < end; ++k) listed[k] = true;
      }
      i = end + 1;
    }
    return listed;
  }

 private:
  std::string_view Words(size_t i) const {
    return text_.substr(scan_.lines[i].begin, scan_.lines[i].end - scan_.lines[i].begin);
  }

  bool IsShort(size_t i) const {
    return scan_.lines[i].chars <= kLongestEntry && scan_.lines[i].first_stop == kNowhere;
  }

  bool StandsBelow(std::string_view words, size_t i) const {
    const auto found = last_.find(words);
    return found != last_.end() && found->second > i;
  }

  Entry EntryOf(size_t i) const {
    if (!IsShort(i)) return Entry::kNone;
    const std::string_view words = Words(i);
    const Tail tail = TailOf(words, rules_);
    if (tail.dotted || (tail.page && StandsBelow(words.substr(0, tail.words_end), i))) return Entry::kPage;
    if (numbered_[i] && tail.page) return Entry::kMaybe;
    return numbered_[i] && StandsBelow(words, i) ? Entry::kAgain : Entry::kNone;
  }

  std::string_view text_;
  const Scan& scan_;
  const Rules& rules_;
  std::vector<bool> numbered_;                         // lines that begin with an enumerator
  std::unordered_map<std::string_view, size_t> last_;  // the last line with these words
};

}  // namespace

std::vector<bool> ContentsLines(std::string_view text, const Scan& scan, const Rules& rules) {
  return ContentsFinder(text, scan, rules).Run();
}

}  // namespace duban
