// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/seen_line.h"

#include <algorithm>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/ingest/fields.h"
#include "services/ingest/words.h"

namespace duban {
namespace {

constexpr size_t kShortLine = 70;       // code points; longer lines are body
constexpr size_t kLongestFields = 300;  // code points of a line of labels and values
constexpr size_t kLabelWithin = 45;     // bytes within which such a line has its first colon

// Several widgets on one line: 打印 收藏 关闭.
bool IsTools(std::string_view line, const ingest::PageLexicon& words) {
  size_t tools = 0;
  while (!(line = TrimSpace(line)).empty()) {
    const size_t size = std::min({line.find(' '), line.find("　"), line.find('\t'), line.size()});
    if (!IsOneOf(Fold(line.substr(0, size)), words.line())) return false;
    line.remove_prefix(size);
    ++tools;
  }
  return tools >= 2;
}

bool IsWidget(const std::string& key, std::string_view line, const ingest::PageLexicon& words) {
  if (IsOneOf(key, words.line())) return true;
  if (EndsWithStop(key)) return false;
  if (LongestAt(key, 0, words.prefix()) > 0) return true;
  // A breadcrumb: two separators or more.
  if (std::count(key.begin(), key.end(), '>') >= 2) return true;
  return IsTools(line, words);
}

}  // namespace

bool EndsWithStop(std::string_view text) {
  const char32_t last = DecodeBefore(TrimSpace(text), TrimSpace(text).size()).value;
  return std::u32string_view(U"。；！;!").find(last) != std::u32string_view::npos;
}

Seen See(const PageLine& line, const ingest::PageLexicon& words, const Simplifier* simplifier) {
  Seen seen{.line = &line, .key = "", .size = 0, .fields = {}};
  const size_t colon = std::min(line.text.find(':'), line.text.find("："));
  if (line.text.size() > (colon < kLabelWithin ? 4 * kLongestFields : 4 * kShortLine)) {
    seen.size = line.text.size() / 3;
    return seen;
  }
  const std::string recognised = simplifier == nullptr ? line.text : simplifier->Simplify(line.text);
  seen.key = WithoutSpace(Fold(recognised));
  seen.size = CountCodePoints(seen.key);
  if (seen.size > (colon < kLabelWithin ? kLongestFields : kShortLine)) {
    seen.key.clear();
    return seen;
  }
  seen.fields = ParseFields(recognised, line.text, words);
  seen.furniture =
      !seen.fields.empty() || IsWidget(seen.key, recognised, words) || LongestAt(seen.key, 0, words.today()) > 0;
  return seen;
}

}  // namespace duban
