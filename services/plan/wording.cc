// SPDX-License-Identifier: Apache-2.0
// How the verb is found
//
// Most commitments begin with their verb, save for adverbs and words like 确保 (before_action). Where none stands
// there, the first verb of the clause counts that is hardly ever a noun (在3个商圈设立…), then one that is followed by
// a figure (法律援助案件受理600件). The object stands behind the verb, or in front of it where what follows the verb is
// the level to be reached (压缩至, 控制在) or a figure.

#include "services/plan/wording.h"

#include <algorithm>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr size_t kShortestMeasure = 4;  // characters

char32_t CloserOf(char32_t c) { return c == U'“' ? U'”' : c == U'《' ? U'》' : c == U'（' ? U'）' : 0; }

bool IsMark(char32_t c) { return (c >= U'①' && c <= U'⑳') || c == U'—' || c == U'-' || c == U'·'; }

// `piece` without enumerators of lists inside of an item: ①, （1）, 1., 一是, 二要.
Piece WithoutMarker(std::string_view text, Piece piece) {
  constexpr std::u32string_view kOpening = U"（(", kClosing = U"）).．、";
  constexpr std::u32string_view kNumerals = U"一二三四五六七八九十";
  while (!piece.empty() && IsMark(DecodeAt(text, piece.begin).value)) piece.begin += DecodeAt(text, piece.begin).size;
  size_t at = piece.begin;
  bool open = false, number = false, numeral = false;
  for (; at < piece.end; at += DecodeAt(text, at).size) {
    const char32_t c = DecodeAt(text, at).value;
    if (at == piece.begin && kOpening.find(c) != std::u32string_view::npos) {
      open = true;
    } else if (IsDigit(c)) {
      number = true;
    } else if (kNumerals.find(c) != std::u32string_view::npos) {
      numeral = true;
    } else {
      break;
    }
  }
  const CodePoint behind = DecodeAt(text, at);
  const bool closed = kClosing.find(behind.value) != std::u32string_view::npos;
  const bool turn = numeral && !number && !open && (behind.value == U'是' || behind.value == U'要');
  if (at < piece.end && ((number && closed) || (open && numeral && closed) || turn)) piece.begin = at + behind.size;
  return Trimmed(text, piece);
}

std::string_view WithoutStop(std::string_view words) {
  constexpr std::u32string_view kStops = U"。；，、：！？;,:!?. ";
  while (!words.empty() && kStops.find(DecodeBefore(words, words.size()).value) != std::u32string_view::npos) {
    words = words.substr(0, DecodeBefore(words, words.size()).offset);
  }
  return words;
}

}  // namespace

WordingReader::WordingReader(const PlanLexicon& lexicon)
    : actions_([&] {
        auto verbs = lexicon.action();
        verbs.MergeFrom(lexicon.making());
        return verbs;
      }()),
      nouns_(lexicon.noun_action()),
      before_(lexicon.before_action()),
      behind_moved_(lexicon.behind_moved()),
      before_moved_(lexicon.before_moved()),
      noun_tail_(lexicon.noun_tail()),
      than_last_year_(lexicon.than_last_year()),
      ideology_(lexicon.ideology()),
      slogan_(lexicon.slogan()),
      labels_([&] {
        auto words = lexicon.unit_label();
        words.MergeFrom(lexicon.partner_label());
        return words;
      }()) {}

bool WordingReader::IsMoved(std::string_view behind_verb) const {
  return behind_moved_.Starts(behind_verb) || (!behind_verb.empty() && IsDigit(DecodeAt(behind_verb, 0).value));
}

size_t WordingReader::FindVerb(std::string_view clause, size_t from, bool noun) const {
  char32_t closer = 0;
  for (size_t at = from; at < clause.size();) {
    const CodePoint c = DecodeAt(clause, at);
    if (closer != 0) {
      if (c.value == closer) closer = 0;
      at += c.size;
      continue;
    }
    closer = CloserOf(c.value);
    if (const size_t verb = actions_.MatchAt(clause, at); verb != 0) {
      const bool is_noun = nouns_.MatchAt(clause, at) == verb || noun_tail_.MatchAt(clause, at + verb) != 0;
      if (noun ? IsMoved(clause.substr(at + verb)) : !is_noun) return at;
      at += verb;
      continue;
    }
    at += c.size;
  }
  return std::string_view::npos;
}

Act WordingReader::Read(std::string_view clause) const {
  clause = WithoutStop(clause);
  size_t begin = 0, fallback = std::string_view::npos;
  const size_t moved = before_moved_.MatchAt(clause, 0);
  // 将 is also the sign of what is yet to come: 将推进….
  if (moved != 0 && actions_.MatchAt(clause, moved) == 0 && before_.MatchAt(clause, moved) == 0) {
    size_t verb = FindVerb(clause, moved, true);
    if (verb == std::string_view::npos) verb = FindVerb(clause, moved, false);
    if (verb == std::string_view::npos) return {};
    return {clause.substr(verb, actions_.MatchAt(clause, verb)), clause.substr(moved, verb - moved)};
  }
  for (size_t skip = before_.MatchAt(clause, begin); skip != 0 && skip >= actions_.MatchAt(clause, begin);
       skip = before_.MatchAt(clause, begin)) {
    if (fallback == std::string_view::npos && actions_.MatchAt(clause, begin) == skip) fallback = begin;
    begin += skip;
  }
  // 确保调解成功率: what else stands there may be a noun.
  const size_t first = actions_.MatchAt(clause, begin);
  const bool is_verb = first != 0 && (fallback == std::string_view::npos || nouns_.MatchAt(clause, begin) != first);
  size_t verb = is_verb ? begin : std::string_view::npos;
  if (verb == std::string_view::npos && fallback == std::string_view::npos) verb = FindVerb(clause, begin, false);
  if (verb == std::string_view::npos && fallback == std::string_view::npos) verb = FindVerb(clause, begin, true);
  if (verb == std::string_view::npos) verb = begin = fallback;
  if (verb == std::string_view::npos) return {};
  Act act;
  act.action = clause.substr(verb, actions_.MatchAt(clause, verb));
  act.object = clause.substr(verb + act.action.size());
  if (verb > begin && (act.object.empty() || IsMoved(act.object))) {
    // 发案数较上年下降: what it is compared with is no part of it.
    const std::string_view before = clause.substr(begin, verb - begin);
    act.object = before.substr(0, than_last_year_.Find(before));
    return act;
  }
  // 加强和改进普法工作: the other verbs are no part of the object.
  constexpr std::u32string_view kJoiners = U"和与及并、";
  for (CodePoint c = DecodeAt(act.object, 0); c.size != 0 && kJoiners.find(c.value) != std::u32string_view::npos;
       c = DecodeAt(act.object, 0)) {
    const size_t other = actions_.MatchAt(act.object, c.size);
    if (other == 0) break;
    act.object.remove_prefix(c.size + other);
  }
  return act;
}

std::vector<Piece> WordingReader::Measures(std::string_view text, Piece item) const {
  std::vector<Piece> measures;
  const std::vector<Piece> clauses = Clauses(text, item);
  for (size_t i = 1; i < clauses.size(); ++i) {
    const Piece clause = WithoutMarker(text, clauses[i]);
    const std::string_view words = clause.of(text);
    if (CountCodePoints(words) < kShortestMeasure || labels_.ContainedIn(words)) continue;
    if (ideology_.ContainedIn(words) || slogan_.ContainedIn(words) || Read(words).action.empty()) continue;
    measures.push_back(clause);
  }
  return measures;
}

}  // namespace duban
