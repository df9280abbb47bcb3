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

#include "services/plan/targets.h"

#include <algorithm>
#include <string>
#include <unordered_map>

#include "common/text/utf8.h"

namespace duban {
namespace {

constexpr double kLeast = 0.5;        // set on the first half of tests/corpus/testdata/links.textproto
constexpr double kLabel = 0.4;        // weight of the labels against that of the sentence
constexpr double kMetricBonus = 0.2;  // for one catalog metric
constexpr double kUnlike = 0.1;       // labels less alike than this have nothing in common
constexpr double kSurelyAlike = 0.8;  // labels that need no figures of one size
constexpr double kFullLeast = 0.5;    // for a sentence that says 全覆盖 again

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

// Calls `use` with each target that `plan` has in the item of `commitment`.
template <typename Use>
void ForEachTarget(const v1::Analysis& plan, const Commitment& commitment, Use use) {
  const v1::Span& item = commitment.item->span();
  for (const v1::Indicator& target : plan.indicators()) {
    if (target.aspect() != v1::Indicator::TARGET) continue;
    if (target.span().begin() >= item.begin() && target.span().begin() < item.end()) use(target);
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
      at_most_(lexicon.at_most()),
      growth_(lexicon.growth()),
      full_(lexicon.full()),
      full_reached_(lexicon.full_reached()),
      share_suffix_(lexicon.share_suffix()) {
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
      out.push_back({&indicator, p});
    }
  }
  return out;
}

double TargetChecker::LabelLikeness(const v1::Indicator& target, const v1::Indicator& actual,
                                    const GramWeights& weights) const {
  const std::vector<Gram> a = DistinctGrams(reader_.Read(target.label()));
  const std::vector<Gram> b = DistinctGrams(reader_.Read(actual.label()));
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
                     std::any_of(clause->grams.names.begin(), clause->grams.names.end(),
                                 [&](const std::string& name) { return sentence.find(name) != std::string::npos; });
  if (!named) return true;
  // Candidates stand in order of their passages.
  const auto of_passage =
      std::equal_range(candidates.begin(), candidates.end(), candidate,
                       [](const Candidate& a, const Candidate& b) { return a.passage < b.passage; });
  return std::count_if(of_passage.first, of_passage.second,
                       [&](const Candidate& other) { return SameUnit(*other.indicator, *candidate.indicator); }) != 1;
}

bool TargetChecker::IsMet(const v1::Indicator& target, std::string_view clause, const v1::Indicator& actual) const {
  constexpr double kRounding = 1e-9;
  const double planned = target.quantity().value();
  double reached = actual.quantity().value();
  if (actual.aspect() == v1::Indicator::CHANGE) {
    const bool wants_down = target.direction() == v1::Indicator::DOWN || at_most_.ContainedIn(clause);
    if (wants_down != (actual.direction() == v1::Indicator::DOWN)) reached = -reached;
    return reached >= planned * (1 - kRounding);
  }
  const bool at_most = target.quantity().qualifier() == v1::Quantity::AT_MOST ||
                       (target.quantity().qualifier() != v1::Quantity::AT_LEAST && at_most_.ContainedIn(clause));
  if (at_most) return reached <= planned * (1 + kRounding);
  if (actual.quantity().qualifier() == v1::Quantity::NEARLY) return reached > planned * (1 + kRounding);
  return reached >= planned * (1 - kRounding);
}

bool TargetChecker::CheckFull(const CommitmentClause& clause, const Commitment& commitment, const PassageIndex& index,
                              const std::vector<Candidate>& candidates, TargetResult* result) const {
  constexpr double kAll = 100;
  result->target.set_planned(kAll);
  result->target.set_unit("%");
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
  if (!target.metric().empty() && !actual.metric().empty() && target.metric() != actual.metric()) return 0;
  const bool same_metric = !target.metric().empty() && target.metric() == actual.metric();
  const double likeness = LabelLikeness(target, actual, weights);
  if (likeness < kSurelyAlike && FarApart(target.quantity(), actual.quantity())) return 0;
  if (!same_metric && likeness < kUnlike && MeasuresOther(clause, candidate, index, candidates)) return 0;
  double sentence = clause != nullptr ? index.Score(*clause, candidate.passage) : 0;
  if (commitment.core >= 0) {
    sentence = std::max(sentence, index.Score(commitment.clauses[commitment.core], candidate.passage));
  }
  const double score = kLabel * likeness + (1 - kLabel) * sentence + (same_metric ? kMetricBonus : 0);
  if (score >= kLeast) return score;
  return same_metric && clause != nullptr && !index.NamesOther(*clause, candidate.passage) ? kLeast : 0;
}

std::vector<TargetResult> TargetChecker::Check(const v1::Analysis& plan, const Commitment& commitment,
                                               const PassageIndex& index, const GramWeights& weights) const {
  std::vector<TargetResult> results;
  const v1::PlanItem& item = *commitment.item;
  const std::vector<Candidate> candidates = Candidates(index, item.year());
  ForEachTarget(plan, commitment, [&](const v1::Indicator& target) {
    const CommitmentClause* clause = ClauseAt(commitment, target.span().begin());
    const std::string_view words = clause != nullptr ? clause->text : std::string_view(item.text());
    const bool growth = target.quantity().kind() == v1::Quantity::PERCENT && growth_.ContainedIn(words);
    TargetResult best;
    const v1::Indicator* answer = nullptr;
    for (const Candidate& candidate : candidates) {
      if ((candidate.indicator->aspect() == v1::Indicator::CHANGE) != growth) continue;
      const double score = Likelihood(target, clause, commitment, candidate, candidates, index, weights);
      if (score > best.score) {
        best.score = score;
        best.passage = candidate.passage;
        answer = candidate.indicator;
      }
    }
    if (answer == nullptr) return;
    best.score = std::min(1.0, best.score);
    best.target.set_planned(target.quantity().value());
    best.target.set_unit(target.quantity().unit());
    best.target.set_actual(answer->quantity().value());
    best.target.set_met(IsMet(target, words, *answer));
    results.push_back(std::move(best));
  });
  for (const CommitmentClause& clause : commitment.clauses) {
    if (!full_.ContainedIn(clause.text) || clause.text.find('%') != std::string_view::npos) continue;
    TargetResult all;
    if (CheckFull(clause, commitment, index, candidates, &all)) results.push_back(std::move(all));
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
