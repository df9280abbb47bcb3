// SPDX-License-Identifier: Apache-2.0
// How a sentence is matched with a commitment
//
// Chinese has no blanks between words, so things are compared by pairs of neighbouring characters. A pair weighs the
// more, the fewer sentences of the reports at hand have it: 城东 tells 城东司法所 from 城西司法所, 司法 tells nothing.
// The score of a clause against a sentence is the share of the clause's weight that the sentence covers, where
//   - a pair that is all of a longer string that is found counts half: it is mostly a chance meeting of characters;
//   - a pair found in the heading over the sentence counts a little less than one in the sentence itself, and a
//     sentence that has none itself is hardly evidence;
//   - little covered weight in all lowers the score: a short clause of common words matches too easily;
//   - a clause with a name in quotes or 《》 wants that name;
//   - a thing that bears another name is another thing: 城西公共法律服务中心 is no evidence for 城东公共法律服务中心;
//   so is
//     one of another rank: 省级示范社区 for 全国示范社区.
// A commitment is matched by its core clause, or by another one if the sentence has something of the core too.

#include "services/plan/matching.h"

#include <algorithm>
#include <cmath>

#include "common/text/utf8.h"

namespace duban {
namespace {

// All of these were set on the setting half of tests/corpus/testdata/links.textproto.
constexpr double kGenreSentences = 150;  // sentences of the genre that are added to those at hand
constexpr double kContextShare = 0.7;    // of a pair that only the heading has
constexpr double kOnlyContext = 0.6;     // factor for a sentence of which only the heading has anything
constexpr double kLonelyShare = 0.5;     // of a pair without neighbours
constexpr double kHalfWeight = 0.2;      // covered weight at which the score is halved
constexpr double kNameBonus = 0.5;       // of what lacks to 1, when a wanted name is there
constexpr double kMissingName = 0.55;    // factor when a wanted name is not there
constexpr double kNamePresent = 0.6;     // share of a name's pairs that counts as having it
constexpr double kNameWeight = 0.9;      // a name lighter than this is common: it is not wanted
constexpr size_t kShortestName = 2;      // characters: one alone is 在, 个 and the like
constexpr size_t kNameBytes = 12;        // a name of four characters identifies by itself
constexpr double kSecondary = 0.95;      // factor for a clause that is not the core
constexpr double kHeading = 0.9;         // factor for a heading, whose body says more
constexpr double kOpening = 0.95;        // factor for the opening, which sums up what stands below
constexpr double kUnfocused = 0.85;      // factor for a sentence nearly all of which is about other things
constexpr double kOther = 0.5;           // factor for a thing that bears another name: 城西… for 城东…
constexpr double kOtherTitle = 0.4;      // factor for a paper with another title
constexpr double kSameTitle = 0.8;       // share of the pairs of a title that a short form of it has at least
constexpr size_t kNamedRun = 3;          // pairs that a common part has at least, to look for names before it
constexpr double kLightCoreless = 0.8;
constexpr double kCoreWeight = 0.5;  // the lightest clause that can be the core

// Whether the passage has a name that the clause quotes: a name identifies, whatever the core says.
bool SharesName(const CommitmentClause& clause, const Passage& passage) {
  return std::any_of(clause.grams.names.begin(), clause.grams.names.end(), [&](const Grams::Name& name) {
    return name.text.size() >= kNameBytes && passage.folded.find(name.text) != std::string::npos;
  });
}

bool Has(const std::vector<Gram>& sorted, Gram gram) { return std::binary_search(sorted.begin(), sorted.end(), gram); }

// The characters that stand right before the pair at `at`, in its run, and in no pair of `others`: a name, if they are
// several or stand inside the run. 在 and 个 in front of it are none.
std::u32string OwnBefore(const std::vector<Grams::Place>& places, size_t at, const std::vector<Gram>& others) {
  size_t begin = at;
  const auto joined = [&] { return begin > 0 && places[begin - 1].run == places[at].run; };
  while (joined() && !Has(others, places[begin - 1].gram)) --begin;
  // The pair in front, which is shared, has the first character of the first one that is not.
  const bool inside = begin < at && joined();
  std::u32string name;
  for (size_t i = begin + (inside ? 1 : 0); i < at; ++i) name += static_cast<char32_t>(places[i].gram >> 32);
  return inside || name.size() >= kShortestName ? name : std::u32string();
}

// Whether characters before a string in one text, and before it in another, can be two names of one kind. 均 for 全部
// are none, nor is 缓减 for 减缓.
bool AreTwoNames(const std::u32string& one, const std::u32string& other) {
  const auto [low, high] = std::minmax({one.size(), other.size()});
  if (low < kShortestName ? low != high || low == 0 : high > low + 1) return false;
  return !std::is_permutation(one.begin(), one.end(), other.begin(), other.end());
}

// Share of the pairs of neighbouring characters of `title` that `other` has too.
double PairsIn(std::string_view title, std::string_view other) {
  int pairs = 0, shared = 0;
  for (CodePoint c = DecodeAt(title, 0); c.size != 0;) {
    const CodePoint next = DecodeAt(title, c.offset + c.size);
    if (next.size == 0) break;
    ++pairs;
    shared += other.find(title.substr(c.offset, c.size + next.size)) != std::string_view::npos;
    c = next;
  }
  return pairs == 0 ? 0 : static_cast<double>(shared) / pairs;
}

// Whether two titles end with the same word, which tells what kind of paper it is: not so 预案 and 预案宣传手册. What
// stands behind it in brackets (（试行）) is left out.
bool AreOneKind(std::string_view one, std::string_view other) {
  constexpr size_t kWord = 2;  // characters
  const auto kind = [](std::string_view title) {
    title = title.substr(0, title.find('('));
    size_t begin = title.size();
    for (size_t n = 0; n < kWord && begin > 0; ++n) begin = DecodeBefore(title, begin).offset;
    return title.substr(begin);
  };
  return kind(one) == kind(other);
}

// Whether `wanted` names a paper and `have` names papers, none of which is it: 《档案办法》 for 《考核办法》.
bool HasOtherTitle(const Grams& wanted, const Grams& have) {
  bool wants = false, names = false;
  for (const Grams::Name& title : wanted.names) {
    if (!title.is_title) continue;
    wants = true;
    for (const Grams::Name& other : have.names) {
      if (!other.is_title) continue;
      names = true;
      if (!AreOneKind(title.text, other.text)) continue;
      if (std::max(PairsIn(title.text, other.text), PairsIn(other.text, title.text)) >= kSameTitle) return false;
    }
  }
  return wants && names;
}

std::vector<Gram> OfRun(const Grams& grams, int run) {
  std::vector<Gram> out;
  for (const Grams::Place& place : grams.places) {
    if (place.run == run) out.push_back(place.gram);
  }
  return out;
}

// Whether two strings, each of at least `least` pairs, have no more than half of the shorter one in common.
bool Differ(const std::vector<Gram>& one, const std::vector<Gram>& other, size_t least) {
  if (std::min(one.size(), other.size()) < least) return false;
  const auto shared = std::count_if(
      one.begin(), one.end(), [&](Gram gram) { return std::find(other.begin(), other.end(), gram) != other.end(); });
  return 2 * static_cast<size_t>(shared) <= std::min(one.size(), other.size());
}

// Whether a quoted name that both have is that of another thing in the passage: there stand other words before it (渣土
// “清朗”行动 for 广告“清朗”行动), or behind it, and the passage has nothing of the clause's (“柳林杯”书法展 for
// “柳林杯”长跑赛).
bool BearsNameOfOther(const Grams& wanted, const Passage& passage) {
  for (const Grams::Name& name : wanted.names) {
    if (name.is_title) continue;
    const std::vector<Gram> before = OfRun(wanted, name.before), behind = OfRun(wanted, name.behind);
    const bool told = std::any_of(behind.begin(), behind.end(),
                                  [&](Gram gram) { return Has(passage.own, gram) || Has(passage.context, gram); });
    bool found = false, other = true;
    for (const Grams::Name& have : passage.grams.names) {
      if (have.text != name.text) continue;
      found = true;
      other &= Differ(before, OfRun(passage.grams, have.before), kShortestName) ||
               (!told && Differ(behind, OfRun(passage.grams, have.behind), kNamedRun));
    }
    if (found && other) return true;
  }
  return false;
}

}  // namespace

GramWeights::GramWeights(const TrackLexicon& lexicon) : sentences_(kGenreSentences) {
  for (const auto& common : lexicon.common_pairs()) {
    for (const std::string& pair : common.pair()) {
      const CodePoint first = DecodeAt(pair, 0);
      const CodePoint second = DecodeAt(pair, first.size);
      sentences_of_[static_cast<Gram>(first.value) << 32 | second.value] = kGenreSentences * common.share();
    }
  }
}

void GramWeights::Count(const std::vector<Gram>& distinct) {
  ++sentences_;
  for (const Gram gram : distinct) ++sentences_of_[gram];
}

double GramWeights::Of(Gram gram) const {
  const auto found = sentences_of_.find(gram);
  const double have = found == sentences_of_.end() ? 1 : std::max(1.0, found->second);
  const double all = sentences_ + 1;
  return std::max(0.05, std::log(all / have) / std::log(all));
}

CommitmentClause ReadClause(std::string_view words, const GramReader& reader, const GramWeights& weights) {
  CommitmentClause clause;
  clause.text = words;
  clause.grams = reader.Read(words);
  clause.distinct = DistinctGrams(clause.grams);
  for (const Grams::Place& place : clause.grams.places) clause.weight += weights.Of(place.gram);
  return clause;
}

Commitment ReadCommitment(const v1::PlanItem& item, const GramReader& reader, const GramWeights& weights) {
  Commitment commitment;
  commitment.item = &item;
  const std::string_view text = item.text();
  Piece body{0, text.size()};
  if (!item.marker().empty() && text.starts_with(item.marker())) body.begin = item.marker().size();
  for (const Piece& piece : Clauses(text, body)) {
    const std::string_view words = piece.of(text);
    if (!item.responsible_unit().empty() && words.find(item.responsible_unit()) != std::string_view::npos) continue;
    CommitmentClause clause = ReadClause(words, reader, weights);
    if (clause.grams.places.empty()) continue;
    if (commitment.core < 0 && clause.weight >= kCoreWeight)
      commitment.core = static_cast<int>(commitment.clauses.size());
    commitment.clauses.push_back(std::move(clause));
  }
  if (commitment.core < 0 && !commitment.clauses.empty()) commitment.core = 0;
  return commitment;
}

PassageIndex::PassageIndex(std::vector<Passage> passages, const GramWeights& weights)
    : passages_(std::move(passages)), weights_(weights) {
  for (int i = 0; i < static_cast<int>(passages_.size()); ++i) {
    double own_weight = 0;
    for (const Gram gram : passages_[i].own) {
      passages_of_[gram].push_back(i);
      own_weight += weights_.Of(gram);
    }
    own_weights_.push_back(own_weight);
    for (const Gram gram : passages_[i].context) {
      if (!Has(passages_[i].own, gram)) passages_of_[gram].push_back(i);
    }
  }
}

double PassageIndex::Score(const CommitmentClause& clause, int passage) const {
  if (clause.weight <= 0) return 0;
  const Passage& p = passages_[passage];
  const auto& places = clause.grams.places;
  const auto share = [&](size_t i) {
    return Has(p.own, places[i].gram) ? 1.0 : Has(p.context, places[i].gram) ? kContextShare : 0.0;
  };
  double covered = 0;
  bool own = false;
  for (size_t begin = 0, end = 0; begin < places.size(); begin = end) {
    double run = 0;
    size_t shared = 0;
    for (; end < places.size() && places[end].run == places[begin].run; ++end) {
      const double part = share(end);
      own |= part == 1;
      run += weights_.Of(places[end].gram) * part;
      shared += part > 0;
    }
    covered += run * (shared == 1 && end - begin > 1 ? kLonelyShare : 1.0);
  }
  double score = covered / clause.weight * covered / (covered + kHalfWeight);
  for (const Grams::Name& wanted : clause.grams.names) {
    const std::string& name = wanted.text;
    double name_weight = 0, name_covered = 0;
    for (size_t i = 0; i < places.size(); ++i) {
      std::string pair;
      AppendUtf8(static_cast<char32_t>(places[i].gram >> 32), &pair);
      AppendUtf8(static_cast<char32_t>(places[i].gram & 0xFFFFFFFF), &pair);
      if (name.find(pair) == std::string::npos) continue;
      name_weight += weights_.Of(places[i].gram);
      name_covered += weights_.Of(places[i].gram) * (share(i) > 0);
    }
    if (name_weight < kNameWeight) continue;
    if (p.folded.find(name) != std::string::npos) {
      score += kNameBonus * (1 - score);
    } else if (name_covered < kNamePresent * name_weight) {
      score *= kMissingName;
    }
  }
  if (IsOther(clause, p) || HasOtherRank(clause, passage) || BearsNameOfOther(clause.grams, p)) score *= kOther;
  if (HasOtherTitle(clause.grams, p.grams)) score *= kOtherTitle;
  if (!own) score *= kOnlyContext;
  // Of sentences that share as much, the one that says little else is the evidence.
  const double focus = covered / std::max(covered, own_weights_[passage]);
  return score * (kUnfocused + (1 - kUnfocused) * std::sqrt(focus)) * (p.is_heading ? kHeading : 1.0) *
         (p.role == v1::Section::OVERVIEW ? kOpening : 1.0);
}

bool PassageIndex::HasOtherRank(const CommitmentClause& clause, int passage) const {
  const auto& have = passages_[passage].grams.ranks;
  return std::any_of(clause.grams.ranks.begin(), clause.grams.ranks.end(), [&](const Grams::Rank& wanted) {
    const auto of_it = [&](const Grams::Rank& r) { return r.of.starts_with(wanted.of) || wanted.of.starts_with(r.of); };
    return std::any_of(have.begin(), have.end(), of_it) &&
           std::none_of(have.begin(), have.end(), [&](const auto& r) { return of_it(r) && r.rank == wanted.rank; });
  });
}

bool PassageIndex::NamesOther(const CommitmentClause& clause, int passage) const {
  const Passage& p = passages_[passage];
  return IsOther(clause, p) || std::any_of(clause.grams.names.begin(), clause.grams.names.end(), [&](const auto& name) {
           return p.folded.find(name.text) == std::string::npos;
         });
}

// Whether a string that both have bears different names: right before it stands an unshared part in the clause, and
// another one of about that length in the passage, and it stands nowhere in the passage without one.
bool PassageIndex::IsOther(const CommitmentClause& clause, const Passage& passage) const {
  const auto& wanted = clause.grams.places;
  const auto& have = passage.grams.places;
  for (size_t i = 1; i < wanted.size(); ++i) {
    if (wanted[i - 1].run != wanted[i].run || Has(passage.own, wanted[i - 1].gram)) continue;
    size_t end = i;
    while (end < wanted.size() && wanted[end].run == wanted[i].run && Has(passage.own, wanted[end].gram)) ++end;
    if (end - i < kNamedRun) continue;
    const std::u32string name = OwnBefore(wanted, i, passage.own);
    bool other = false, same = false;
    for (size_t j = 0; j < have.size(); ++j) {
      if (have[j].gram != wanted[i].gram) continue;
      (AreTwoNames(name, OwnBefore(have, j, clause.distinct)) ? other : same) = true;
    }
    if (other && !same) return true;
    i = end - 1;
  }
  return false;
}

std::vector<Match> PassageIndex::Find(const Commitment& commitment, double least, double coreless) const {
  if (commitment.core < 0) return {};
  if (commitment.has_light_core()) coreless = std::max(coreless, kLightCoreless);
  // The most that each passage could score: the share of a clause's weight that it has, or all where a name may add to
  // it.
  std::unordered_map<int, double> bounds;
  for (const CommitmentClause& clause : commitment.clauses) {
    std::unordered_map<int, double> shared;
    for (const Grams::Place& place : clause.grams.places) {
      const auto found = passages_of_.find(place.gram);
      if (found == passages_of_.end()) continue;
      const double share = clause.grams.names.empty() ? weights_.Of(place.gram) / clause.weight : 1;
      for (const int passage : found->second) shared[passage] += share;
    }
    for (const auto& [passage, share] : shared) {
      double& bound = bounds[passage];
      bound = std::max(bound, share);
    }
  }
  std::vector<Match> matches;
  for (const auto& [passage, bound] : bounds) {
    if (bound < least) continue;
    Match match;
    match.passage = passage;
    match.core_score = match.score = Score(commitment.clauses[commitment.core], passage);
    match.clause = commitment.core;
    for (int i = 0; i < static_cast<int>(commitment.clauses.size()); ++i) {
      if (i == commitment.core) continue;
      const CommitmentClause& clause = commitment.clauses[i];
      const double with_core =
          SharesName(clause, passages_[passage]) ? 1 : coreless + (1 - coreless) * std::min(1.0, 2 * match.core_score);
      const double score = kSecondary * with_core * Score(clause, passage);
      if (score > match.score) {
        match.score = score;
        match.clause = i;
      }
    }
    if (match.score >= least) matches.push_back(match);
  }
  std::sort(matches.begin(), matches.end(), [](const Match& a, const Match& b) {
    return a.score != b.score ? a.score > b.score : a.passage < b.passage;
  });
  return matches;
}

}  // namespace duban
