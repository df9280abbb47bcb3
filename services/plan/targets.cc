// SPDX-License-Identifier: Apache-2.0
// How the figure that answers a target is found
//
// Both must be of one kind: units that compare, years that do not differ, catalog metrics that are not two different
// ones, growth against growth. And they must measure one thing: one catalog metric, or labels alike. A figure whose
// label has words of its own, none of them the target's, measures something else, however much its sentence says about
// the target; only the one figure of its unit in a sentence that bears the promised name needs no label.
// Of the figures left the best is taken by how alike the labels are and by how surely the sentence speaks of the clause
// with the target; sharing a catalog metric counts for both. Below kLeast there is no answer, and the words decide,
// unless the metric is shared and the sentence names no other thing.
//
// How the figure must stand to the promised one is the comparator that plan_targets.h read. A growth is answered by a
// growth that the report states, else reckoned from the level that it states and last year's, which the plan's own
// report tells. So are promises against last year's figure (不高于上年), whose thing is what stands before those words.
// More than was promised keeps EQUAL too: three stations where two were promised.

#include "services/plan/targets.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "common/text/utf8.h"

namespace duban {
namespace {

using Comparator = v1::PlanTarget::Comparator;

constexpr double kLeast = 0.5;        // set on the first half of tests/corpus/testdata/links.textproto
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
constexpr double kMostly = 0.4;       // share of one label that another one must have to speak of the same
constexpr double kSurelyAlike = 0.8;  // labels that need no figures of one size
constexpr double kHundred = 100;
constexpr char kPercentSign[] = "%";
constexpr double kFullLeast = 0.5;  // for a sentence that says 全覆盖 again

// Whether two figures are so far apart that they hardly measure one thing: 2 per village, 386 in all.
bool FarApart(const v1::Quantity& planned, const v1::Quantity& actual) {
  constexpr double kFar = 20;
  const double low = std::min(planned.value(), actual.value()), high = std::max(planned.value(), actual.value());
  return planned.kind() != v1::Quantity::PERCENT && low > 0 && high > kFar * low;
}

// The clause of `commitment` that holds byte `at` of the document.
const CommitmentClause* ClauseAt(const Commitment& commitment, int32_t at) {
  const char* place = commitment.item->text().data() + (at - commitment.item->span().begin());
  for (const CommitmentClause& clause : commitment.clauses) {
    if (clause.text.data() <= place && place < clause.text.data() + clause.text.size()) return &clause;
  }
  return nullptr;
}

// Calls `use` with each target that `plan` has in the item of `commitment`. Indicators stand in order of the text.
template <typename Use>
void ForEachTarget(const v1::Analysis& plan, const Commitment& commitment, Use use) {
  const v1::Span& item = commitment.item->span();
  const auto& indicators = plan.indicators();
  auto target = std::lower_bound(indicators.begin(), indicators.end(), item.begin(),
                                 [](const v1::Indicator& i, int32_t at) { return i.span().begin() < at; });
  for (; target != indicators.end() && target->span().begin() < item.end(); ++target) {
    if (target->aspect() == v1::Indicator::TARGET) use(*target);
  }
}

// What `plan` promises for `target`; nullptr if it does not say.
const v1::PlanTarget* PromiseOf(const v1::PlanItem& item, const v1::Indicator& target) {
  const auto found = std::find_if(item.plan_targets().begin(), item.plan_targets().end(),
                                  [&](const v1::PlanTarget& p) { return p.indicator() == target.id(); });
  return found == item.plan_targets().end() ? nullptr : &*found;
}

bool IsChange(Comparator comparator) {
  return comparator == v1::PlanTarget::INCREASE_BY || comparator == v1::PlanTarget::DECREASE_BY;
}

// A change as a rise: a decline is negative.
double Rise(const v1::Indicator& change) {
  return change.direction() == v1::Indicator::DOWN ? -change.quantity().value() : change.quantity().value();
}

bool Satisfies(Comparator comparator, double planned, double reached) {
  constexpr double kRounding = 1e-9;
  const double slack = kRounding * std::abs(planned);
  switch (comparator) {
    case v1::PlanTarget::AT_MOST:
    case v1::PlanTarget::NOT_ABOVE_LAST_YEAR:
      return reached <= planned + slack;
    case v1::PlanTarget::DECREASE_BY:
      return -reached >= planned - slack;
    default:
      return reached >= planned - slack;
  }
}

// 个百分点 -> 百分点.
std::string_view BareUnit(std::string_view unit) {
  constexpr std::string_view kOne = "个";
  return unit.size() > kOne.size() && unit.starts_with(kOne) ? unit.substr(kOne.size()) : unit;
}

}  // namespace

TargetChecker::TargetChecker(const TrackLexicon& lexicon, const GramReader& reader)
    : reader_(reader),
      full_reached_(lexicon.full_reached()),
      share_suffix_(lexicon.share_suffix()),
      over_years_(lexicon.over_years()) {
  for (const auto& group : lexicon.same_units()) same_units_.emplace_back(group.unit().begin(), group.unit().end());
}

std::vector<TargetChecker::Candidate> TargetChecker::Candidates(const PassageIndex& index, int year) const {
  std::vector<Candidate> out;
  const auto& passages = index.passages();
  // Passages and indicators of one report both stand in order.
  const v1::Analysis* report = nullptr;
  int next = 0;
  for (int p = 0; p < static_cast<int>(passages.size()); ++p) {
    if (passages[p].report != report) {
      report = passages[p].report;
      next = 0;
    }
    const auto& indicators = report->indicators();
    for (; next < indicators.size() && indicators[next].span().begin() < static_cast<int32_t>(passages[p].sentence.end);
         ++next) {
      const v1::Indicator& indicator = indicators[next];
      if (indicator.span().begin() < static_cast<int32_t>(passages[p].sentence.begin)) continue;
      if (indicator.aspect() != v1::Indicator::ACTUAL && indicator.aspect() != v1::Indicator::CHANGE) continue;
      if (year != 0 && indicator.year() != 0 && indicator.year() != year) continue;
      if (SumsOverYears(passages[p], indicator)) continue;
      out.push_back({&indicator, p});
    }
  }
  return out;
}

bool TargetChecker::SumsOverYears(const Passage& passage, const v1::Indicator& indicator) const {
  const size_t end = static_cast<size_t>(indicator.span().begin());
  const std::vector<Piece> before = Clauses(passage.report->document().text(), {passage.sentence.begin, end});
  return !before.empty() && over_years_.ContainedIn(before.back().of(passage.report->document().text()));
}

std::pair<double, double> TargetChecker::Split(std::string_view part, std::string_view whole,
                                               const GramWeights& weights) const {
  const std::vector<Gram> a = DistinctGrams(reader_.Read(part)), b = DistinctGrams(reader_.Read(whole));
  double shared = 0, own = 0;
  for (const Gram gram : a) (std::binary_search(b.begin(), b.end(), gram) ? shared : own) += weights.Of(gram);
  return {shared, own};
}

double TargetChecker::Share(std::string_view part, std::string_view whole, const GramWeights& weights) const {
  const auto [shared, own] = Split(part, whole, weights);
  return shared > 0 ? shared / (shared + own) : 0;
}

double TargetChecker::Likeness(std::string_view one, std::string_view other, const GramWeights& weights) const {
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

bool TargetChecker::SameUnit(const v1::Indicator& one, const v1::Indicator& other) const {
  const std::string_view a = BareUnit(one.quantity().unit()), b = BareUnit(other.quantity().unit());
  return a == b || std::any_of(same_units_.begin(), same_units_.end(), [&](const std::vector<std::string>& group) {
           return std::find(group.begin(), group.end(), a) != group.end() &&
                  std::find(group.begin(), group.end(), b) != group.end();
         });
}

bool TargetChecker::MeasuresOther(const CommitmentClause* clause, const Candidate& candidate, const PassageIndex& index,
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

bool TargetChecker::IsMet(const v1::PlanTarget& promise, const v1::Indicator& actual) {
  const double reached = actual.aspect() == v1::Indicator::CHANGE ? Rise(actual) : actual.quantity().value();
  // Nearly 60 is not 60.
  if (actual.quantity().qualifier() == v1::Quantity::NEARLY && reached == promise.value()) {
    return promise.comparator() == v1::PlanTarget::AT_MOST;
  }
  return Satisfies(promise.comparator(), promise.value(), reached);
}

bool TargetChecker::IsMetForGood(const v1::PlanTarget& promise, const v1::Indicator& actual) {
  const bool lasts = promise.comparator() == v1::PlanTarget::AT_LEAST || promise.comparator() == v1::PlanTarget::EQUAL;
  return lasts && IsMet(promise, actual);
}

bool TargetChecker::CheckFull(const CommitmentClause& clause, const Commitment& commitment, const PassageIndex& index,
                              const std::vector<Candidate>& candidates, TargetResult* result) const {
  constexpr double kAll = 100;
  result->target.set_planned(kAll);
  result->target.set_unit("%");
  result->target.set_comparator(v1::PlanTarget::AT_LEAST);
  const CommitmentClause& core = commitment.clauses[commitment.core];
  std::unordered_map<int, double> scores;
  const auto score_of = [&](int passage) {
    const auto [entry, fresh] = scores.try_emplace(passage, 0);
    if (fresh) entry->second = std::max(index.Score(clause, passage), index.Score(core, passage));
    return entry->second;
  };
  for (int p = 0; p < static_cast<int>(index.passages().size()); ++p) {
    const Passage& passage = index.passages()[p];
    if (passage.role == v1::Section::PROBLEM || !full_reached_.ContainedIn(passage.folded)) continue;
    if (const double score = score_of(p); score >= kFullLeast && score > result->score) {
      result->score = score;
      result->passage = p;
      result->target.set_actual(kAll);
    }
  }
  for (const Candidate& candidate : candidates) {
    const v1::Indicator& indicator = *candidate.indicator;
    if (indicator.aspect() != v1::Indicator::ACTUAL || indicator.quantity().unit() != "%") continue;
    if (!share_suffix_.Ends(indicator.label())) continue;
    if (index.passages()[candidate.passage].part_year && indicator.quantity().value() < kAll) continue;
    if (const double score = score_of(candidate.passage); score >= kFullLeast && score > result->score) {
      result->score = score;
      result->passage = candidate.passage;
      result->target.set_actual(indicator.quantity().value());
    }
  }
  if (!result->target.has_actual()) return false;
  result->target.set_met(result->target.actual() >= kAll);
  return true;
}

double TargetChecker::Likelihood(const v1::Indicator& target, const CommitmentClause* clause,
                                 const Commitment& commitment, const Candidate& candidate,
                                 const std::vector<Candidate>& candidates, const PassageIndex& index,
                                 const GramWeights& weights) const {
  const v1::Indicator& actual = *candidate.indicator;
  if (!SameUnit(target, actual)) return 0;
  if (clause != nullptr && index.HasOtherRank(*clause, candidate.passage)) return 0;
  if (!target.metric().empty() && !actual.metric().empty() && target.metric() != actual.metric()) return 0;
  const bool same_metric = !target.metric().empty() && target.metric() == actual.metric();
  const double likeness = Likeness(target.label(), actual.label(), weights);
  if (likeness < kSurelyAlike && FarApart(target.quantity(), actual.quantity())) return 0;
  // 生活垃圾处理率 and 生活污水处理率, 农村危房 and 农村户厕: alike, but each with words of its own.
  const auto [shared, own] = Split(target.label(), actual.label(), weights);
  const double apart = std::min(own, Split(actual.label(), target.label(), weights).second);
  const double most = same_metric ? kOwnOfMetric : std::max(kOwn, kOwnShare * shared);
  if (apart >= most && likeness < kSurelyAlike) return 0;
  if (!same_metric && likeness < kUnlike && MeasuresOther(clause, candidate, index, candidates)) return 0;
  double sentence = clause != nullptr ? index.Score(*clause, candidate.passage) : 0;
  if (commitment.core >= 0) {
    sentence = std::max(sentence, index.Score(commitment.clauses[commitment.core], candidate.passage));
  }
  const double score = kLabel * likeness + (1 - kLabel) * sentence + (same_metric ? kMetricBonus : 0);
  if (score >= kLeast) return score;
  // A broad metric holds things that are not one: 培训企业安全管理人员 and 培训灾害信息员.
  return same_metric && apart < kOwnOfMetricAlone && clause != nullptr && !index.NamesOther(*clause, candidate.passage)
             ? kLeast
             : 0;
}

bool TargetChecker::SameThing(const v1::Indicator& one, const v1::Indicator& other, const GramWeights& weights) const {
  if (!SameUnit(one, other)) return false;
  if (!one.metric().empty() && !other.metric().empty()) return one.metric() == other.metric();
  return Likeness(one.label(), other.label(), weights) >= kSurelyAlike;
}

const v1::Indicator* TargetChecker::LastYear(const v1::Analysis& plan, int year, std::string_view label,
                                             const std::string& metric, const GramWeights& weights) const {
  const v1::Indicator* best = nullptr;
  double most = kSurelyAlike;
  for (const v1::Indicator& indicator : plan.indicators()) {
    if (indicator.aspect() != v1::Indicator::ACTUAL || indicator.year() == 0 || indicator.year() != year - 1) continue;
    const bool same_metric = !metric.empty() && indicator.metric() == metric;
    const double share = Share(indicator.label(), label, weights);
    const double likeness = same_metric ? 1 : Share(label, indicator.label(), weights) >= kMostly ? share : 0;
    if (likeness < most || (best != nullptr && likeness == most)) continue;
    most = likeness;
    best = &indicator;
  }
  return best;
}

bool TargetChecker::CheckAgainstLastYear(const v1::Analysis& plan, const v1::PlanTarget& promise,
                                         std::string_view label, const std::string& metric, const PassageIndex& index,
                                         const std::vector<Candidate>& candidates, const GramWeights& weights,
                                         TargetResult* result) const {
  const bool by = IsChange(promise.comparator());
  result->target.set_comparator(promise.comparator());
  const v1::Indicator* base = LastYear(plan, plan.document().plan_year(), label, metric, weights);
  for (const Candidate& candidate : candidates) {
    const v1::Indicator& actual = *candidate.indicator;
    if (index.passages()[candidate.passage].part_year) continue;
    if (actual.aspect() == v1::Indicator::CHANGE) {
      // A stated change answers by its direction alone.
      const bool same_metric = !metric.empty() && metric == actual.metric();
      const bool same = same_metric || (Share(actual.label(), label, weights) >= kSurelyAlike &&
                                        Share(label, actual.label(), weights) >= kMostly);
      if (by || !same) continue;
      result->target.set_planned(0);
      result->target.set_actual(Rise(actual));
      result->target.set_unit(actual.quantity().unit());
    } else {
      if (base == nullptr || !SameThing(*base, actual, weights)) continue;
      const double before = base->quantity().value(), now = actual.quantity().value();
      const bool share = promise.unit() == kPercentSign && base->quantity().kind() != v1::Quantity::PERCENT;
      if (by && share && before == 0) continue;
      result->target.set_planned(by ? promise.value() : before);
      result->target.set_actual(!by ? now : share ? (now - before) / before * kHundred : now - before);
      result->target.set_unit(by ? promise.unit() : base->quantity().unit());
    }
    result->target.set_met(Satisfies(promise.comparator(), result->target.planned(), result->target.actual()));
    result->passage = candidate.passage;
    result->score = kSurelyAlike;
    return true;
  }
  return false;
}

bool TargetChecker::CheckFigure(const v1::Indicator& target, const v1::PlanTarget& promise,
                                const CommitmentClause* clause, const Commitment& commitment, const PassageIndex& index,
                                const std::vector<Candidate>& candidates, const GramWeights& weights,
                                TargetResult* result) const {
  const v1::Indicator* answer = nullptr;
  for (const Candidate& candidate : candidates) {
    if ((candidate.indicator->aspect() == v1::Indicator::CHANGE) != IsChange(promise.comparator())) continue;
    if (index.passages()[candidate.passage].part_year && !IsMetForGood(promise, *candidate.indicator)) continue;
    const double score = Likelihood(target, clause, commitment, candidate, candidates, index, weights);
    if (score > result->score) {
      result->score = score;
      result->passage = candidate.passage;
      answer = candidate.indicator;
    }
  }
  if (answer == nullptr) return false;
  result->score = std::min(1.0, result->score);
  result->target.set_planned(promise.value());
  result->target.set_unit(promise.unit());
  result->target.set_comparator(promise.comparator());
  result->target.set_actual(IsChange(promise.comparator()) ? Rise(*answer) : answer->quantity().value());
  result->target.set_met(IsMet(promise, *answer));
  return true;
}

std::vector<TargetResult> TargetChecker::Check(const v1::Analysis& plan, const Commitment& commitment,
                                               const PassageIndex& index, const GramWeights& weights) const {
  std::vector<TargetResult> results;
  const v1::PlanItem& item = *commitment.item;
  const std::vector<Candidate> candidates = Candidates(index, item.year());
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    const v1::PlanTarget* promise = PromiseOf(item, target);
    if (promise == nullptr) return;
    const CommitmentClause* clause = ClauseAt(commitment, target.span().begin());
    TargetResult result;
    if (CheckFigure(target, *promise, clause, commitment, index, candidates, weights, &result) ||
        (IsChange(promise->comparator()) &&
         CheckAgainstLastYear(plan, *promise, target.label(), target.metric(), index, candidates, weights, &result))) {
      results.push_back(std::move(result));
    }
  });
  for (const v1::PlanTarget& promise : item.plan_targets()) {
    if (!promise.indicator().empty()) continue;
    const CommitmentClause* clause = ClauseAt(commitment, promise.span().begin());
    if (clause == nullptr) continue;
    TargetResult result;
    const char* words = item.text().data() + (promise.span().begin() - item.span().begin());
    const std::string_view label = clause->text.substr(0, static_cast<size_t>(words - clause->text.data()));
    if (promise.has_value() ? CheckFull(*clause, commitment, index, candidates, &result)
                            : CheckAgainstLastYear(plan, promise, label, "", index, candidates, weights, &result)) {
      results.push_back(std::move(result));
    }
  }
  return results;
}

bool TargetChecker::CorePromisesFigure(const v1::Analysis& plan, const Commitment& commitment) const {
  bool found = false;
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    const CommitmentClause* clause = ClauseAt(commitment, target.span().begin());
    found |= clause != nullptr && clause == &commitment.clauses[commitment.core];
  });
  return found;
}

bool TargetChecker::SharesMetric(const v1::Analysis& plan, const Commitment& commitment,
                                 const PassageIndex& index) const {
  const std::vector<Candidate> candidates = Candidates(index, commitment.item->year());
  bool found = false;
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    found |= !target.metric().empty() && std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& c) {
      return c.indicator->metric() == target.metric();
    });
  });
  return found;
}

}  // namespace duban
