// SPDX-License-Identifier: Apache-2.0
// services/indicator/unit_lexicon.h: units, approximators, and what looks like a figure and is none, ready for lookup.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const UnitLexicon> units, UnitLexicon::Create());
//
// The rules are data/units.textproto; their meaning is told in units.proto. Immutable: safe to read from any thread.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "absl/status/statusor.h"
#include "services/indicator/decimal.h"
#include "services/indicator/phrase_table.h"
#include "services/indicator/units.pb.h"

namespace duban {

class UnitLexicon {
 public:
  using Words = std::vector<std::u16string>;

  struct Unit;

  // A unit that may follow another of the same amount.
  struct Smaller {
    Words words;
    int per = 0;               // so many make one of the unit before
    const Unit* as = nullptr;  // what the unit before is then, unless null
  };

  // One unit, as UnitRules.Units says.
  struct Unit {
    std::string name;  // to report
    const UnitRules::Units* rule = nullptr;
    Words not_before, only_before, only_after;
    std::vector<Smaller> then;
  };

  struct Qualifier {
    const UnitRules::Qualifiers* rule = nullptr;
    Words not_after, not_before;
  };

  struct Fixed {
    const UnitRules::Fixed* rule = nullptr;
    Decimal value;
    Words not_after, not_before, only_after;
  };

  // What a character may begin.
  enum Start : uint8_t { kNothing = 0, kDigit = 1, kNumeralSign = 2, kFixed = 4, kBracket = 8 };

  // The embedded rules. INVALID_ARGUMENT names line and column of a fault.
  static absl::StatusOr<std::unique_ptr<const UnitLexicon>> Create();

  // INVALID_ARGUMENT names the rule at fault: an empty word, a unit without kind, a smaller unit of which one makes one
  // or that turns its unit into an unknown one, a value that is no decimal.
  static absl::StatusOr<std::unique_ptr<const UnitLexicon>> Create(const UnitRules& rules);

  UnitLexicon(const UnitLexicon&) = delete;
  UnitLexicon& operator=(const UnitLexicon&) = delete;

  uint8_t StartOf(char16_t c) const { return starts_[c]; }

  const Unit& unit(size_t id) const { return units_[id]; }
  const Qualifier& before(size_t id) const { return before_[id]; }
  const Qualifier& behind(size_t id) const { return behind_[id]; }
  const Fixed& fixed(size_t id) const { return fixed_[id]; }
  const std::string& currency(size_t id) const { return rules_.prefix(static_cast<int>(id)).unit(); }
  const Words& name_tail(size_t unit_id) const { return name_tails_[unit_id]; }
  const Qualifier& ordinal() const { return ordinal_; }
  const Qualifier& top() const { return top_; }
  int longest_reach() const { return longest_reach_; }

  // Tables by the field of UnitRules. Backward tables are asked at the beginning of a number.
  struct Tables {
    PhraseTable units{PhraseTable::Direction::kForward};
    PhraseTable behind{PhraseTable::Direction::kForward};
    PhraseTable fixed{PhraseTable::Direction::kForward};
    PhraseTable names{PhraseTable::Direction::kForward};
    PhraseTable rank_units{PhraseTable::Direction::kForward};
    PhraseTable period_behind{PhraseTable::Direction::kForward};
    PhraseTable term_behind{PhraseTable::Direction::kForward};
    PhraseTable enumerator_behind{PhraseTable::Direction::kForward};
    PhraseTable hotlines{PhraseTable::Direction::kForward};
    PhraseTable before{PhraseTable::Direction::kBackward};
    PhraseTable minus_words{PhraseTable::Direction::kBackward};
    PhraseTable prefix{PhraseTable::Direction::kBackward};
    PhraseTable ordinal{PhraseTable::Direction::kBackward};
    PhraseTable top{PhraseTable::Direction::kBackward};
    PhraseTable rank_contexts{PhraseTable::Direction::kBackward};
    PhraseTable money_words{PhraseTable::Direction::kBackward};
    PhraseTable money_fillers{PhraseTable::Direction::kBackward};
    PhraseTable number_labels{PhraseTable::Direction::kBackward};
    PhraseTable year_words{PhraseTable::Direction::kBackward};
    PhraseTable ratio_words{PhraseTable::Direction::kBackward};
    PhraseTable period_before{PhraseTable::Direction::kBackward};
    PhraseTable term_before{PhraseTable::Direction::kBackward};
    PhraseTable per_words{PhraseTable::Direction::kBackward};
    PhraseTable change_words{PhraseTable::Direction::kBackward};
  };
  const Tables& tables() const { return tables_; }

 private:
  UnitLexicon() = default;
  absl::Status Build();
  absl::Status BuildUnits();
  absl::Status BuildSmallerUnits();
  absl::Status BuildQualifiers();
  absl::Status BuildLists();

  // The word, folded, and if it differs the same in traditional characters.
  Words Spellings(std::string_view word) const;
  Words Spellings(const google::protobuf::RepeatedPtrField<std::string>& words) const;
  absl::Status AddAll(std::string_view field, const google::protobuf::RepeatedPtrField<std::string>& words, size_t id,
                      PhraseTable* table) const;
  Qualifier Compiled(const UnitRules::Qualifiers& rule) const;
  absl::Status AddQualifiers(std::string_view field,
                             const google::protobuf::RepeatedPtrField<UnitRules::Qualifiers>& rules,
                             std::vector<Qualifier>* compiled, PhraseTable* table) const;

  UnitRules rules_;
  std::unordered_map<char16_t, char16_t> traditional_;
  std::vector<Unit> units_;
  std::vector<Qualifier> before_, behind_;
  std::vector<Fixed> fixed_;
  std::vector<Words> name_tails_;  // by unit id
  Qualifier ordinal_, top_;
  int longest_reach_ = 0;  // of any word before a number
  Tables tables_;
  std::array<uint8_t, 65536> starts_{};
};

}  // namespace duban
