// SPDX-License-Identifier: Apache-2.0
// How units are found
//
// A label (责任单位：) has its units behind it up to a stop. A verb (牵头, 配合) has its unit in front of it, back to a
// stop or 由; what stands there is a unit only if it ends like one. A preposition (会同) has its units behind it, and
// nothing tells where the last of them ends but its own last word: the list goes on while a 、 or 和 follows such a
// word, and must end before a verb of action or a stop, so that 会同有关单位负责人开会 names none.

#include "services/plan/units.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/plan/clauses.h"

namespace duban {
namespace {

// The longest name of a unit, or list of them behind a preposition, in bytes: what is longer is a sentence.
constexpr size_t kLongestUnit = 90;
constexpr size_t kLongestList = 180;
// 妇联 and 团委 are names by themselves, 局 and 办公室 are not.
constexpr size_t kShortName = 6;
constexpr std::string_view kAndSoOn = "等";

bool Joins(char32_t c) { return c == U'、' || c == U'和' || c == U'与' || c == U'及'; }

bool IsStop(char32_t c) {
  constexpr std::u32string_view kStops = U"。；;，,）)】\n\t";
  return kStops.find(c) != std::u32string_view::npos;
}

}  // namespace

UnitFinder::UnitFinder(const PlanLexicon& lexicon)
    : labels_(lexicon.unit_label()),
      verbs_(lexicon.unit_verb()),
      no_verbs_(lexicon.no_unit_verb()),
      suffixes_(lexicon.unit_suffix()),
      partner_labels_(lexicon.partner_label()),
      partner_verbs_(lexicon.partner_verb()),
      partner_prepositions_(lexicon.partner_preposition()),
      partner_suffixes_(lexicon.partner_suffix()),
      actions_(lexicon.action()),
      noun_actions_(lexicon.noun_action()),
      before_actions_(lexicon.before_action()) {}

std::string_view UnitFinder::BehindLabel(const WordSet& labels, std::string_view text, size_t from, size_t* end) const {
  for (size_t label = labels.Find(text, from); label != std::string_view::npos; label = labels.Find(text, *end)) {
    size_t begin = label + labels.MatchAt(text, label);
    *end = begin;
    const char32_t colon = begin < text.size() ? DecodeAt(text, begin).value : 0;
    if (colon != U'：' && colon != U':') continue;
    begin += DecodeAt(text, begin).size;
    *end = begin;
    while (*end < text.size() && !IsStop(DecodeAt(text, *end).value)) *end += DecodeAt(text, *end).size;
    const Piece unit = Trimmed(text, {begin, *end});
    if (!unit.empty()) return unit.of(text);
  }
  return {};
}

std::string_view UnitFinder::BeforeVerb(std::string_view text, size_t verb) const {
  constexpr std::u32string_view kOpeners = U"由，,。；;（(：:\n\t";
  size_t begin = verb;
  while (begin > 0 && verb - begin < kLongestUnit) {
    const CodePoint previous = DecodeBefore(text, begin);
    if (kOpeners.find(previous.value) != std::u32string_view::npos) break;
    begin = previous.offset;
  }
  const std::string_view unit = text.substr(begin, verb - begin);
  // 推动乡镇参与 tells no unit that takes part; 宣传科牵头 does.
  if ((actions_.Starts(unit) && !noun_actions_.Starts(unit)) || before_actions_.Starts(unit)) return {};
  return unit.size() < kLongestUnit && suffixes_.Ends(unit) ? unit : std::string_view();
}

std::string_view UnitFinder::BehindPreposition(std::string_view text, size_t begin) const {
  size_t last = begin;  // behind the last unit
  size_t unit = begin;  // where the unit at hand begins
  for (size_t at = begin; at < text.size() && at - begin < kLongestList;) {
    const CodePoint c = DecodeAt(text, at);
    if (IsStop(c.value)) break;
    const size_t suffix = partner_suffixes_.MatchAt(text, at);
    if (suffix == 0 || (at == unit && suffix != kShortName)) {
      at += c.size;
      continue;
    }
    at += suffix;
    const char32_t next = at < text.size() ? DecodeAt(text, at).value : 0;
    if (Joins(next)) {
      last = at;
      at += DecodeAt(text, at).size;
      unit = at;
    } else if (next == 0 || IsStop(next) || text.substr(at).starts_with(kAndSoOn) || actions_.MatchAt(text, at) != 0 ||
               partner_verbs_.MatchAt(text, at) != 0) {
      last = at;
      break;
    }
  }
  return text.substr(begin, last - begin);
}

std::vector<std::string> UnitFinder::Split(std::string_view list) const {
  std::vector<std::string> units;
  const auto add = [&](std::string_view unit) {
    unit = TrimSpace(unit);
    if (unit.size() > kAndSoOn.size() && unit.ends_with(kAndSoOn)) unit.remove_suffix(kAndSoOn.size());
    if (!unit.empty()) units.emplace_back(unit);
  };
  size_t begin = 0;
  for (size_t at = 0; at < list.size();) {
    const CodePoint c = DecodeAt(list, at);
    // 和 may be part of a name, so it parts units only behind what ends like one.
    const bool sure = c.value == U'、' || c.value == U'，' || c.value == U',' || c.value == U'；' || c.value == U'/';
    const std::string_view unit = list.substr(begin, at - begin);
    const bool ends = suffixes_.Ends(unit) || partner_suffixes_.Ends(unit);
    if (sure || IsSpace(c.value) || (Joins(c.value) && ends)) {
      add(unit);
      begin = at + c.size;
    }
    at += c.size;
  }
  add(list.substr(begin));
  return units;
}

Units UnitFinder::Find(std::string_view text) const {
  Units units;
  size_t end = 0;
  units.responsible = std::string(BehindLabel(labels_, text, 0, &end));
  for (size_t verb = verbs_.Find(text); units.responsible.empty() && verb != std::string_view::npos;
       verb = verbs_.Find(text, verb + verbs_.MatchAt(text, verb))) {
    if (no_verbs_.MatchAt(text, verb) == 0) units.responsible = std::string(BeforeVerb(text, verb));
  }
  const auto add = [&](std::string_view list) {
    for (std::string& unit : Split(list)) {
      const auto& known = units.cooperating;
      if (unit != units.responsible && std::find(known.begin(), known.end(), unit) == known.end()) {
        units.cooperating.push_back(std::move(unit));
      }
    }
  };
  end = 0;
  for (std::string_view list = BehindLabel(partner_labels_, text, 0, &end); !list.empty();
       list = BehindLabel(partner_labels_, text, end, &end)) {
    add(list);
  }
  for (size_t verb = partner_verbs_.Find(text); verb != std::string_view::npos;
       verb = partner_verbs_.Find(text, verb + partner_verbs_.MatchAt(text, verb))) {
    if (partner_labels_.MatchAt(text, verb) == 0) add(BeforeVerb(text, verb));
  }
  for (size_t word = partner_prepositions_.Find(text); word != std::string_view::npos;) {
    const size_t behind = word + partner_prepositions_.MatchAt(text, word);
    add(BehindPreposition(text, behind));
    word = partner_prepositions_.Find(text, behind);
  }
  return units;
}

}  // namespace duban
