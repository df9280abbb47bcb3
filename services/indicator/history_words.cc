// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/history_words.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/history.textproto.h"
#include "services/indicator/history.pb.h"

namespace duban {
namespace {

enum Tag : uint64_t { kNarrowing = 1, kWhole = 2, kYear = 4, kReal = 8, kConstantPrices = 16 };

// A long sentence's evidence is cut in front of its figure: it still holds this many bytes there.
constexpr size_t kFront = kEvidenceBytesBefore;

void AddLines(const google::protobuf::RepeatedPtrField<std::string>& lines, Tag tag, WordTable* table) {
  for (const std::string& line : lines) {
    for (size_t pos = 0; pos < line.size();) {
      const size_t end = std::min(line.find(' ', pos), line.size());
      if (end > pos) table->Add(std::string_view(line).substr(pos, end - pos), tag);
      pos = end + 1;
    }
  }
}

// Where the figure stands in its evidence: where its span says, or, of an indicator without spans, where a number
// begins that reads so (5件 is not in 15件); 0 if it does not stand there.
size_t PlaceInEvidence(const v1::Indicator& indicator) {
  const std::string& evidence = indicator.evidence();
  const std::string& text = indicator.quantity().text();
  if (text.empty()) return 0;
  const int32_t lead = indicator.span().begin() - indicator.sentence().begin();
  if (indicator.has_span() && indicator.has_sentence() && lead >= 0) {
    const size_t expected = std::min(static_cast<size_t>(lead), kFront);
    // The cut goes to the next character's begin.
    for (size_t at = expected; at + 4 > expected; --at) {
      if (at <= evidence.size() && evidence.compare(at, text.size(), text) == 0) return at;
      if (at == 0) break;
    }
  }
  const auto goes_on = [&](size_t at) {
    return at > 0 && ((evidence[at - 1] >= '0' && evidence[at - 1] <= '9') || evidence[at - 1] == '.');
  };
  size_t at = evidence.find(text);
  while (at != std::string::npos && goes_on(at)) at = evidence.find(text, at + 1);
  return at == std::string::npos ? 0 : at;
}

}  // namespace

absl::StatusOr<HistoryWords> HistoryWords::Create() {
  DUBAN_ASSIGN_OR_RETURN(const v1::HistoryLexicon lexicon,
                         ParseLexicon<v1::HistoryLexicon>("history.textproto", embedded::history_textproto));
  HistoryWords words;
  AddLines(lexicon.narrowing(), kNarrowing, &words.table_);
  AddLines(lexicon.whole(), kWhole, &words.table_);
  AddLines(lexicon.year(), kYear, &words.table_);
  AddLines(lexicon.real(), kReal, &words.table_);
  AddLines(lexicon.constant_prices(), kConstantPrices, &words.table_);
  return words;
}

bool HistoryWords::IsReal(std::string_view label, std::string_view words) const {
  return table_.In(label, kReal | kConstantPrices) || table_.In(words, kConstantPrices);
}

bool HistoryWords::IsOfYear(const v1::Indicator& indicator) const {
  const std::string_view before = std::string_view(indicator.evidence()).substr(0, PlaceInEvidence(indicator));
  bool of_year = true;
  for (size_t pos = 0; pos < before.size();) {
    const WordTable::Match match = table_.At(before, pos, kNarrowing | kWhole | kYear);
    if ((match.tags & kYear) != 0) {
      of_year = true;
    } else if ((match.tags & kNarrowing) != 0 && (match.tags & kWhole) == 0) {
      of_year = false;
    }
    pos += std::max<size_t>(1, match.size);
  }
  return of_year;
}

}  // namespace duban
