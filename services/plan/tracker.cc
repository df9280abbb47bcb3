// SPDX-License-Identifier: Apache-2.0
// How a verdict is found
//
// 1. The reports of the year that the item was promised for are taken (those of the first later year that has any, if
//    none is; plan_years.h), each once, in an order of their own; so the order and number of `results` do not matter.
//    Reports of earlier years, and of agencies of another region, are no evidence at all: an item that only such are at
//    hand for is PENDING.
//    A plan without a report tells nothing of results; that of the year after is read for what is promised again. A
//    report on some months of the year is evidence of what is done by then, and of nothing that is not: figures that
//    fall short and work under way in it do not count where the year's report is in, nor anything of an item that this
//    one tells of; without that the item is PARTIAL if anything is told of it, else PENDING (half_year).
// 2. Their sentences outside of PLAN sections are matched with the item (matching.h), their figures with its targets
//    (targets.h).
// 3. The first rule that applies decides:
//      target_missed, target_partly, target_met   figures answer the targets; partly: some do, or all but the core,
//                                                 which is told as done, or all, and another thing that was to be
//                                                 finished is told as not done yet
//      said_failed                                the surest sentence says that it was not done
//      intended                                   the surest sentence tells it as a plan still
//      failed_in_part                             some sentences say so, others tell of results
//      under_way, going_on                        begun and not finished; going on, where finishing was promised
//      done_word, reported                        a word of completion; else told among the work done
//      figure_untold                              only reported, where a number was promised and none answers it
//      topic_only                                 its field of work is told of, but none of its several measures
//      parts_only                                 less than half of its clauses are told of, and the core is not
//      next_plan                                  no result, and the next plan promises it again
//      not_mentioned
//      half_year                                  only reports on some months are in, and none tells it done
// The score is how surely evidence and item speak of one thing, times how surely the rule's words mean its verdict.

#include "services/plan/tracker.h"

#include <algorithm>
#include <string>

#include "services/plan/plan_years.h"

namespace duban {
namespace {

using Status = v1::Tracking;

// Set on the setting half of tests/corpus/testdata/links.textproto.
constexpr double kEvidence = 0.55;          // least score of a sentence that counts
constexpr double kNextPlan = 0.55;          // least score of an item of the next plan that takes it up again
constexpr double kCorelessEvidence = 0.45;  // factors for sentences on a clause other than the core: what a plan lists
constexpr double kCorelessPlan = 0.75;      // a later plan takes up word by word, a report seldom does
constexpr double kNear = 0.75;              // sentences below this share of the best one's score do not vote
constexpr double kClearly = 0.1;            // by which a sentence is surer than another
constexpr double kMeasureWeight = 1.5;      // a clause at least this heavy is a measure in a field of work,
constexpr int kSeveral = 2;                 // of which there are several,
constexpr double kMeasure = 0.4;            // told of by a sentence with this score
constexpr double kUntold = 0.7;             // told of, but not the number that was promised
constexpr double kSilence = 0.9;            // no mention found at all: words of another kind may still tell of it
constexpr double kSilenceOnMetric = 0.5;    // the same where the report has a figure that may be of the target
constexpr double kIntended = 0.7;           // told as a plan still: that it was begun is a guess
constexpr double kBesideCore = 0.9;         // the core is told as done, a figure beside it falls short
constexpr size_t kMostEvidence = 3;
constexpr int kNone = -1;  // no passage

constexpr char kReported[] = "reported";
constexpr char kDoneWord[] = "done_word";
constexpr char kHalfYear[] = "half_year";

// Whether two known regions are different ones, and neither is within the other.
bool Apart(const v1::Region& a, const v1::Region& b) {
  const auto significant = [](std::string_view code) {
    while (code.ends_with("00")) code.remove_suffix(2);
    return code;
  };
  const std::string_view one = significant(a.code()), other = significant(b.code());
  return !one.starts_with(other) && !other.starts_with(one);
}

// The reports that can tell what became of a plan, each once, in an order of their own.
struct Sources {
  std::vector<const v1::Analysis*> told;      // of the year that the plan is for, else of a later one
  std::vector<const v1::Analysis*> promised;  // those of them with a plan for later, and the plans of the year after
  bool whole_year = false;                    // whether one of told covers all of its year
};

// What was written about another place tells nothing; which of the others do is told in plan_years.h.
Sources SourcesFor(const v1::Document& plan, std::span<const v1::Analysis> results) {
  const int year = plan.plan_year();
  std::vector<const v1::Analysis*> all;
  for (const v1::Analysis& result : results) {
    if (!Apart(plan.region(), result.document().region())) all.push_back(&result);
  }
  const auto key = [](const v1::Analysis* a) { return std::tie(a->document().name(), a->document().text()); };
  std::sort(all.begin(), all.end(), [&](const auto* a, const auto* b) {
    if (a->document().report_year() != b->document().report_year()) {
      return a->document().report_year() < b->document().report_year();
    }
    return key(a) < key(b);
  });
  all.erase(std::unique(all.begin(), all.end(), [&](const auto* a, const auto* b) { return key(a) == key(b); }),
            all.end());
  std::vector<DocumentYears> years;
  for (const v1::Analysis* a : all) years.push_back({a->document().report_year(), a->document().plan_year()});
  Sources sources;
  for (const size_t i : SourcesOf(year, years)) {
    (IsPlanOnly(years[i]) ? sources.promised : sources.told).push_back(all[i]);
  }
  for (const v1::Analysis* report : sources.told) {
    sources.whole_year |= !CoversPartOfYear(report->document());
    // The second half of a half-year report's year is that of the plan.
    if (year == 0 || report->document().plan_year() != year) sources.promised.push_back(report);
  }
  return sources;
}

// Whether the core names no more than a field of work, and no sentence on it tells of any of the several measures
// listed.
bool OnlyTopic(const Commitment& commitment, const PassageIndex& index, const std::vector<Match>& matches) {
  if (!commitment.has_light_core()) return false;
  int measures = 0;
  for (const CommitmentClause& clause : commitment.clauses) {
    if (&clause == &commitment.clauses[commitment.core] || clause.weight < kMeasureWeight) continue;
    ++measures;
    for (const Match& match : matches) {
      if (index.Score(clause, match.passage) >= kMeasure) return false;
    }
  }
  return measures >= kSeveral;
}

// How many clauses of the commitment the passages tell of.
size_t ToldClauses(const Commitment& commitment, const PassageIndex& index, const std::vector<int>& passages) {
  return static_cast<size_t>(
      std::count_if(commitment.clauses.begin(), commitment.clauses.end(), [&](const CommitmentClause& clause) {
        return std::any_of(passages.begin(), passages.end(),
                           [&](int passage) { return index.Score(clause, passage) >= kMeasure; });
      }));
}

void AddEvidence(const Passage& passage, double score, v1::Tracking* tracking) {
  if (static_cast<size_t>(tracking->evidence_size()) >= kMostEvidence) return;
  for (const v1::Evidence& evidence : tracking->evidence()) {
    if (evidence.span().begin() == static_cast<int32_t>(passage.sentence.begin) &&
        evidence.document() == passage.report->document().name()) {
      return;
    }
  }
  v1::Evidence& evidence = *tracking->add_evidence();
  evidence.set_text(std::string(passage.text()));
  evidence.mutable_span()->set_begin(static_cast<int32_t>(passage.sentence.begin));
  evidence.mutable_span()->set_end(static_cast<int32_t>(passage.sentence.end));
  evidence.set_document(passage.report->document().name());
  evidence.set_score(score);
}

void Decide(v1::Tracking::Status status, const char* rule, double score, v1::Tracking* tracking) {
  tracking->set_status(status);
  tracking->set_rule(rule);
  tracking->set_score(std::clamp(score, 0.0, 1.0));
}

}  // namespace

Tracker::Tracker(const TrackLexicon& lexicon, const PlanLexicon& plan)
    : lexicon_(lexicon),
      reader_(lexicon),
      voices_(lexicon, plan, reader_),
      distinctions_(lexicon, plan, reader_),
      targets_(lexicon, reader_, voices_, distinctions_),
      completion_(lexicon.completion()) {}

std::vector<Match> Tracker::Find(const Commitment& commitment, const PassageIndex& index, double least,
                                 double coreless) const {
  std::vector<Match> matches = index.Find(commitment, least, coreless);
  matches.erase(std::remove_if(matches.begin(), matches.end(),
                               [&](const Match& match) {
                                 return distinctions_.IsOther(commitment.clauses[match.clause].text,
                                                              index.passages()[match.passage].text());
                               }),
                matches.end());
  return matches;
}

void Tracker::JudgeByWords(const Commitment& commitment, const PassageIndex& index, const std::vector<Match>& matches,
                           bool whole_year, v1::Tracking* tracking) const {
  const Match *best = nullptr, *failed = nullptr, *intended = nullptr;
  Voice best_voice;
  bool under_way = false;
  std::vector<int> near;  // passages that vote
  double core_score = 0;
  const double least = matches.empty() ? 0 : kNear * matches.front().score;
  const bool year_tells = whole_year && std::any_of(matches.begin(), matches.end(), [&](const Match& match) {
                            return match.score >= least && !index.passages()[match.passage].part_year;
                          });
  for (const Match& match : matches) {
    if (match.score < least) break;
    const Passage& passage = index.passages()[match.passage];
    if (voices_.TellsOtherYears(commitment.clauses[match.clause], passage)) continue;
    const Voice voice = voices_.Hear(commitment, commitment.clauses[match.clause], passage);
    if (passage.part_year && whole_year && (year_tells || !voice.done || voice.under_way)) continue;
    if (voice.not_done && failed == nullptr) failed = &match;
    if (passage.role == v1::Section::PROBLEM || (voice.not_done && !voice.done)) continue;
    if (voice.intended && !voice.done && !voice.under_way) {
      if (intended == nullptr) intended = &match;
      continue;
    }
    if (best == nullptr) {
      best = &match;
      best_voice = voice;
    }
    if (match.score >= best->score - kClearly) under_way |= voice.under_way;
    near.push_back(match.passage);
    core_score = std::max(core_score, match.core_score);
  }
  const auto show = [&](const Match* match) {
    if (match != nullptr) AddEvidence(index.passages()[match->passage], match->score, tracking);
  };
  const auto surer = [&](const Match* match) {
    return match != nullptr && (best == nullptr || match->score > best->score + kClearly);
  };
  if (surer(failed)) {
    show(failed);
    return Decide(Status::MISSED, "said_failed", failed->score * 0.95, tracking);
  }
  if (surer(intended)) {
    show(intended);
    return Decide(Status::PARTIAL, "intended", intended->score * kIntended, tracking);
  }
  if (best == nullptr) return;
  show(best);
  if (failed != nullptr) {
    show(failed);
    return Decide(Status::PARTIAL, "failed_in_part", best->score * 0.9, tracking);
  }
  if (under_way) return Decide(Status::PARTIAL, "under_way", best->score * 0.9, tracking);
  const bool finishing = completion_.ContainedIn(commitment.clauses[commitment.core].text);
  if (best_voice.going_on && !best_voice.done && finishing) {
    return Decide(Status::PARTIAL, "going_on", best->score * 0.8, tracking);
  }
  if (OnlyTopic(commitment, index, matches)) {
    return Decide(Status::PARTIAL, "topic_only", best->score * 0.7, tracking);
  }
  if (core_score < kEvidence && 2 * ToldClauses(commitment, index, near) < commitment.clauses.size()) {
    return Decide(Status::PARTIAL, "parts_only", best->score * 0.8, tracking);
  }
  return best_voice.done ? Decide(Status::DELIVERED, kDoneWord, best->score * 0.98, tracking)
                         : Decide(Status::DELIVERED, kReported, best->score * 0.92, tracking);
}

bool Tracker::TellsCoreDone(const Commitment& commitment, const PassageIndex& index,
                            const std::vector<Match>& matches) const {
  if (commitment.core < 0 || commitment.has_light_core()) return false;
  return std::any_of(matches.begin(), matches.end(), [&](const Match& match) {
    const Passage& passage = index.passages()[match.passage];
    if (match.core_score < kEvidence || passage.role == v1::Section::PROBLEM) return false;
    const Voice voice = voices_.Hear(commitment, commitment.clauses[commitment.core], passage);
    return voice.done && !voice.under_way && !voice.not_done;
  });
}

int Tracker::UndonePart(const Commitment& commitment, const PassageIndex& index, const GramWeights& weights,
                        const std::vector<TargetResult>& answered) const {
  constexpr std::string_view kComma = "、";
  const std::string_view promised = commitment.item->text();
  for (const CommitmentClause& clause : commitment.clauses) {
    if (!completion_.ContainedIn(clause.text)) continue;
    for (size_t begin = 0, end = 0; begin < clause.text.size(); begin = end + kComma.size()) {
      end = std::min(clause.text.find(kComma, begin), clause.text.size());
      const std::string_view words = clause.text.substr(begin, end - begin);
      const size_t first = static_cast<size_t>(words.data() - promised.data());
      if (std::any_of(answered.begin(), answered.end(), [&](const TargetResult& result) {
            return first <= result.at && result.at < first + words.size();
          })) {
        continue;
      }
      const CommitmentClause part = ReadClause(words, reader_, weights);
      if (part.weight < kMeasureWeight) continue;
      int best = kNone;
      double most = 0;
      for (int p = 0; p < static_cast<int>(index.passages().size()); ++p) {
        const bool beside = std::any_of(answered.begin(), answered.end(), [&](const TargetResult& result) {
          return result.passage == p || result.passage + 1 == p;
        });
        const double score = index.Score(part, p);
        if (score < (beside ? kMeasure : kEvidence) || score <= most) continue;
        if (distinctions_.IsOther(words, index.passages()[p].text())) continue;
        most = score;
        best = p;
      }
      if (best != kNone && voices_.TellsUndone(part, promised, index.passages()[best])) return best;
    }
  }
  return kNone;
}

void Tracker::JudgeByReport(const v1::Analysis& plan, const Commitment& commitment, const PassageIndex& index,
                            const GramWeights& weights, bool whole_year, v1::Tracking* tracking) const {
  const std::vector<Match> matches = Find(commitment, index, kEvidence, kCorelessEvidence);
  const std::vector<TargetResult> targets = targets_.Check(plan, commitment, index, weights);
  const TargetResult* missed = nullptr;
  const TargetResult* met = nullptr;
  for (const TargetResult& result : targets) {
    const TargetResult*& slot = result.target.met() ? met : missed;
    if (slot == nullptr || (result.of_core && !slot->of_core)) slot = &result;
  }
  for (const TargetResult* result : {missed, met}) {
    if (result == nullptr) continue;
    if (!tracking->has_target()) *tracking->mutable_target() = result->target;
    AddEvidence(index.passages()[result->passage], result->score, tracking);
  }
  if (missed != nullptr && met != nullptr) {
    Decide(Status::PARTIAL, "target_partly", std::min(missed->score, met->score), tracking);
  } else if (missed != nullptr && !missed->of_core && TellsCoreDone(commitment, index, matches)) {
    Decide(Status::PARTIAL, "target_partly", missed->score * kBesideCore, tracking);
  } else if (missed != nullptr) {
    Decide(Status::MISSED, "target_missed", missed->score, tracking);
  } else if (const int undone = met == nullptr ? kNone : UndonePart(commitment, index, weights, targets);
             undone != kNone) {
    AddEvidence(index.passages()[undone], met->score, tracking);
    Decide(Status::PARTIAL, "target_partly", met->score * kBesideCore, tracking);
  } else if (met != nullptr) {
    Decide(Status::DELIVERED, "target_met", met->score, tracking);
  } else {
    JudgeByWords(commitment, index, matches, whole_year, tracking);
    if (tracking->status() == Status::DELIVERED && targets_.CorePromisesFigure(plan, commitment)) {
      // What a report on some months tells as done is what was done by then, and a share is kept by its figure alone.
      const bool by_words =
          whole_year && tracking->rule() != kReported && !targets_.CorePromisesShare(plan, commitment);
      const char* const rule = by_words ? kDoneWord : "figure_untold";
      Decide(by_words ? Status::DELIVERED : Status::PARTIAL, rule, tracking->score() * kUntold, tracking);
    }
  }
  if (tracking->status() == Status::STATUS_UNSPECIFIED) return;
  for (const Match& match : matches) AddEvidence(index.passages()[match.passage], match.score, tracking);
}

std::vector<v1::Tracking> Tracker::Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const {
  const Sources sources = SourcesFor(plan.document(), results);
  GramWeights weights(lexicon_);
  std::vector<Passage> told, promised;
  for (const v1::Analysis* report : sources.told) {
    for (Passage& passage : ResultPassages(*report, reader_)) {
      weights.Count(passage.own);
      told.push_back(std::move(passage));
    }
  }
  for (const v1::Analysis* report : sources.promised) {
    for (Passage& passage : PlanPassages(*report, reader_)) promised.push_back(std::move(passage));
  }
  const PassageIndex told_index(std::move(told), weights), promised_index(std::move(promised), weights);

  std::vector<v1::Tracking> trackings;
  for (const v1::PlanItem& item : plan.plan_items()) {
    v1::Tracking& tracking = trackings.emplace_back();
    *tracking.mutable_plan_item() = item;
    if (sources.told.empty()) {
      Decide(Status::PENDING, "no_report", 1, &tracking);
      continue;
    }
    const Commitment commitment = ReadCommitment(item, reader_, weights);
    JudgeByReport(plan, commitment, told_index, weights, sources.whole_year, &tracking);
    if (!sources.whole_year && tracking.status() == Status::MISSED) {
      Decide(Status::PARTIAL, kHalfYear, tracking.score(), &tracking);
    }
    if (tracking.status() != Status::STATUS_UNSPECIFIED) continue;
    if (!sources.whole_year) {
      Decide(Status::PENDING, kHalfYear, 1, &tracking);
      continue;
    }
    const std::vector<Match> again = Find(commitment, promised_index, kNextPlan, kCorelessPlan);
    if (!again.empty()) {
      for (const Match& match : again) AddEvidence(promised_index.passages()[match.passage], match.score, &tracking);
      Decide(Status::CARRIED_OVER, "next_plan", again.front().score, &tracking);
      continue;
    }
    const std::vector<Match> below = told_index.Find(commitment, 0.1, kCorelessEvidence);
    const double most = targets_.MayBeAnswered(plan, commitment, told_index) ? kSilenceOnMetric : kSilence;
    Decide(Status::NOT_REPORTED, "not_mentioned", most * (below.empty() ? 1 : 1 - below.front().score), &tracking);
  }
  return trackings;
}

}  // namespace duban
