// SPDX-License-Identifier: Apache-2.0
// How a sentence is heard
//
// A sentence is cut into parts (；) and clauses. A clause denies a thing where it has a word of failure, a negator with
// the verb of an act behind it (未建成, 没有如期开通), or ends with the word of an act's end (活动取消). What is denied
// of something only to describe it (对未投保的12户) is no failure. A clause intends where it says so in front of the
// act (拟出台) or speaks of a later year (明年), and so do the clauses behind one that opens with such a word
// (下一步，…). A word of completion counts if it stands in front of all that, and if not just a step is done, as in
// 完成选址 or 主体工程完工, where more than that step was promised. What is done behind a failure, or behind
// work under way, ends it; 完成 with a share below all is under way. A clause that names another thing in front of its
// negator is not about the item; one that names none goes on with what the clauses before it are about.

#include "services/plan/voice.h"

#include <algorithm>
#include <string>

#include "common/text/utf8.h"
#include "services/plan/clauses.h"

namespace duban {
namespace {

constexpr size_t kNowhere = std::string_view::npos;
constexpr size_t kStepReach = 18;    // bytes between a word of completion and its step
constexpr size_t kObjectReach = 24;  // bytes between a denied verb and the 的 that makes it describe
constexpr size_t kShareReach = 9;    // bytes between a word of completion and the share of it
constexpr size_t kOwnThing = 3;      // pairs that name a thing

constexpr std::string_view kOf = "的";
constexpr std::string_view kUntil = "至", kTill = "到";
constexpr std::string_view kFinish = "完成";

std::vector<std::string_view> Parts(std::string_view text) {
  constexpr std::string_view kSemicolon = "；";
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const size_t at = text.find(kSemicolon);
    parts.push_back(text.substr(0, at));
    text = at == kNowhere ? std::string_view() : text.substr(at + kSemicolon.size());
  }
  return parts;
}

// Whether `text` is one string of words: no stop or list in it, and no 并, 和 or 后 that begins another act.
bool IsUnbroken(std::string_view text) {
  constexpr std::u32string_view kBreaks = U"并和及且后与";
  for (const CodePoint& c : CodePoints(text)) {
    if (IsPunctuation(c.value) || kBreaks.find(c.value) != std::u32string_view::npos) return false;
  }
  return true;
}

// Whether nothing is said behind byte `at` of a clause.
bool EndsAt(std::string_view clause, size_t at) {
  constexpr std::string_view kParticle = "了";
  std::string_view rest = clause.substr(at);
  if (rest.starts_with(kParticle)) rest.remove_prefix(kParticle.size());
  return rest.empty() || IsPunctuation(DecodeAt(rest, 0).value);
}

bool HasDigit(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return IsDigit(c); });
}

// Whether a word of completion that ends at byte `end` has a share below all behind it: 完成80%, 完成工程量60%.
bool HasShareBehind(std::string_view clause, size_t end) {
  const size_t sign = clause.find('%', end);
  if (sign == kNowhere) return false;
  size_t begin = sign;
  while (begin > end && (IsDigit(static_cast<unsigned char>(clause[begin - 1])) || clause[begin - 1] == '.')) --begin;
  const std::string_view whole = clause.substr(begin, sign - begin).substr(0, clause.substr(begin).find('.'));
  return !whole.empty() && whole.size() < 3 && begin - end <= kShareReach &&
         IsUnbroken(clause.substr(end, begin - end));
}

// Whether a word stands at byte `at` of a clause with nothing but its number in front of it.
bool Opens(std::string_view clause, size_t at) {
  constexpr std::u32string_view kMarks = U".．、)）";
  if (at == 0) return true;
  const char32_t before = DecodeBefore(clause, at).value;
  return kMarks.find(before) != std::u32string_view::npos || IsSpace(before);
}

}  // namespace

VoiceReader::VoiceReader(const TrackLexicon& lexicon, const PlanLexicon& plan, const GramReader& reader)
    : reader_(reader),
      done_(lexicon.done()),
      under_way_(lexicon.under_way()),
      going_on_(lexicon.going_on()),
      not_done_(lexicon.not_done()),
      failed_end_(lexicon.failed_end()),
      negator_(lexicon.negator()),
      no_negator_(lexicon.no_negator()),
      negated_filler_(lexicon.negated_filler()),
      object_marker_(lexicon.object_marker()),
      reason_(lexicon.reason()),
      only_(lexicon.only()),
      intend_(lexicon.intend()),
      intend_opening_(lexicon.intend_opening()),
      no_intend_(lexicon.no_intend()),
      later_(lexicon.later()),
      step_(lexicon.step()),
      start_(lexicon.start()),
      begun_(lexicon.begun()),
      act_noun_(lexicon.act_noun()),
      act_(WordSet::Joined(plan.action(), plan.making(), lexicon.done(), lexicon.completion(), lexicon.going_on())),
      over_years_(lexicon.over_years()) {}

size_t VoiceReader::Denied(std::string_view text) const {
  size_t at = 0;
  while (const size_t filler = negated_filler_.MatchAt(text, at)) at += filler;
  const size_t act = act_.MatchAt(text, at);
  return act == 0 ? 0 : at + act;
}

bool VoiceReader::Describes(std::string_view clause, size_t begin, size_t end) const {
  if (object_marker_.Ends(clause.substr(0, begin))) return true;
  const size_t of = clause.substr(0, std::min(clause.size(), end + kObjectReach)).find(kOf, end);
  return of != kNowhere && IsUnbroken(clause.substr(end, of - end)) && !EndsAt(clause, of + kOf.size());
}

size_t VoiceReader::Failure(std::string_view clause, std::string_view promised) const {
  for (size_t at = 0; at < clause.size();) {
    if (const size_t skip = no_negator_.MatchAt(clause, at); skip != 0) {
      at += skip;
      continue;
    }
    if (const size_t word = not_done_.MatchAt(clause, at); word != 0 && !Describes(clause, at, at + word)) {
      const std::string_view behind = clause.substr(at + word);
      const bool own = promised.find(clause.substr(at, word)) != kNowhere;  // 盘活停滞项目
      // 推迟至国庆期间举行 tells when it took place.
      const bool put_off = (behind.starts_with(kUntil) || behind.starts_with(kTill)) && act_.ContainedIn(behind) &&
                           !later_.ContainedIn(behind);
      if (!own && !put_off) return at;
    }
    if (const size_t no = negator_.MatchAt(clause, at); no != 0) {
      const size_t act = Denied(clause.substr(at + no));
      if (act != 0 && !Describes(clause, at, at + no + act)) return at;
    }
    if (const size_t end = failed_end_.MatchAt(clause, at); end != 0 && EndsAt(clause, at + end)) {
      if (promised.find(clause.substr(at, end)) == kNowhere) return at;
    }
    at += DecodeAt(clause, at).size;
  }
  return kNowhere;
}

size_t VoiceReader::Intention(std::string_view clause) const {
  constexpr std::string_view kFor = "为";  // 为明年全面推广打基础 is no plan
  for (size_t at = 0; at < clause.size();) {
    if (const size_t skip = no_intend_.MatchAt(clause, at); skip != 0) {
      at += skip;
      continue;
    }
    if (const size_t word = intend_.MatchAt(clause, at); word != 0) {
      if (Opens(clause, at) || act_.MatchAt(clause, at + word) != 0) return at;
    }
    if (intend_opening_.MatchAt(clause, at) != 0 && Opens(clause, at)) return at;
    if (later_.MatchAt(clause, at) != 0 && !clause.substr(0, at).ends_with(kFor)) return at;
    at += DecodeAt(clause, at).size;
  }
  return kNowhere;
}

bool VoiceReader::IsStep(std::string_view clause, size_t at, size_t end, std::string_view promised) const {
  const auto is_step = [&](size_t place, size_t size) {
    return size != 0 && promised.find(clause.substr(place, size)) == kNowhere;
  };
  if (is_step(end, act_noun_.MatchAt(clause, end))) return true;
  const size_t first = at - std::min(at, kStepReach), last = std::min(clause.size(), end + kStepReach);
  for (size_t place = step_.Find(clause, end); place != kNowhere && place < last;
       place = step_.Find(clause, place + 1)) {
    if (is_step(place, step_.MatchAt(clause, place)) && IsUnbroken(clause.substr(end, place - end))) return true;
  }
  const size_t before = step_.FindLast(clause.substr(0, at));
  if (before == kNowhere || before < first) return false;
  const size_t size = step_.MatchAt(clause, before);
  return is_step(before, size) && before + size <= at && IsUnbroken(clause.substr(before, at - before));
}

void VoiceReader::HearDone(std::string_view clause, std::string_view promised, Voice* voice) const {
  const size_t limit = std::min(Intention(clause), Failure(clause, promised));
  for (size_t at = done_.Find(clause); at != kNowhere && at < limit;) {
    const size_t end = at + done_.MatchAt(clause, at);
    if (clause.substr(at, end - at) == kFinish && HasShareBehind(clause, end)) {
      voice->under_way = true;
    } else {
      (IsStep(clause, at, end, promised) ? voice->going_on : voice->done) = true;
    }
    at = done_.Find(clause, end);
  }
}

Voice VoiceReader::Listen(std::string_view clause, std::string_view promised) const {
  Voice voice;
  voice.not_done = Failure(clause, promised) != kNowhere;
  voice.intended = Intention(clause) != kNowhere;
  voice.under_way = under_way_.ContainedIn(clause);
  voice.going_on = going_on_.ContainedIn(clause);
  HearDone(clause, promised, &voice);
  for (size_t at = only_.Find(clause); at != kNowhere; at = only_.Find(clause, at + 1)) {
    const size_t word = only_.MatchAt(clause, at);
    voice.under_way |= word != 0 && act_.MatchAt(clause, at + word) != 0;
  }
  return voice;
}

size_t VoiceReader::Shared(const CommitmentClause& clause, std::string_view part) const {
  const std::vector<Gram> have = DistinctGrams(reader_.Read(part));
  return static_cast<size_t>(std::count_if(have.begin(), have.end(), [&](Gram gram) {
    return std::binary_search(clause.distinct.begin(), clause.distinct.end(), gram);
  }));
}

bool VoiceReader::NamesOther(const CommitmentClause& wanted, std::string_view words, size_t at) const {
  if (Shared(wanted, words) > 0 || reason_.ContainedIn(words.substr(0, at))) return false;
  return DistinctGrams(reader_.Read(words.substr(0, at))).size() >= kOwnThing;
}

bool VoiceReader::KeepsStart(std::string_view clause, std::string_view wanted) const {
  if (!start_.ContainedIn(wanted) || Failure(clause, wanted) != kNowhere || Intention(clause) != kNowhere) return false;
  if (!start_.ContainedIn(clause) && !begun_.ContainedIn(clause)) return false;
  for (size_t at = under_way_.Find(clause); at != kNowhere; at = under_way_.Find(clause, at + 1)) {
    const std::string_view word = clause.substr(at, under_way_.MatchAt(clause, at));
    if (begun_.MatchAt(word, 0) != word.size()) return false;
  }
  for (size_t at = step_.Find(clause); at != kNowhere; at = step_.Find(clause, at + 1)) {
    const std::string_view word = clause.substr(at, step_.MatchAt(clause, at));
    if (begun_.MatchAt(word, 0) == 0 && wanted.find(word) == kNowhere) return false;
  }
  return true;
}

Voice VoiceReader::Hear(const Commitment& commitment, const CommitmentClause& clause, const Passage& passage) const {
  const std::vector<std::string_view> parts = Parts(passage.text());
  const std::string_view promised = commitment.item->text();
  std::vector<size_t> shared(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) shared[i] = Shared(clause, parts[i]);
  const size_t most = shared.empty() ? 0 : *std::max_element(shared.begin(), shared.end());
  Voice voice;
  const CommitmentClause* wanted = &clause;  // that the words at hand speak of
  for (size_t i = 0; i < parts.size(); ++i) {
    if (shared[i] * 2 < most) continue;
    bool done = false, under_way = false, failed = false, later = false;
    for (const Piece& piece : Clauses(parts[i], {0, parts[i].size()})) {
      const std::string_view words = piece.of(parts[i]);
      Voice said = Listen(words, promised);
      if (said.not_done && NamesOther(clause, words, Failure(words, promised))) said = {};
      size_t alike = Shared(*wanted, words);
      for (const CommitmentClause& other : commitment.clauses) {
        const size_t pairs = Shared(other, words);
        if (pairs <= alike) continue;
        alike = pairs;
        wanted = &other;
      }
      if (KeepsStart(words, wanted->text)) {
        said.under_way = false;
        said.done = true;
      }
      failed |= said.not_done;
      // What is done behind what failed or was under way ends that, unless it is another thing or a number of it.
      const size_t at = done_.Find(words);
      if (said.done && !said.under_way && !said.not_done && !later && at != kNowhere && !HasDigit(words.substr(at)) &&
          !NamesOther(clause, words, words.size())) {
        failed = under_way = false;
      }
      under_way |= said.under_way;
      voice.going_on |= said.going_on;
      voice.intended |= said.intended || later;
      done |= said.done && !later;
      later |= later_.Starts(words);
    }
    voice.under_way |= under_way;
    voice.not_done |= failed;
    voice.done |= done && !failed;
  }
  return voice;
}

bool VoiceReader::DeniesFigure(std::string_view sentence, size_t at) const {
  bool later = false;
  for (const Piece& piece : Clauses(sentence, {0, sentence.size()})) {
    if (piece.begin > at) break;
    const std::string_view clause = piece.of(sentence);
    later |= later_.Starts(clause);
    if (at >= piece.end) continue;
    return later || Failure(clause, {}) != kNowhere || Intention(clause) < at - piece.begin;
  }
  return false;
}

bool VoiceReader::TellsUndone(const CommitmentClause& part, std::string_view promised, const Passage& passage) const {
  const std::string_view text = passage.text();
  const std::vector<Piece> pieces = Clauses(text, {0, text.size()});
  std::vector<size_t> shared;
  for (const Piece& piece : pieces) shared.push_back(Shared(part, piece.of(text)));
  const size_t most = shared.empty() ? 0 : *std::max_element(shared.begin(), shared.end());
  if (most == 0) return false;
  bool about = false;
  for (size_t i = 0; i < pieces.size(); ++i) {
    const std::string_view words = pieces[i].of(text);
    const size_t at = std::min({Failure(words, promised), under_way_.Find(words), Intention(words)});
    if (shared[i] > 0) {
      about = shared[i] * 2 >= most;
    } else if (NamesOther(part, words, std::min(at, words.size()))) {
      about = false;
    }
    if (about && at != kNowhere) return true;
    if (Listen(words, promised).done) about = false;
  }
  return false;
}

bool VoiceReader::TellsOtherYears(const CommitmentClause& clause, const Passage& passage) const {
  if (!over_years_.ContainedIn(passage.text())) return false;
  size_t most = 0;
  bool summed = false;
  for (const Piece& piece : Clauses(passage.text(), {0, passage.text().size()})) {
    const std::string_view part = piece.of(passage.text());
    const size_t shared = Shared(clause, part);
    if (shared <= most) continue;
    most = shared;
    summed = over_years_.ContainedIn(part);
  }
  return summed;
}

}  // namespace duban
