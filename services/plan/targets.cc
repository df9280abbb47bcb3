// SPDX-License-Identifier: Apache-2.0
// How a promised number is answered
//
// By the figure that most surely measures the same (figures.h), growth by growth. How it must stand to the promised one
// is the comparator that plan_targets.h read. A growth is answered by a growth that the report states, else reckoned
// from the level that it states and last year's, which the plan's own report tells. So are promises against last year's
// figure (不高于上年), whose thing is what stands before those words. More than was promised keeps EQUAL too: three
// stations where two were promised.
// A figure of some months only answers a promise that nothing later can undo.

#include "services/plan/targets.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <unordered_map>

#include "common/text/utf8.h"

namespace duban {
namespace {

using Comparator = v1::PlanTarget::Comparator;

constexpr double kHundred = 100;
constexpr char kPercentSign[] = "%";
constexpr double kFullLeast = 0.5;  // for a sentence that says 全覆盖 again
constexpr double kPartLeast = 0.4;  // for one that counts those reached and all

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

// The figure that `promise` of a table's column of targets sets, as one of the task beside it.
v1::Indicator FigureOfTask(const v1::PlanTarget& promise, const Commitment& commitment) {
  const bool share = promise.unit() == kPercentSign;
  v1::Indicator figure;
  figure.set_label(std::string(commitment.clauses[commitment.core].text));
  figure.set_aspect(v1::Indicator::TARGET);
  figure.mutable_quantity()->set_value(promise.value());
  figure.mutable_quantity()->set_unit(promise.unit());
  figure.mutable_quantity()->set_kind(share ? v1::Quantity::PERCENT : v1::Quantity::COUNT);
  return figure;
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

}  // namespace

TargetChecker::TargetChecker(const TrackLexicon& lexicon, const GramReader& reader, const VoiceReader& voices,
                             const Distinctions& distinctions)
    : figures_(lexicon, reader, voices, distinctions),
      every_(lexicon.every()),
      full_reached_(lexicon.full_reached()),
      share_suffix_(lexicon.share_suffix()) {}

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
    if (indicator.aspect() != v1::Indicator::ACTUAL) continue;
    const bool counts_part = candidate.whole != nullptr && candidate.part == nullptr;  // 12个乡镇中有8个
    if (!counts_part && (indicator.quantity().unit() != "%" || !share_suffix_.Ends(indicator.label()))) continue;
    const double actual = counts_part ? kAll * indicator.quantity().value() / candidate.whole->quantity().value()
                                      : indicator.quantity().value();
    if (candidate.part_year && actual < kAll) continue;
    if (!figures_.IsTold(&clause, candidate, index)) continue;
    const double score = score_of(candidate.passage);
    if (score >= (counts_part ? kPartLeast : kFullLeast) && score > result->score) {
      result->score = score;
      result->passage = candidate.passage;
      result->target.set_actual(actual);
    }
  }
  if (!result->target.has_actual()) return false;
  result->target.set_met(result->target.actual() >= kAll);
  return true;
}

const v1::Indicator* TargetChecker::LastYear(const v1::Analysis& plan, int year, std::string_view label,
                                             const std::string& metric, const GramWeights& weights) const {
  const v1::Indicator* best = nullptr;
  double most = FigureMatcher::kSurelyAlike;
  for (const v1::Indicator& indicator : plan.indicators()) {
    if (indicator.aspect() != v1::Indicator::ACTUAL || indicator.year() == 0 || indicator.year() != year - 1) continue;
    const bool same_metric = !metric.empty() && indicator.metric() == metric;
    const double share = figures_.Share(indicator.label(), label, weights);
    const double likeness = same_metric                                                                   ? 1
                            : figures_.Share(label, indicator.label(), weights) >= FigureMatcher::kMostly ? share
                                                                                                          : 0;
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
    if (candidate.part_year || !figures_.IsTold(nullptr, candidate, index)) continue;
    if (actual.aspect() == v1::Indicator::CHANGE) {
      // A stated change answers by its direction alone.
      const bool same_metric = !metric.empty() && metric == actual.metric();
      const bool same = same_metric || (figures_.Share(actual.label(), label, weights) >= FigureMatcher::kSurelyAlike &&
                                        figures_.Share(label, actual.label(), weights) >= FigureMatcher::kMostly);
      if (by || !same) continue;
      result->target.set_planned(0);
      result->target.set_actual(Rise(actual));
      result->target.set_unit(actual.quantity().unit());
    } else {
      if (base == nullptr || !figures_.SameThing(*base, actual, weights)) continue;
      const double before = base->quantity().value(), now = actual.quantity().value();
      const bool share = promise.unit() == kPercentSign && base->quantity().kind() != v1::Quantity::PERCENT;
      if (by && share && before == 0) continue;
      result->target.set_planned(by ? promise.value() : before);
      result->target.set_actual(!by ? now : share ? (now - before) / before * kHundred : now - before);
      result->target.set_unit(by ? promise.unit() : base->quantity().unit());
    }
    result->target.set_met(Satisfies(promise.comparator(), result->target.planned(), result->target.actual()));
    result->passage = candidate.passage;
    result->score = FigureMatcher::kSurelyAlike;
    return true;
  }
  return false;
}

bool TargetChecker::CheckFigure(const v1::Indicator& target, const v1::PlanTarget& promise,
                                const CommitmentClause* clause, const Commitment& commitment, const PassageIndex& index,
                                const std::vector<Candidate>& candidates, const GramWeights& weights,
                                TargetResult* result) const {
  const Candidate* answer = nullptr;
  for (const Candidate& candidate : candidates) {
    if ((candidate.indicator->aspect() == v1::Indicator::CHANGE) != IsChange(promise.comparator())) continue;
    if (candidate.part_year && !IsMetForGood(promise, *candidate.indicator)) continue;
    const double score = figures_.Likelihood(target, clause, commitment, candidate, candidates, index, weights);
    if (score > result->score) {
      result->score = score;
      result->passage = candidate.passage;
      answer = &candidate;
    }
  }
  if (answer == nullptr) return false;
  if (!IsMet(promise, *answer->indicator) &&
      figures_.IsOneOfSeveral(target, clause, commitment, *answer, result->score, candidates, index, weights)) {
    return false;
  }
  result->answer = answer->indicator;
  if (answer->part != nullptr && clause != nullptr && every_.ContainedIn(clause->text) &&
      IsMet(promise, *answer->indicator)) {
    // All of them were promised to reach it, and of 14 only 12 did.
    result->target.set_planned(answer->whole->quantity().value());
    result->target.set_actual(answer->part->quantity().value());
    result->target.set_unit(answer->part->quantity().unit());
    result->target.set_comparator(v1::PlanTarget::AT_LEAST);
    result->target.set_met(result->target.actual() >= result->target.planned());
    return true;
  }
  result->target.set_planned(promise.value());
  result->target.set_unit(promise.unit());
  result->target.set_comparator(promise.comparator());
  result->target.set_actual(IsChange(promise.comparator()) ? Rise(*answer->indicator)
                                                           : answer->indicator->quantity().value());
  result->target.set_met(IsMet(promise, *answer->indicator));
  return true;
}

void TargetChecker::KeepSurest(std::vector<TargetResult>* results) {
  std::erase_if(*results, [&, all = *results](const TargetResult& result) {
    return result.answer != nullptr && std::any_of(all.begin(), all.end(), [&](const TargetResult& other) {
             return other.answer == result.answer && other.at != result.at && other.score > result.score;
           });
  });
  for (TargetResult& result : *results) {
    result.score = std::min(1.0, result.score);
    result.answer = nullptr;
  }
}

std::vector<TargetResult> TargetChecker::Check(const v1::Analysis& plan, const Commitment& commitment,
                                               const PassageIndex& index, const GramWeights& weights) const {
  std::vector<TargetResult> results;
  const v1::PlanItem& item = *commitment.item;
  const std::vector<Candidate> candidates = figures_.Candidates(index, item.year());
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    const v1::PlanTarget* promise = PromiseOf(item, target);
    if (promise == nullptr) return;
    const CommitmentClause* clause = ClauseAt(commitment, target.span().begin());
    TargetResult result;
    if (CheckFigure(target, *promise, clause, commitment, index, candidates, weights, &result) ||
        (IsChange(promise->comparator()) &&
         CheckAgainstLastYear(plan, *promise, target.label(), target.metric(), index, candidates, weights, &result))) {
      result.of_core = clause == &commitment.clauses[commitment.core];
      result.at = static_cast<size_t>(std::max(target.span().begin() - item.span().begin(), 0));
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
    const bool full = promise.value() == kHundred && promise.unit() == kPercentSign;
    if (!promise.has_value() ? CheckAgainstLastYear(plan, promise, label, "", index, candidates, weights, &result)
        : full               ? CheckFull(*clause, commitment, index, candidates, &result)
               : CheckFigure(FigureOfTask(promise, commitment), promise, &commitment.clauses[commitment.core],
                             commitment, index, candidates, weights, &result)) {
      result.of_core = clause == &commitment.clauses[commitment.core];
      result.at = static_cast<size_t>(std::max(promise.span().begin() - item.span().begin(), 0));
      results.push_back(std::move(result));
    }
  }
  KeepSurest(&results);
  return results;
}

bool TargetChecker::CorePromisesFigure(const v1::Analysis& plan, const Commitment& commitment) const {
  bool found = false;
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    found |= ClauseAt(commitment, target.span().begin()) == &commitment.clauses[commitment.core];
  });
  return found;
}

bool TargetChecker::CorePromisesShare(const v1::Analysis& plan, const Commitment& commitment) const {
  bool found = false;
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    found |= target.quantity().unit() == kPercentSign && target.quantity().value() < kHundred &&
             ClauseAt(commitment, target.span().begin()) == &commitment.clauses[commitment.core];
  });
  return found;
}

bool TargetChecker::MayBeAnswered(const v1::Analysis& plan, const Commitment& commitment,
                                  const PassageIndex& index) const {
  const std::vector<Candidate> candidates = figures_.Candidates(index, commitment.item->year());
  bool found = false;
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    found |= std::any_of(candidates.begin(), candidates.end(), [&](const Candidate& c) {
      return (!target.metric().empty() && c.indicator->metric() == target.metric()) ||
             figures_.MayMeasure(target, *c.indicator);
    });
  });
  return found;
}

}  // namespace duban
