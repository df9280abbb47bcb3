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

enum Tag : uint64_t { kNarrowing = 1, kWhole = 2 };

void AddLines(const google::protobuf::RepeatedPtrField<std::string>& lines, Tag tag, WordTable* table) {
  for (const std::string& line : lines) {
    for (size_t pos = 0; pos < line.size();) {
      const size_t end = std::min(line.find(' ', pos), line.size());
      if (end > pos) table->Add(std::string_view(line).substr(pos, end - pos), tag);
      pos = end + 1;
    }
  }
}

}  // namespace

absl::StatusOr<HistoryWords> HistoryWords::Create() {
  DUBAN_ASSIGN_OR_RETURN(const v1::HistoryLexicon lexicon,
                         ParseLexicon<v1::HistoryLexicon>("history.textproto", embedded::history_textproto));
  HistoryWords words;
  AddLines(lexicon.narrowing(), kNarrowing, &words.table_);
  AddLines(lexicon.whole(), kWhole, &words.table_);
  return words;
}

bool HistoryWords::IsOfYear(const v1::Indicator& indicator) const {
  const std::string& evidence = indicator.evidence();
  const std::string_view before = std::string_view(evidence).substr(0, evidence.find(indicator.quantity().text()));
  for (size_t pos = 0; pos < before.size();) {
    const WordTable::Match match = table_.At(before, pos, kNarrowing | kWhole);
    if ((match.tags & kNarrowing) != 0 && (match.tags & kWhole) == 0) return false;
    pos += std::max<size_t>(1, match.size);
  }
  return true;
}

}  // namespace duban
