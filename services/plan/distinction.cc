// SPDX-License-Identifier: Apache-2.0
// How another thing is told
//
// The longest string that both texts have is what they share. What stands right before it, back to a stop, a figure, a
// particle or a verb, is the name of the one that is spoken of: 河长 and 财务人员 before 培训班. Two names without a
// character in common, neither of which stands in the other text, are names of two things. A bare 市 names the place
// that the report is of, so that it differs only from a place of another level (石泉县). Codes (4A, PM2.5) are compared
// by their digits where the letters are the same, grades (三级, 二期工程) by their number.

#include "services/plan/distinction.h"

#include <algorithm>
#include <string>
#include <vector>

#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "services/plan/clauses.h"

namespace duban {
namespace {

constexpr size_t kNowhere = std::string_view::npos;
constexpr size_t kLeastShared = 3;  // characters
constexpr size_t kLeastPairs = 2;   // of them that are not words of the genre

bool IsAscii(char32_t c) { return c < 0x80 && (IsDigit(c) || IsLatinLetter(c)); }

// Whether letters and digits in one are a name (PM2.5, G318, 4A) and no figure with its unit: 15km, 600MW, 8m2.
bool IsCode(std::string_view word) {
  const auto letter = [](unsigned char c) { return IsLatinLetter(c); };
  const auto digit = [](unsigned char c) { return IsDigit(c); };
  if (word.empty() || std::none_of(word.begin(), word.end(), digit)) return false;
  return letter(word[0]) || (word.size() == 2 && word[1] >= 'A' && word[1] <= 'Z');
}

std::vector<std::string> CodesOf(std::string_view text) {
  const std::string folded = Fold(text);
  std::vector<std::string> out;
  std::string code;
  const auto close = [&] {
    while (!code.empty() && code.back() == '.') code.pop_back();
    if (IsCode(code)) out.push_back(code);
    code.clear();
  };
  for (const CodePoint& c : CodePoints(folded)) {
    if (IsAscii(c.value) || (c.value == U'.' && !code.empty())) {
      AppendUtf8(c.value, &code);
    } else {
      close();
    }
  }
  close();
  return out;
}

std::string LettersOf(const std::string& code) {
  std::string out;
  std::copy_if(code.begin(), code.end(), std::back_inserter(out), [](unsigned char c) { return IsLatinLetter(c); });
  return out;
}

bool HasOtherCode(std::string_view clause, std::string_view sentence) {
  const std::vector<std::string> wanted = CodesOf(clause);
  if (wanted.empty()) return false;
  const std::vector<std::string> have = CodesOf(sentence);
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& code) {
    return std::find(have.begin(), have.end(), code) == have.end() &&
           std::any_of(have.begin(), have.end(),
                       [&](const std::string& other) { return LettersOf(other) == LettersOf(code); });
  });
}

// The characters of `text` as they are, with their places.
std::vector<CodePoint> Characters(std::string_view text) {
  std::vector<CodePoint> out;
  for (const CodePoint& c : CodePoints(text)) out.push_back(c);
  return out;
}

// How many of the grams both have; both are sorted.
size_t CountShared(const std::vector<Gram>& a, const std::vector<Gram>& b) {
  return static_cast<size_t>(
      std::count_if(a.begin(), a.end(), [&](Gram gram) { return std::binary_search(b.begin(), b.end(), gram); }));
}

bool IsWord(char32_t c) { return !IsPunctuation(c) && !IsSpace(c); }

// Characters up to the first figure.
size_t CharactersOfFirstWord(std::string_view text) {
  size_t count = 0;
  for (const CodePoint& c : CodePoints(text)) {
    if (IsDigit(c.value)) break;
    ++count;
  }
  return count;
}

}  // namespace

Distinctions::Distinctions(const TrackLexicon& lexicon, const PlanLexicon& plan, const GramReader& reader)
    : reader_(reader),
      generic_(lexicon.generic()),
      act_(WordSet::Joined(plan.action(), plan.making(), lexicon.done(), lexicon.completion(), lexicon.making())),
      particle_(lexicon.particle()),
      place_suffix_(lexicon.place_suffix()),
      grade_(lexicon.grade()),
      levelled_(lexicon.levelled()),
      making_(WordSet::Joined(lexicon.making(), plan.making())),
      made_(lexicon.completion()),
      ending_(lexicon.ending()) {}

bool Distinctions::IsOther(std::string_view clause, std::string_view sentence) const {
  return HasOtherCode(clause, sentence) || HasOtherGrade(clause, sentence) || IsEnded(clause, sentence) ||
         HasOtherName(clause, sentence);
}

bool Distinctions::AreOtherShares(std::string_view one, std::string_view other) const {
  constexpr std::string_view kRate = "率", kDegree = "度";
  return (one.ends_with(kRate) && other.ends_with(kDegree)) || (one.ends_with(kDegree) && other.ends_with(kRate));
}

bool Distinctions::CountsLevels(std::string_view text, size_t number, size_t behind) const {
  if (levelled_.MatchAt(text, behind) != 0) return true;
  size_t levels = 0;
  for (size_t at = number; at > 0;) {
    const CodePoint before = DecodeBefore(text, at);
    const bool level = place_suffix_.MatchAt(text.substr(before.offset, before.size), 0) != 0;
    if (!level && before.value != U'、') break;
    levels += level;
    at = before.offset;
  }
  return levels > 1;
}

bool Distinctions::HasOtherGrade(std::string_view clause, std::string_view sentence) const {
  constexpr std::u32string_view kNumerals = U"一二三四五六七八九十甲乙丙";
  const auto is_number = [&](char32_t c) { return IsDigit(c) || kNumerals.find(c) != std::u32string_view::npos; };
  // The number before the word of grade at byte `at`, as it is written; empty if it counts levels.
  const auto number = [&](std::string_view text, size_t at, size_t behind) {
    size_t begin = at;
    while (begin > 0 && is_number(DecodeBefore(text, begin).value)) begin = DecodeBefore(text, begin).offset;
    return CountsLevels(text, begin, behind) ? std::string_view() : text.substr(begin, at - begin);
  };
  for (size_t at = grade_.Find(clause); at != kNowhere; at = grade_.Find(clause, at + 1)) {
    const std::string_view grade = clause.substr(at, grade_.MatchAt(clause, at));
    const std::string_view wanted = number(clause, at, at + grade.size());
    if (wanted.empty()) continue;
    bool other = false, same = false;
    for (size_t place = sentence.find(grade); place != kNowhere; place = sentence.find(grade, place + 1)) {
      const std::string_view have = number(sentence, place, place + grade.size());
      if (!have.empty()) (have == wanted ? same : other) = true;
    }
    if (other && !same) return true;
  }
  return false;
}

bool Distinctions::IsEnded(std::string_view clause, std::string_view sentence) const {
  if (!ending_.ContainedIn(sentence) || ending_.ContainedIn(clause) || !making_.ContainedIn(clause)) return false;
  const std::vector<Gram> wanted = DistinctGrams(reader_.Read(clause));
  std::string_view best;  // the part that shares most
  size_t most = 0;
  for (const Piece& piece : Clauses(sentence, {0, sentence.size()})) {
    const std::string_view part = piece.of(sentence);
    const size_t shared = CountShared(wanted, DistinctGrams(reader_.Read(part)));
    if (shared <= most) continue;
    most = shared;
    best = part;
  }
  return ending_.ContainedIn(best) && !making_.ContainedIn(best) && !made_.ContainedIn(best);
}

std::string_view Distinctions::NameBefore(std::string_view text, size_t at) const {
  size_t begin = at;
  while (begin > 0) {
    const CodePoint before = DecodeBefore(text, begin);
    if (!IsWord(before.value) || IsDigit(before.value)) break;
    begin = before.offset;
  }
  bool named = false;  // whether there is anything but words of the genre
  for (size_t place = begin; place < at;) {
    const size_t stop = std::max(act_.MatchAt(text, place), particle_.MatchAt(text, place));
    if (place + stop > at) return {};  // the verb goes on in what is shared
    if (stop != 0) {
      place += stop;
      begin = place;
      named = false;
      continue;
    }
    const size_t generic = generic_.MatchAt(text, place);
    if (generic != 0 && place + generic <= at) {
      place += generic;
      if (!named) begin = place;
      continue;
    }
    named = true;
    place += DecodeAt(text, place).size;
  }
  return named ? text.substr(begin, at - begin) : std::string_view();
}

bool Distinctions::AreTwoNames(std::string_view wanted, std::string_view have) const {
  if (wanted.empty() || have.empty()) return false;
  if (place_suffix_.MatchAt(have, 0) == have.size()) return false;
  if (const size_t level = place_suffix_.MatchAt(wanted, 0); level == wanted.size()) {
    return place_suffix_.Ends(have) && !have.ends_with(wanted);
  }
  for (const CodePoint& c : CodePoints(wanted)) {
    const std::string_view character = wanted.substr(c.offset, c.size);
    if (place_suffix_.MatchAt(character, 0) == 0 && have.find(character) != kNowhere) return false;
  }
  return true;
}

bool Distinctions::HasOtherName(std::string_view clause, std::string_view sentence) const {
  const std::vector<CodePoint> a = Characters(clause), b = Characters(sentence);
  // Lengths of the strings that end at a character of `a` and at each of `b`.
  std::vector<size_t> row(b.size() + 1), last(b.size() + 1);
  size_t longest = 0, end_a = 0, end_b = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < b.size(); ++j) {
      row[j + 1] = a[i].value == b[j].value && IsWord(a[i].value) ? last[j] + 1 : 0;
      if (row[j + 1] <= longest) continue;
      longest = row[j + 1];
      end_a = i + 1;
      end_b = j + 1;
    }
    std::swap(row, last);
  }
  if (longest < kLeastShared) return false;
  const size_t begin_a = a[end_a - longest].offset, begin_b = b[end_b - longest].offset;
  const std::string_view shared = clause.substr(begin_a, a[end_a - 1].offset + a[end_a - 1].size - begin_a);
  if (DistinctGrams(reader_.Read(shared)).size() < kLeastPairs) return false;
  if (grade_.MatchAt(shared, 0) != 0) return false;  // a number of levels or grades, and no name
  // What stands before a verb and its object tells when and where: 在高校 | 设立联系点.
  const size_t verb = act_.MatchAt(shared, 0);
  if (verb != 0 && CharactersOfFirstWord(shared.substr(verb)) >= kLeastShared) return false;
  const std::string_view wanted = NameBefore(clause, begin_a), have = NameBefore(sentence, begin_b);
  return AreTwoNames(wanted, have) && sentence.find(wanted) == kNowhere && clause.find(have) == kNowhere;
}

}  // namespace duban
