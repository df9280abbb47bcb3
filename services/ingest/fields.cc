// SPDX-License-Identifier: Apache-2.0
// A metadata line begins with a known label and a colon; each value runs to the next label with a colon, and before
// that label stands a blank, a digit or a bracket (so that 工作时间: inside a value is none). Labels may be spread with
// blanks (索 引 号) and bracketed (【来源】).
#include "services/ingest/fields.h"

#include <algorithm>

#include "common/text/fold.h"
#include "services/ingest/dates.h"

namespace duban {
namespace {

constexpr size_t kLongestLabel = 30;     // bytes without blanks
constexpr size_t kLongestIssuer = 10;    // characters of a paper's number before its year
constexpr size_t kLongestNumber = 5;     // digits of it behind the year
constexpr size_t kLongestBody = 30 * 3;  // bytes of who issues a paper
constexpr std::string_view kBlanks = " \t";

// What stands before a colon, back to the blanks, brackets or colon before it.
struct LabelHit {
  size_t begin = 0;
  const ingest::PageLexicon::Label* label = nullptr;
};

// The known label that ends at `colon`, longest first, blanks inside skipped.
LabelHit LabelBefore(std::string_view line, size_t colon, const ingest::PageLexicon& lexicon) {
  LabelHit best;
  std::string reversed_free;
  for (size_t at = colon; at > 0;) {
    const CodePoint c = DecodeBefore(line, at);
    at = c.offset;
    if (IsSpace(c.value)) continue;
    if (c.value == ':' || reversed_free.size() > kLongestLabel) break;
    if (reversed_free.empty() && (c.value == U'】' || c.value == ']')) continue;
    reversed_free.insert(0, line.substr(c.offset, c.size));
    const CodePoint before = DecodeBefore(line, at);
    const bool free = before.size == 0 || IsSpace(before.value) || IsPunctuation(before.value) || IsDigit(before.value);
    if (!free) continue;
    for (const ingest::PageLexicon::Label& label : lexicon.label()) {
      if (label.word() == reversed_free) best = {at, &label};
    }
  }
  return best;
}

// The label that begins `written`, which is folded, blanks inside left out.
std::string AsWritten(const ingest::PageLexicon::Label& label, std::string_view written) {
  return WithoutSpace(written).substr(0, label.word().size());
}

std::string Value(std::string_view text) {
  text = TrimSpace(text);
  while (!text.empty() && (text.back() == '|' || text.back() == '[' || text.back() == '(')) text.remove_suffix(1);
  for (const std::string_view bracket : {"【", "｜"}) {
    if (text.ends_with(bracket)) text.remove_suffix(bracket.size());
  }
  return std::string(TrimSpace(text));
}

// A page's own stamp, 2024-03-01 10:06:52: numbers alone, without 年 月 日, which papers write.
bool IsDayAndTime(std::string_view text) {
  return text.size() >= 8 && text.size() <= 20 && text.find_first_not_of("0123456789-/.: ") == std::string_view::npos &&
         !FindDate(text).empty();
}

// A day without label behind the source: 来源:某某局 2024-03-01 10:06.
void SplitDay(std::vector<PageField>* fields) {
  PageField& last = fields->back();
  if (last.use != ingest::PageLexicon::Label::SOURCE && last.use != ingest::PageLexicon::Label::PUBLISHER) return;
  for (size_t blank = last.value.find(' '); blank != std::string::npos; blank = last.value.find(' ', blank + 1)) {
    const std::string day(TrimSpace(std::string_view(last.value).substr(blank)));
    if (!IsDayAndTime(day)) continue;
    last.value.resize(blank);
    fields->push_back({"", day, ingest::PageLexicon::Label::PUBLISHED});
    return;
  }
}

const ingest::PageLexicon::Label* FindLabel(std::string_view word, const ingest::PageLexicon& lexicon) {
  const auto label = std::find_if(lexicon.label().begin(), lexicon.label().end(),
                                  [&](const ingest::PageLexicon::Label& known) { return known.word() == word; });
  return label == lexicon.label().end() ? nullptr : &*label;
}

// Whether `text` is a paper's number: 某司〔2023〕5号.
bool IsPaperNumber(std::string_view text) {
  const std::string key = WithoutSpace(text);
  size_t at = 0;
  const auto run = [&](auto is, size_t least, size_t most) {
    size_t count = 0;
    for (CodePoint c = DecodeAt(key, at); c.size > 0 && count < most && is(c.value); c = DecodeAt(key, at)) {
      at += c.size;
      ++count;
    }
    return count >= least;
  };
  const auto bracket = [](char32_t c) {
    return std::u32string_view(U"〔〕[]()【】").find(c) != std::u32string_view::npos;
  };
  const auto number = [](char32_t c) { return c == U'号'; };
  return run(IsHan, 1, kLongestIssuer) && run(bracket, 1, 1) && run(IsDigit, 4, 4) && run(bracket, 1, 1) &&
         run(IsDigit, 1, kLongestNumber) && run(number, 1, 1) && at == key.size();
}

// 某某办公室 2023年1月20日印发; empty for any other line.
std::vector<PageField> ParseImprint(std::string_view written, const FoldedText& folded,
                                    const ingest::PageLexicon& lexicon) {
  std::vector<PageField> fields;
  for (const auto& imprint : lexicon.imprint()) {
    const std::string_view line = TrimSpace(folded.text());
    if (!line.ends_with(imprint.word())) continue;
    const DateMention day = FindDateMention(folded.text());
    const size_t trimmed = static_cast<size_t>(line.data() - folded.text().data());
    if (day.date.empty() || day.end + imprint.word().size() < trimmed + line.size()) continue;
    const size_t begin = folded.ToOriginal(day.begin), end = folded.ToOriginal(day.end);
    const std::string body = Value(written.substr(0, begin));
    if (body.size() > kLongestBody || FindLabel(imprint.day_label(), lexicon) == nullptr) continue;
    if (!body.empty()) fields.push_back({imprint.body_label(), body, ingest::PageLexicon::Label::FIELD});
    fields.push_back({imprint.day_label(), Value(written.substr(begin, end - begin)),
                      FindLabel(imprint.day_label(), lexicon)->use()});
  }
  return fields;
}

std::string_view WithoutBrackets(std::string_view text) {
  text = TrimSpace(text);
  const auto mark = [](char32_t c) { return c == '[' || c == ']' || c == '(' || c == ')' || c == U'【' || c == U'】'; };
  while (!text.empty() && mark(DecodeAt(text, 0).value)) text.remove_prefix(DecodeAt(text, 0).size);
  while (!text.empty() && mark(DecodeBefore(text, text.size()).value)) {
    text.remove_suffix(DecodeBefore(text, text.size()).size);
  }
  return TrimSpace(text);
}

// A stamp without colons: day, time, then labels and values between blanks (2024-03-01 10:06 来源 某某局 字号 大 中
// 小); the day may have a label. Empty for any other line: a label with a day, or a day with a label, makes it a stamp.
std::vector<PageField> ParseWords(std::string_view line, std::string_view written, const ingest::PageLexicon& lexicon) {
  std::vector<PageField> fields;
  if (line.find_first_of("0123456789") == std::string_view::npos) return fields;
  bool label = false, day = false;
  for (size_t at = line.find_first_not_of(kBlanks), end; at < line.size(); at = line.find_first_not_of(kBlanks, end)) {
    end = std::min(line.find_first_of(kBlanks, at), line.size());
    const std::string_view word = line.substr(at, end - at), own = written.substr(at, end - at);
    if (const auto* known = FindLabel(word, lexicon); known != nullptr) {
      fields.push_back({std::string(own), "", known->use()});
      label = true;
    } else if (IsDayAndTime(word) && !day) {
      if (fields.empty()) fields.push_back({"", "", ingest::PageLexicon::Label::PUBLISHED});
      fields.back().value = own;
      day = true;
    } else if (fields.empty()) {
      return {};
    } else if (fields.back().value.empty()) {
      fields.back().value = own;
    }
  }
  if (!label || !day) fields.clear();
  return fields;
}

// Cells of an index table: label, value, label, value.
std::vector<PageField> ParseCells(std::string_view row, std::string_view written, const ingest::PageLexicon& lexicon) {
  std::vector<PageField> fields;
  for (size_t at = 0, end; at < row.size(); at = end + 1) {
    end = std::min(row.find('\t', at), row.size());
    const std::string_view own = written.substr(at, end - at);
    std::string cell = WithoutSpace(Fold(row.substr(at, end - at)));
    if (cell.ends_with(":")) cell.pop_back();
    if (const auto* label = FindLabel(cell, lexicon); label != nullptr) {
      fields.push_back({AsWritten(*label, Fold(own)), "", label->use()});
    } else if (fields.empty()) {
      return {};
    } else if (fields.back().value.empty()) {
      fields.back().value = Value(own);
    }
  }
  return fields;
}

}  // namespace

std::vector<PageField> ParseFields(std::string_view recognised, std::string_view written,
                                   const ingest::PageLexicon& lexicon) {
  if (recognised.find('\t') != std::string_view::npos) {
    if (std::vector<PageField> cells = ParseCells(recognised, written, lexicon); !cells.empty()) return cells;
  }
  std::vector<PageField> fields;
  const FoldedText folded(recognised);
  const std::string& line = folded.text();
  const std::string own = Fold(written);
  size_t value_begin = 0;
  for (size_t colon = line.find(':'); colon != std::string::npos; colon = line.find(':', colon + 1)) {
    const LabelHit hit = LabelBefore(std::string_view(line).substr(0, colon), colon, lexicon);
    if (hit.label == nullptr) continue;
    const size_t lead = folded.ToOriginal(hit.begin);
    if (fields.empty()) {
      // Nothing but brackets, or the day and time of publication, may stand before the first label.
      const std::string_view before = TrimSpace(std::string_view(line).substr(0, hit.begin));
      if (IsDayAndTime(before)) {
        fields.push_back({"", std::string(before), ingest::PageLexicon::Label::PUBLISHED});
      } else if (IsPaperNumber(before)) {
        fields.push_back({lexicon.number_label(), Value(written.substr(0, lead)), ingest::PageLexicon::Label::FIELD});
      } else if (!std::all_of(CodePoints(before).begin(), CodePoints(before).end(),
                              [](const CodePoint& c) { return IsPunctuation(c.value) || IsSpace(c.value); })) {
        return {};
      }
    } else {
      fields.back().value = Value(written.substr(value_begin, lead - value_begin));
    }
    fields.push_back({AsWritten(*hit.label, std::string_view(own).substr(hit.begin)), "", hit.label->use()});
    value_begin = folded.ToOriginal(colon + 1);
  }
  if (!fields.empty()) {
    fields.back().value = Value(written.substr(value_begin));
    SplitDay(&fields);
  }
  if (fields.empty() && IsDayAndTime(WithoutBrackets(line))) {
    fields.push_back({"", std::string(WithoutBrackets(line)), ingest::PageLexicon::Label::PUBLISHED});
  }
  if (fields.empty() && IsPaperNumber(line)) {
    fields.push_back({lexicon.number_label(), Value(written), ingest::PageLexicon::Label::FIELD});
  }
  if (fields.empty()) fields = ParseImprint(written, folded, lexicon);
  return fields.empty() ? ParseWords(line, own, lexicon) : fields;
}

}  // namespace duban
