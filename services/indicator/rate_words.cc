// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/rate_words.h"

#include <fmt/format.h>

#include "common/base/status.h"

namespace duban {
namespace {

constexpr uint64_t kAct = 1;
constexpr uint64_t kMostRules = 60;

}  // namespace

absl::Status RateWords::Add(const v1::LabelLexicon::RateOf& rule) {
  if (rule.act().empty() || rule.whole().empty()) return InvalidField("rate_of", "want an act and a whole");
  if (rules_ == kMostRules) return InvalidField("rate_of", fmt::format("more than {} rules", kMostRules));
  const uint64_t whole = kAct << ++rules_;
  for (const std::string& group : rule.act()) {
    wholes_.push_back(whole);
    absl::Status status;
    ForEachWord(group, [&](std::string_view word) {
      const WordTable::Match known = table_.At(word, 0, kAct);
      if (known.size == word.size()) status = InvalidField("rate_of.act", fmt::format("{} is there twice", word));
      table_.Add(word, kAct, static_cast<int32_t>(wholes_.size() - 1));
    });
    DUBAN_RETURN_IF_ERROR(status);
  }
  for (const std::string& words : rule.whole()) {
    ForEachWord(words, [&](std::string_view word) { table_.Add(word, whole); });
  }
  return absl::OkStatus();
}

RateWords::Act RateWords::ActIn(std::string_view words) const {
  if (const WordTable::Match last = table_.Before(words, words.size(), kAct)) {
    return {words.size() - last.size, last.size, last.value};
  }
  const WordTable::Match first = table_.At(words, 0, kAct);
  return {0, first.size, first ? first.value : 0};
}

bool RateWords::NamesWhole(const Act& act, std::string_view label) const {
  return table_.In(label, wholes_[act.group]);
}

}  // namespace duban
