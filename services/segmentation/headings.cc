// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/headings.h"

#include <algorithm>
#include <utility>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr std::string_view kClauseMarks = "，。；：！？,;:!?";
constexpr std::string_view kSentenceMarks = "。；！？;!?";
constexpr size_t kLongLabel = 20;     // characters before a colon that can be a heading
constexpr size_t kLongSentence = 40;  // characters of a first sentence that is more than a heading
constexpr size_t kBodyBehindBlank = 30;

bool IsOneOf(std::string_view marks, std::string_view c) {
  return !c.empty() && marks.find(c) != std::string_view::npos;
}

size_t FirstMark(std::string_view text, size_t begin, size_t end, std::string_view marks) {
  for (size_t at = begin; at < end;) {
    const CodePoint c = DecodeAt(text, at);
    if (IsOneOf(marks, text.substr(at, c.size))) return at;
    at += std::max<size_t>(c.size, 1);
  }
  return end;
}

// Where a heading that runs into its body without a full stop ends: 统筹推进　全年召开会议3次，….
size_t EndAtBlank(std::string_view text, size_t begin, size_t stop, const Rules& rules) {
  for (size_t at = begin; at < stop;) {
    const CodePoint c = DecodeAt(text, at);
    if ((rules.ClassOf(c.value) & Rules::kBlank) && at > begin + 9) {
      const std::string_view rest = TrimSpace(text.substr(at, stop - at));
      const bool clauses = FirstMark(rest, 0, rest.size(), "，,、") < rest.size();
      return clauses && CountCodePoints(rest) > kBodyBehindBlank ? at : stop;
    }
    at += std::max<size_t>(c.size, 1);
  }
  return stop;
}

// The first ASCII full stop between an ideograph and an ideograph or a blank.
size_t AsciiStop(std::string_view text, size_t begin, size_t end) {
  for (size_t at = text.substr(0, end).find('.', begin); at < end; at = text.substr(0, end).find('.', at + 1)) {
    const CodePoint next = DecodeAt(text, at + 1);
    if (at > begin && IsHan(DecodeBefore(text, at).value) && (IsHan(next.value) || IsSpace(next.value))) return at;
  }
  return end;
}

size_t SentenceEnd(std::string_view text, size_t begin, size_t end, const Rules& rules) {
  size_t stop = FirstMark(text, begin, end, kSentenceMarks);
  stop = AsciiStop(text, begin, stop);
  const size_t colon = FirstMark(text, begin, stop, "：:");
  if (colon < stop && colon > begin && CountCodePoints(text.substr(begin, colon - begin)) <= kLongLabel &&
      CountCodePoints(text.substr(begin, stop - begin)) > kLongSentence) {
    return colon;
  }
  return stop < end ? EndAtBlank(text, begin, stop, rules) : stop;
}

size_t SkipLead(std::string_view text, size_t at, size_t end, const Rules& rules) {
  while (at < end) {
    const CodePoint c = DecodeAt(text, at);
    if (!(rules.ClassOf(c.value) & (Rules::kBlank | Rules::kComma)) && c.value != U'：' && c.value != U':') break;
    at += c.size;
  }
  return at;
}

}  // namespace

size_t ClauseEnd(std::string_view text, size_t begin, size_t end) { return FirstMark(text, begin, end, kClauseMarks); }

std::string_view WithoutNote(std::string_view heading) {
  for (const auto& [open, close] : {std::pair<std::string_view, std::string_view>{"（", "）"}, {"(", ")"}}) {
    if (!heading.ends_with(close)) continue;
    const size_t at = heading.rfind(open);
    if (at != std::string_view::npos && at > 0) return TrimSpace(heading.substr(0, at));
  }
  return heading;
}

std::vector<Node> NumberedNodes(std::string_view text, const Scan& scan, const std::vector<Enumerator>& enumerators,
                                const Rules& rules) {
  std::vector<Node> nodes;
  nodes.reserve(enumerators.size());
  for (size_t i = 0; i < enumerators.size(); ++i) {
    const Candidate& c = scan.candidates[enumerators[i].candidate];
    size_t end = scan.lines[c.line].end;
    if (i + 1 < enumerators.size()) end = std::min(end, scan.candidates[enumerators[i + 1].candidate].begin);
    Node node;
    node.kind = NodeKind::kNumbered;
    node.begin = c.begin;
    node.marker_end = c.end;
    node.level = c.level;
    node.number = c.number;
    node.chain = enumerators[i].chain;
    node.heading_begin = std::min(SkipLead(text, c.end, end, rules), end);
    node.heading_end =
        c.level == 5 ? ClauseEnd(text, node.heading_begin, end) : SentenceEnd(text, node.heading_begin, end, rules);
    while (node.heading_end > node.heading_begin) {
      const CodePoint last = DecodeBefore(text, node.heading_end);
      if (!(rules.ClassOf(last.value) & (Rules::kBlank | Rules::kComma | Rules::kStop))) break;
      node.heading_end = last.offset;
    }
    if (node.heading_end == node.heading_begin) node.heading_begin = node.heading_end = c.end;
    nodes.push_back(node);
  }
  return nodes;
}

}  // namespace duban
