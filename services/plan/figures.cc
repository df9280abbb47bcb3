// SPDX-License-Identifier: Apache-2.0
// How the figure that answers a target is found
//
// Both must be of one kind: units that compare, years that do not differ, catalog metrics that are not two different
// ones. And they must measure one thing: one catalog metric, or labels alike. A figure whose label has words of its
// own, none of them the target's, measures something else, however much its sentence says about the target; only the
// one figure of its unit in a sentence that bears the promised name needs no label. A figure is the surer, the more
// alike the labels are and the more surely the sentence speaks of the clause with the target; sharing a catalog metric
// counts for both. Below kLeast there is no answer, and the words decide, unless the metric is shared and the sentence
// names no other thing.

#include "services/plan/figures.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/plan/clauses.h"

namespace duban {
namespace {

constexpr double kLeast = 0.5;        // set on the setting half of tests/corpus/testdata/links.textproto
constexpr double kNamed = 0.6;        // for a figure of what the target names, told in fewer words
constexpr double kLabel = 0.4;        // weight of the labels against that of the sentence
constexpr double kMetricBonus = 0.2;  // for one catalog metric
constexpr double kUnlike = 0.1;       // labels less alike than this have nothing in common
// Weights of the words that each of two labels has for itself, from which on they speak of different things: where they
// share no metric, and at least this part of what they share; where they do; where nothing but the metric speaks for
// it.
constexpr double kOwn = 1.9;
constexpr double kOwnShare = 0.55;
constexpr double kOwnOfMetric = 3.5;
constexpr double kOwnOfMetricAlone = 2.5;

// Whether two figures are so far apart that they hardly measure one thing: 2 per village, 386 in all.
bool FarApart(const v1::Quantity& planned, const v1::Quantity& actual) {
  constexpr double kFar = 20;
  const double low = std::min(planned.value(), actual.value()), high = std::max(planned.value(), actual.value());
  return planned.kind() != v1::Quantity::PERCENT && low > 0 && high > kFar * low;
}

// Whether one amount is at most twice the other.
bool AboutAsMany(const v1::Quantity& planned, const v1::Quantity& actual) {
  constexpr double kClose = 2;
  const double low = std::min(planned.value(), actual.value()), high = std::max(planned.value(), actual.value());
  return planned.kind() != v1::Quantity::PERCENT && actual.kind() != v1::Quantity::PERCENT && low > 0 &&
         high <= kClose * low;
}

// Whether `part` is `whole`, or what is left of it without some of its characters, and ends as it does.
bool IsShortOf(std::string_view part, std::string_view whole) {
  constexpr size_t kEnd = 2;  // characters
  size_t tail = part.size();
  for (size_t n = 0; n < kEnd; ++n) {
    if (tail == 0) return false;
    tail = DecodeBefore(part, tail).offset;
  }
  if (!whole.ends_with(part.substr(tail))) return false;
  size_t at = 0;
  for (const CodePoint& c : CodePoints(part)) {
    at = whole.find(part.substr(c.offset, c.size), at);
    if (at == std::string_view::npos) return false;
    at += c.size;
  }
  return true;
}

WordSet UnitsOf(const TrackLexicon& lexicon) {
  google::protobuf::RepeatedPtrField<std::string> units;
  for (const auto& group : lexicon.same_units()) units.MergeFrom(group.unit());
  return WordSet(units);
}

}  // namespace

std::string_view BareUnit(std::string_view unit) {
  constexpr std::string_view kOne = "个";
  return unit.size() > kOne.size() && unit.starts_with(kOne) ? unit.substr(kOne.size()) : unit;
}

FigureMatcher::FigureMatcher(const TrackLexicon& lexicon, const GramReader& reader, const VoiceReader& voices,
                             const Distinctions& distinctions)
    : reader_(reader),
      voices_(voices),
      distinctions_(distinctions),
      over_years_(lexicon.over_years()),
      part_year_(lexicon.part_year()),
      whole_year_(lexicon.whole_year()),
      units_(UnitsOf(lexicon)),
      flow_(lexicon.flow()),
      stock_(lexicon.stock()),
      sum_(lexicon.sum()),
      this_year_(lexicon.this_year()),
      last_year_(lexicon.last_year()),
      done_(lexicon.done()),
      measure_(lexicon.measure()),
      lead_in_(lexicon.lead_in()),
      in_all_(lexicon.in_all()),
      handed_on_(lexicon.handed_on()) {
  for (const auto& scope : lexicon.scope()) {
    scopes_.push_back({scope.level(), WordSet(scope.word()), WordSet(scope.own()), !scope.own().empty()});
  }
  for (const auto& group : lexicon.same_units()) same_units_.emplace_back(group.unit().begin(), group.unit().end());
}

bool FigureMatcher::PromisesStock(const CommitmentClause& clause) const {
  return stock_.ContainedIn(clause.text) || in_all_.ContainedIn(clause.text);
}

bool FigureMatcher::IsNewOfStock(const CommitmentClause& clause, const Candidate& candidate, const PassageIndex& index,
                                 const std::vector<Candidate>& candidates) const {
  if (!PromisesStock(clause)) return false;
  const Passage& passage = index.passages()[candidate.passage];
  const std::string_view words = WordsBefore(passage, *candidate.indicator);
  if (!flow_.ContainedIn(words) && !this_year_.ContainedIn(words)) return false;
  return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
    if (other.passage != candidate.passage || !SameUnit(*other.indicator, *candidate.indicator)) return false;
    const std::string_view all = WordsBefore(passage, *other.indicator);
    return (stock_.ContainedIn(all) || in_all_.ContainedIn(all)) && !flow_.ContainedIn(all);
  });
}

bool FigureMatcher::IsStock(const CommitmentClause& clause, const Candidate& candidate,
                            const PassageIndex& index) const {
  if (!flow_.ContainedIn(clause.text)) return false;
  const std::string_view words = WordsBefore(index.passages()[candidate.passage], *candidate.indicator);
  return stock_.ContainedIn(words) && !flow_.ContainedIn(words);
}

bool FigureMatcher::IsTold(const CommitmentClause* clause, const Candidate& candidate,
                           const PassageIndex& index) const {
  const Passage& passage = index.passages()[candidate.passage];
  const size_t at = static_cast<size_t>(candidate.indicator->span().begin()) - passage.sentence.begin;
  if (voices_.DeniesFigure(passage.text(), at)) return false;
  if (candidate.sum && (clause == nullptr || (flow_.ContainedIn(clause->text) && !PromisesStock(*clause))))
    return false;
  return clause == nullptr ||
         (!IsStock(*clause, candidate, index) && !distinctions_.IsOther(clause->text, passage.text()));
}

std::pair<double, double> FigureMatcher::Split(std::string_view part, std::string_view whole,
                                               const GramWeights& weights) const {
  const std::vector<Gram> a = DistinctGrams(reader_.Read(part)), b = DistinctGrams(reader_.Read(whole));
  double shared = 0, own = 0;
  for (const Gram gram : a) (std::binary_search(b.begin(), b.end(), gram) ? shared : own) += weights.Of(gram);
  return {shared, own};
}

double FigureMatcher::Share(std::string_view part, std::string_view whole, const GramWeights& weights) const {
  const auto [shared, own] = Split(part, whole, weights);
  return shared > 0 ? shared / (shared + own) : 0;
}

double FigureMatcher::Likeness(std::string_view one, std::string_view other, const GramWeights& weights) const {
  const std::vector<Gram> a = DistinctGrams(reader_.Read(one));
  const std::vector<Gram> b = DistinctGrams(reader_.Read(other));
  std::vector<Gram> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  const auto weigh = [&](const std::vector<Gram>& grams) {
    double sum = 0;
    for (const Gram gram : grams) sum += weights.Of(gram);
    return sum;
  };
  const double all = weigh(a) + weigh(b);
  return all > 0 ? 2 * weigh(both) / all : 0;
}

bool FigureMatcher::SameUnit(const v1::Indicator& one, const v1::Indicator& other) const {
  const std::string_view a = BareUnit(one.quantity().unit()), b = BareUnit(other.quantity().unit());
  return a == b || std::any_of(same_units_.begin(), same_units_.end(), [&](const std::vector<std::string>& group) {
           return std::find(group.begin(), group.end(), a) != group.end() &&
                  std::find(group.begin(), group.end(), b) != group.end();
         });
}

bool FigureMatcher::MeasuresOther(const CommitmentClause* clause, const Candidate& candidate, const PassageIndex& index,
                                  const std::vector<Candidate>& candidates) const {
  if (reader_.Read(candidate.indicator->label()).places.empty()) return false;
  const std::string& sentence = index.passages()[candidate.passage].folded;
  const bool named = clause != nullptr &&
                     std::any_of(clause->grams.names.begin(), clause->grams.names.end(), [&](const Grams::Name& name) {
                       return sentence.find(name.text) != std::string::npos;
                     });
  if (!named) return true;
  // Candidates stand in order of their passages.
  const auto of_passage =
      std::equal_range(candidates.begin(), candidates.end(), candidate,
                       [](const Candidate& a, const Candidate& b) { return a.passage < b.passage; });
  return std::count_if(of_passage.first, of_passage.second,
                       [&](const Candidate& other) { return SameUnit(*other.indicator, *candidate.indicator); }) != 1;
}

std::string_view FigureMatcher::ThingOf(std::string_view label) const {
  std::string_view name = distinctions_.NameOf(label);
  for (size_t at = 0; at < name.size(); at += DecodeAt(name, at).size) {
    if (at > 0 && at + measure_.MatchAt(name, at) == name.size()) return name.substr(0, at);
  }
  return name;
}

bool FigureMatcher::MayMeasure(const v1::Indicator& target, const v1::Indicator& actual) const {
  if (!SameUnit(target, actual) || !AboutAsMany(target.quantity(), actual.quantity())) return false;
  const std::string_view wanted = ThingOf(target.label()), have = ThingOf(actual.label());
  for (const CodePoint& c : CodePoints(have)) {
    if (IsHan(c.value) && wanted.find(have.substr(c.offset, c.size)) != std::string_view::npos) return true;
  }
  return false;
}

bool FigureMatcher::NamesSame(const v1::Indicator& target, const CommitmentClause& clause, const Candidate& candidate,
                              const PassageIndex& index) const {
  constexpr std::string_view kAndSo = "等";  // ends what leads in: 通过公开考试等方式
  if (!AboutAsMany(target.quantity(), candidate.indicator->quantity())) return false;
  const Passage& passage = index.passages()[candidate.passage];
  const std::string_view text = passage.report->document().text();
  const std::vector<Piece> before =
      Clauses(text, {passage.sentence.begin, static_cast<size_t>(candidate.indicator->span().begin())});
  if (before.empty()) return false;
  // What a clause without a figure says in front of it may be what the figure is told of: 水厂开工，完成投资3亿元.
  for (size_t i = 0; i + 1 < before.size(); ++i) {
    const std::string_view words = before[i].of(text);
    const bool figure = std::any_of(words.begin(), words.end(), [](unsigned char c) { return IsDigit(c); });
    if (!figure && !reader_.Read(words).places.empty()) return false;
  }
  std::string_view words = before.back().of(text);
  if (lead_in_.Starts(words)) {
    const size_t end = words.rfind(kAndSo);
    if (end != std::string_view::npos) words.remove_prefix(end + kAndSo.size());
  }
  const std::string_view wanted = ThingOf(target.label()), have = ThingOf(words);
  const Grams own = reader_.Read(have);
  if (own.places.empty() || !IsShortOf(have, wanted)) return false;
  const std::vector<Gram> named = DistinctGrams(own), said = DistinctGrams(reader_.Read(words));
  return std::all_of(said.begin(), said.end(), [&](Gram gram) {
    return std::binary_search(named.begin(), named.end(), gram) ||
           std::binary_search(clause.distinct.begin(), clause.distinct.end(), gram);
  });
}

double FigureMatcher::Likelihood(const v1::Indicator& target, const CommitmentClause* clause,
                                 const Commitment& commitment, const Candidate& candidate,
                                 const std::vector<Candidate>& candidates, const PassageIndex& index,
                                 const GramWeights& weights) const {
  const v1::Indicator& actual = *candidate.indicator;
  if (!SameUnit(target, actual)) return 0;
  if (clause != nullptr &&
      (index.HasOtherRank(*clause, candidate.passage) || IsNewOfStock(*clause, candidate, index, candidates))) {
    return 0;
  }
  if (!target.metric().empty() && !actual.metric().empty() && target.metric() != actual.metric()) return 0;
  const bool same_metric = !target.metric().empty() && target.metric() == actual.metric();
  double least = 0;  // that the names alone are worth
  if (clause != nullptr && target.aspect() == v1::Indicator::TARGET && actual.aspect() == v1::Indicator::ACTUAL &&
      NamesSame(target, *clause, candidate, index) && IsTold(clause, candidate, index)) {
    least = kNamed;
  }
  const double likeness = Likeness(target.label(), actual.label(), weights);
  if (likeness < kSurelyAlike && FarApart(target.quantity(), actual.quantity())) return least;
  // 生活垃圾处理率 and 生活污水处理率, 农村危房 and 农村户厕: alike, but each with words of its own.
  const auto [shared, own] = Split(target.label(), actual.label(), weights);
  const double apart = std::min(own, Split(actual.label(), target.label(), weights).second);
  const double most = same_metric ? kOwnOfMetric : std::max(kOwn, kOwnShare * shared);
  if (apart >= most && likeness < kSurelyAlike) return least;
  if (!same_metric && likeness < kUnlike && MeasuresOther(clause, candidate, index, candidates)) return least;
  if (distinctions_.AreOtherShares(target.label(), actual.label())) return least;
  double sentence = clause != nullptr ? index.Score(*clause, candidate.passage) : 0;
  if (commitment.core >= 0) {
    sentence = std::max(sentence, index.Score(commitment.clauses[commitment.core], candidate.passage));
  }
  const double score = kLabel * likeness + (1 - kLabel) * sentence + (same_metric ? kMetricBonus : 0);
  // A broad metric holds things that are not one: 培训企业安全管理人员 and 培训灾害信息员.
  const bool by_metric = score < kLeast && same_metric && apart < kOwnOfMetricAlone && clause != nullptr &&
                         !index.NamesOther(*clause, candidate.passage);
  if (score < kLeast && !by_metric) return least;
  return IsTold(clause, candidate, index) ? std::max({score, kLeast, least}) : 0;
}

bool FigureMatcher::IsOneOfSeveral(const v1::Indicator& target, const CommitmentClause* clause,
                                   const Commitment& commitment, const Candidate& candidate, double score,
                                   const std::vector<Candidate>& candidates, const PassageIndex& index,
                                   const GramWeights& weights) const {
  constexpr double kAbout = 0.05;
  return std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
    return other.indicator != candidate.indicator && other.passage == candidate.passage && !other.part_year &&
           other.indicator->aspect() == candidate.indicator->aspect() &&
           SameUnit(*other.indicator, *candidate.indicator) &&
           Likelihood(target, clause, commitment, other, candidates, index, weights) >= score - kAbout;
  });
}

bool FigureMatcher::SameThing(const v1::Indicator& one, const v1::Indicator& other, const GramWeights& weights) const {
  if (!SameUnit(one, other)) return false;
  if (!one.metric().empty() && !other.metric().empty()) return one.metric() == other.metric();
  return Likeness(one.label(), other.label(), weights) >= kSurelyAlike;
}

}  // namespace duban
