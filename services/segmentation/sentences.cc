// SPDX-License-Identifier: Apache-2.0
#include "services/segmentation/sentences.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {
namespace {

class SentenceSplitter {
 public:
  SentenceSplitter(std::string_view text, const std::vector<Node>& nodes, const Rules& rules, v1::Outline* outline)
      : text_(text), nodes_(nodes), rules_(rules), outline_(outline) {}

  void AddLine(const Line& line) {
    size_t begin = line.begin;
    bool ended = false;
    for (size_t at = line.begin; at < line.end;) {
      if (next_ < nodes_.size() && nodes_[next_].begin <= at) {
        const Node& node = nodes_[next_];
        const bool bracket = node.kind == NodeKind::kBracket && node.begin == at;
        Add(begin, bracket ? DecodeBefore(text_, at).offset : at);
        begin = at = Enter(at);
        if (bracket) begin = at = std::max(at, AddBracketHeading(node));
        ended = false;
        continue;
      }
      const CodePoint c = DecodeAt(text_, at);
      const uint8_t bits = rules_.ClassOf(c.value);
      if (ended && !(bits & (Rules::kCloser | Rules::kEnd))) {
        Add(begin, at);
        begin = at;
        ended = false;
      }
      ended |= (bits & Rules::kEnd) != 0;
      at += c.size;
    }
    Add(begin, line.end);
  }

 private:
  // Makes the nodes that begin at or before `at` current; returns the byte behind the last one's marker.
  size_t Enter(size_t at) {
    size_t behind = at;
    for (; next_ < nodes_.size() && nodes_[next_].begin <= at; ++next_) {
      current_ = static_cast<int>(next_);
      behind = std::max(behind, nodes_[next_].marker_end);
    }
    return behind;
  }

  // The heading in 【】 is a sentence of its own; returns the byte behind its 】.
  size_t AddBracketHeading(const Node& node) {
    Add(node.heading_begin, node.heading_end);
    return node.heading_end + DecodeAt(text_, node.heading_end).size;
  }

  void Add(size_t begin, size_t end) {
    while (begin < end && (rules_.ClassOf(DecodeAt(text_, begin).value) & (Rules::kBlank | Rules::kComma))) {
      begin += DecodeAt(text_, begin).size;
    }
    while (end > begin && (rules_.ClassOf(DecodeBefore(text_, end).value) & Rules::kBlank)) {
      end = DecodeBefore(text_, end).offset;
    }
    if (begin >= end) return;
    int section = current_;
    while (section >= 0 && nodes_[static_cast<size_t>(section)].end <= begin) {
      section = nodes_[static_cast<size_t>(section)].parent;
    }
    v1::Sentence* sentence = outline_->add_sentences();
    sentence->mutable_span()->set_begin(static_cast<int32_t>(begin));
    sentence->mutable_span()->set_end(static_cast<int32_t>(end));
    if (section >= 0) sentence->set_section(outline_->sections(section).id());
  }

  std::string_view text_;
  const std::vector<Node>& nodes_;
  const Rules& rules_;
  v1::Outline* outline_;
  size_t next_ = 0;
  int current_ = -1;
};

}  // namespace

void AddSentences(std::string_view text, const Scan& scan, const std::vector<Node>& nodes, const Rules& rules,
                  v1::Outline* outline) {
  SentenceSplitter splitter(text, nodes, rules, outline);
  for (const Line& line : scan.lines) splitter.AddLine(line);
}

}  // namespace duban
