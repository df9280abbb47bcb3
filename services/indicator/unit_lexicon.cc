// SPDX-License-Identifier: Apache-2.0
#include "services/indicator/unit_lexicon.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "embedded/units.textproto.h"
#include "services/indicator/numeral.h"
#include "services/indicator/numeral_signs.h"

namespace duban {
namespace {

using Strings = google::protobuf::RepeatedPtrField<std::string>;

}  // namespace

absl::StatusOr<std::unique_ptr<const UnitLexicon>> UnitLexicon::Create() {
  DUBAN_ASSIGN_OR_RETURN(const UnitRules rules, ParseLexicon<UnitRules>("units.textproto", embedded::units_textproto));
  return Create(rules);
}

absl::StatusOr<std::unique_ptr<const UnitLexicon>> UnitLexicon::Create(const UnitRules& rules) {
  auto lexicon = std::unique_ptr<UnitLexicon>(new UnitLexicon);
  lexicon->rules_ = rules;
  DUBAN_RETURN_IF_ERROR(lexicon->Build());
  return std::unique_ptr<const UnitLexicon>(std::move(lexicon));
}

absl::Status UnitLexicon::Build() {
  for (const std::string& pair : rules_.traditional()) {
    const std::u16string folded = FoldedWord(pair);
    if (folded.size() != 2) return InvalidField("traditional", fmt::format("\"{}\", want two characters", pair));
    traditional_[folded[0]] = folded[1];
  }
  DUBAN_RETURN_IF_ERROR(BuildUnits());
  DUBAN_RETURN_IF_ERROR(BuildQualifiers());
  DUBAN_RETURN_IF_ERROR(BuildLists());
  for (char32_t c = 0; c < starts_.size(); ++c) {
    if (IsNumeralSign(static_cast<char16_t>(c))) starts_[c] |= kNumeralSign;
  }
  for (char16_t c = u'0'; c <= u'9'; ++c) starts_[c] |= kDigit;
  for (const char16_t c : {u'“', u'‘', u'「', u'《', u'<', u'"'}) starts_[c] |= kBracket;
  return absl::OkStatus();
}

absl::Status UnitLexicon::BuildUnits() {
  for (const UnitRules::Units& rule : rules_.units()) {
    for (const std::string& text : rule.text()) {
      if (rule.kind() == v1::Quantity::KIND_UNSPECIFIED && rule.rule() != UnitRules::Units::NOT_A_QUANTITY) {
        return InvalidField("units", fmt::format("\"{}\" has no kind", text));
      }
      for (std::u16string& spelling : Spellings(text)) {
        if (spelling.empty()) return InvalidField("units", "an empty word");
        tables_.units.Add(std::move(spelling), units_.size());
      }
      units_.push_back({.name = rule.as().empty() ? text : rule.as(),
                        .rule = &rule,
                        .not_before = Spellings(rule.not_before()),
                        .only_before = Spellings(rule.only_before()),
                        .only_after = Spellings(rule.only_after()),
                        .then = {}});
      Words& tails = name_tails_.emplace_back();
      for (const UnitRules::NameTail& tail : rules_.name_tails()) {
        if (tail.unit() == text) tails = Spellings(tail.text());
      }
    }
  }
  return BuildSmallerUnits();
}

absl::Status UnitLexicon::BuildSmallerUnits() {
  for (Unit& unit : units_) {
    for (const UnitRules::Units::Smaller& rule : unit.rule->then()) {
      if (rule.per() < 2) return InvalidField("units.then.per", fmt::format("{}, want 2 or more", rule.per()));
      const auto named = std::find_if(units_.begin(), units_.end(), [&](const Unit& u) { return u.name == rule.as(); });
      if (!rule.as().empty() && named == units_.end()) {
        return InvalidField("units.then.as", fmt::format("\"{}\", want the name of a unit", rule.as()));
      }
      unit.then.push_back(
          {.words = Spellings(rule.text()), .per = rule.per(), .as = rule.as().empty() ? nullptr : &*named});
    }
  }
  return absl::OkStatus();
}

absl::Status UnitLexicon::BuildQualifiers() {
  DUBAN_RETURN_IF_ERROR(AddQualifiers("before", rules_.before(), &before_, &tables_.before));
  DUBAN_RETURN_IF_ERROR(AddQualifiers("behind", rules_.behind(), &behind_, &tables_.behind));
  for (const UnitRules::Qualifiers& rule : rules_.before()) longest_reach_ = std::max(longest_reach_, rule.reach());
  ordinal_ = Compiled(rules_.ordinal());
  top_ = Compiled(rules_.top());
  for (const UnitRules::Fixed& rule : rules_.fixed()) {
    auto value = ParseNumeral(rule.value());
    if (!value.ok()) return Annotate(value.status(), "fixed.value");
    DUBAN_RETURN_IF_ERROR(AddAll("fixed", rule.text(), fixed_.size(), &tables_.fixed));
    for (const std::u16string& spelling : Spellings(rule.text())) starts_[spelling.front()] |= kFixed;
    fixed_.push_back({.rule = &rule,
                      .value = *value,
                      .not_after = Spellings(rule.not_after()),
                      .not_before = Spellings(rule.not_before()),
                      .only_after = Spellings(rule.only_after())});
  }
  for (int i = 0; i < rules_.prefix_size(); ++i) {
    DUBAN_RETURN_IF_ERROR(AddAll("prefix", rules_.prefix(i).text(), static_cast<size_t>(i), &tables_.prefix));
  }
  return absl::OkStatus();
}

absl::Status UnitLexicon::BuildLists() {
  const struct {
    std::string_view field;
    const Strings& words;
    PhraseTable* table;
  } lists[] = {
      {"ordinal", rules_.ordinal().text(), &tables_.ordinal},
      {"top", rules_.top().text(), &tables_.top},
      {"minus_words", rules_.minus_words(), &tables_.minus_words},
      {"names", rules_.names(), &tables_.names},
      {"rank_units", rules_.rank_units(), &tables_.rank_units},
      {"rank_contexts", rules_.rank_contexts(), &tables_.rank_contexts},
      {"money_words", rules_.money_words(), &tables_.money_words},
      {"money_fillers", rules_.money_fillers(), &tables_.money_fillers},
      {"number_labels", rules_.number_labels(), &tables_.number_labels},
      {"hotlines", rules_.hotlines(), &tables_.hotlines},
      {"year_words", rules_.year_words(), &tables_.year_words},
      {"ratio_words", rules_.ratio_words(), &tables_.ratio_words},
      {"period_before", rules_.period_before(), &tables_.period_before},
      {"period_behind", rules_.period_behind(), &tables_.period_behind},
      {"term_before", rules_.term_before(), &tables_.term_before},
      {"term_behind", rules_.term_behind(), &tables_.term_behind},
      {"enumerator_behind", rules_.enumerator_behind(), &tables_.enumerator_behind},
      {"change_words", rules_.change_words(), &tables_.change_words},
      {"per_words", rules_.per_words(), &tables_.per_words},
  };
  for (const auto& list : lists) DUBAN_RETURN_IF_ERROR(AddAll(list.field, list.words, 0, list.table));
  return absl::OkStatus();
}

UnitLexicon::Words UnitLexicon::Spellings(std::string_view word) const {
  Words spellings = {FoldedWord(word)};
  std::u16string traditional = spellings[0];
  for (char16_t& c : traditional) {
    if (const auto it = traditional_.find(c); it != traditional_.end()) c = it->second;
  }
  if (traditional != spellings[0]) spellings.push_back(std::move(traditional));
  return spellings;
}

UnitLexicon::Words UnitLexicon::Spellings(const Strings& words) const {
  Words spellings;
  for (const std::string& word : words) {
    for (std::u16string& spelling : Spellings(word)) spellings.push_back(std::move(spelling));
  }
  return spellings;
}

absl::Status UnitLexicon::AddAll(std::string_view field, const Strings& words, size_t id, PhraseTable* table) const {
  for (std::u16string& spelling : Spellings(words)) {
    if (spelling.empty()) return InvalidField(field, "an empty word");
    table->Add(std::move(spelling), id);
  }
  return absl::OkStatus();
}

UnitLexicon::Qualifier UnitLexicon::Compiled(const UnitRules::Qualifiers& rule) const {
  return {.rule = &rule, .not_after = Spellings(rule.not_after()), .not_before = Spellings(rule.not_before())};
}

absl::Status UnitLexicon::AddQualifiers(std::string_view field,
                                        const google::protobuf::RepeatedPtrField<UnitRules::Qualifiers>& rules,
                                        std::vector<Qualifier>* compiled, PhraseTable* table) const {
  for (const UnitRules::Qualifiers& rule : rules) {
    if (rule.qualifier() == v1::Quantity::QUALIFIER_UNSPECIFIED) return InvalidField(field, "want a qualifier");
    DUBAN_RETURN_IF_ERROR(AddAll(field, rule.text(), compiled->size(), table));
    compiled->push_back(Compiled(rule));
  }
  return absl::OkStatus();
}

}  // namespace duban
