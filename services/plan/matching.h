// SPDX-License-Identifier: Apache-2.0
// services/plan/matching.h: how surely a sentence of a later report speaks of what a plan item promised.
//
//   const PassageIndex index(std::move(passages), weights);
//   for (const Match& match : index.Find(commitment)) …   // best first
//
// Immutable once built: safe to call from any thread.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "duban/v1/plan.pb.h"
#include "services/plan/grams.h"
#include "services/plan/passages.h"

namespace duban {

// How much each gram tells, from how few sentences have it: 1 for one in a single sentence, towards 0 for one in all.
class GramWeights {
 public:
  // With the shares of the genre, so that two short reports do not make its common words look rare.
  explicit GramWeights(const TrackLexicon& lexicon);

  // Counts one sentence. The order of calls does not matter.
  void Count(const std::vector<Gram>& distinct);

  double Of(Gram gram) const;

 private:
  std::unordered_map<Gram, double> sentences_of_;
  double sentences_ = 0;
};

// One clause of a plan item.
struct CommitmentClause {
  std::string_view text;  // of PlanItem.text
  Grams grams;
  std::vector<Gram> distinct;  // of grams, sorted
  double weight = 0;           // of all its grams
};

// A plan item as it is looked for.
struct Commitment {
  // A core lighter than this names a field of work, not a thing: 律师工作.
  static constexpr double kLight = 1.5;
  bool has_light_core() const { return clauses[core].weight < kLight; }

  const v1::PlanItem* item = nullptr;
  std::vector<CommitmentClause> clauses;
  // The clause that names the thing promised; the others say how. -1 if none says anything of its own.
  int core = -1;
};

// `words` must outlive the result.
CommitmentClause ReadClause(std::string_view words, const GramReader& reader, const GramWeights& weights);

// `item` must outlive the result.
Commitment ReadCommitment(const v1::PlanItem& item, const GramReader& reader, const GramWeights& weights);

// One sentence that may speak of a commitment.
struct Match {
  int passage = 0;
  double score = 0;       // 0 (of another thing) to 1 (of this one)
  double core_score = 0;  // the same for the core clause alone
  int clause = 0;         // the clause that it speaks of
};

class PassageIndex {
 public:
  // `weights` must outlive the index.
  PassageIndex(std::vector<Passage> passages, const GramWeights& weights);

  const std::vector<Passage>& passages() const { return passages_; }

  // Passages with a score of at least `least`, best first; of equal ones the earlier. `coreless` is the factor for a
  // passage that matches another clause and has nothing of the core; it is kLightCoreless at least where the core names
  // no more than a field of work.
  std::vector<Match> Find(const Commitment& commitment, double least, double coreless) const;

  // How surely passage `passage` speaks of what `clause` says, 0 to 1.
  double Score(const CommitmentClause& clause, int passage) const;

  // Whether the passage speaks of what the clause does, but of one of another rank: 省级示范社区 for 全国示范社区.
  bool HasOtherRank(const CommitmentClause& clause, int passage) const;

  // Whether the passage lacks a name that `clause` wants, or speaks of a thing that bears another name.
  bool NamesOther(const CommitmentClause& clause, int passage) const;

 private:
  bool IsOther(const CommitmentClause& clause, const Passage& passage) const;

  std::vector<Passage> passages_;
  const GramWeights& weights_;
  std::vector<double> own_weights_;                         // of all grams of each passage
  std::unordered_map<Gram, std::vector<int>> passages_of_;  // ascending
};

}  // namespace duban
