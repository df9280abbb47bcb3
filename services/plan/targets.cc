// SPDX-License-Identifier: Apache-2.0
// How the figure that answers a target is found
//
// Both must be of one kind: units that compare, years that do not differ, catalog metrics that are not two different
// ones, growth against growth. Of the figures left the best is taken by how alike the labels are and by how surely the
// sentence speaks of the clause with the target; sharing a catalog metric counts for both. Below kLeast there is no
// answer, and the words decide.

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

std::vector<TargetResult> TargetChecker::Check(const v1::Analysis& plan, const Commitment& commitment,
                                               const PassageIndex& index, const GramWeights& weights) const {
  std::vector<TargetResult> results;
  const v1::PlanItem& item = *commitment.item;
  const std::vector<Candidate> candidates = Candidates(index, item.year());
  const auto same_unit = [&](std::string_view a, std::string_view b) {
    a = BareUnit(a);
    b = BareUnit(b);
    return a == b || std::any_of(same_units_.begin(), same_units_.end(), [&](const std::vector<std::string>& group) {
             return std::find(group.begin(), group.end(), a) != group.end() &&
                    std::find(group.begin(), group.end(), b) != group.end();
           });
  };
  for (const v1::Indicator& target : plan.indicators()) {
    if (target.aspect() != v1::Indicator::TARGET || target.span().begin() < item.span().begin() ||
        target.span().begin() >= item.span().end()) {
      continue;
    }
    const CommitmentClause* clause = ClauseAt(commitment, target.span().begin());
    const std::string_view words = clause != nullptr ? clause->text : std::string_view(item.text());
    const bool growth = target.quantity().kind() == v1::Quantity::PERCENT && growth_.ContainedIn(words);
    TargetResult best;
    const v1::Indicator* answer = nullptr;
    for (const Candidate& candidate : candidates) {
      const v1::Indicator& actual = *candidate.indicator;
      if ((actual.aspect() == v1::Indicator::CHANGE) != growth) continue;
      if (!same_unit(target.quantity().unit(), actual.quantity().unit())) continue;
      if (!target.metric().empty() && !actual.metric().empty() && target.metric() != actual.metric()) continue;
      double sentence = clause != nullptr ? index.Score(*clause, candidate.passage) : 0;
      if (commitment.core >= 0) {
        sentence = std::max(sentence, index.Score(commitment.clauses[commitment.core], candidate.passage));
      }
      const double likeness = LabelLikeness(target, actual, weights);
      if (likeness < kSurelyAlike && FarApart(target.quantity(), actual.quantity())) continue;
      const bool same_metric = !target.metric().empty() && target.metric() == actual.metric();
      const double score =
          std::min(1.0, kLabel * likeness + (1 - kLabel) * sentence + (same_metric ? kMetricBonus : 0));
      if (score >= kLeast && score > best.score) {
        best.score = score;
        best.passage = candidate.passage;
        answer = &actual;
      }
    }
    if (answer == nullptr) continue;
    best.target.set_planned(target.quantity().value());
    best.target.set_unit(target.quantity().unit());
    best.target.set_actual(answer->quantity().value());
    best.target.set_met(IsMet(target, words, *answer));
    results.push_back(std::move(best));
  }
  for (const CommitmentClause& clause : commitment.clauses) {
    if (!full_.ContainedIn(clause.text) || clause.text.find('%') != std::string_view::npos) continue;
    TargetResult all;
    if (CheckFull(clause, commitment, index, candidates, &all)) results.push_back(std::move(all));
  }
  return results;
}

}  // namespace duban
