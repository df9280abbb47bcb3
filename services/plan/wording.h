// SPDX-License-Identifier: Apache-2.0
// services/plan/wording.h: what a commitment does, to what, and by which steps.
//
//   const WordingReader reader(lexicon);
//   reader.Act("扎实推进“云上矫正站”建设")         // 推进 | “云上矫正站”建设
//   reader.Act("将企业开办时间压缩至0.5个工作日")     // 压缩 | 企业开办时间
//
// Immutable: safe to call from any thread. Linear in the text.

#pragma once

#include <string_view>
#include <vector>

#include "services/plan/clauses.h"
#include "services/plan/lexicon.pb.h"
#include "services/plan/word_set.h"

namespace duban {

// Parts of a clause; both empty if it has no known verb.
struct Act {
  std::string_view action;
  std::string_view object;
};

class WordingReader {
 public:
  explicit WordingReader(const PlanLexicon& lexicon);

  // The verb that `clause` commits with and what it is done to.
  Act Read(std::string_view clause) const;

  // The clauses of `item` behind its first one that say what is done, without their markers.
  std::vector<Piece> Measures(std::string_view text, Piece item) const;

 private:
  // The first verb at or behind `from` that no quote holds; npos if there is none. `noun`: also those that are as often
  // nouns, where a figure or a word of behind_moved_ follows.
  size_t FindVerb(std::string_view clause, size_t from, bool noun) const;
  bool IsMoved(std::string_view behind_verb) const;

  WordSet actions_;
  WordSet nouns_;
  WordSet before_;
  WordSet behind_moved_;
  WordSet before_moved_;
  WordSet noun_tail_;
  WordSet than_last_year_;
  WordSet ideology_;
  WordSet slogan_;
  WordSet labels_;
};

}  // namespace duban
