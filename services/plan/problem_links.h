// SPDX-License-Identifier: Apache-2.0
// services/plan/problem_links.h: which admitted problem of its report a commitment answers.
//
//   const ProblemLinker linker(reader, shortcomings, genre, text, outline.problems());
//   linker.Find("选派律师到偏远乡镇驻点")   // "q2": 偏远乡镇律师资源匮乏
//
// Precision first: a link needs words that tell this problem from the others, and no other problem may fit as well.
// Immutable once built: safe to call from any thread. Linear in the texts, and in the problems that share words with an
// item.

#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "duban/v1/outline.pb.h"
#include "services/plan/grams.h"
#include "services/plan/matching.h"
#include "services/plan/word_set.h"

namespace duban {

class ProblemLinker {
 public:
  // Words of `shortcomings` tell no problem from another. `genre` weighs pairs of reports at large; `text` is the
  // report's. `reader` and `shortcomings` must outlive the linker.
  ProblemLinker(const GramReader& reader, const WordSet& shortcomings, const GramWeights& genre, std::string_view text,
                const google::protobuf::RepeatedPtrField<v1::Problem>& problems);

  // Id of the problem that the commitment answers; empty if none surely is.
  std::string Find(std::string_view item) const;

 private:
  struct Topic {
    std::string id;
    double weight = 0;  // of all its pairs
  };

  // The distinct pairs of what `words` are about.
  std::vector<Gram> Read(std::string_view words) const;
  double Weigh(const std::vector<Gram>& grams) const;

  const GramReader& reader_;
  const WordSet& shortcomings_;
  GramWeights weights_;
  std::vector<Topic> topics_;
  std::unordered_map<Gram, std::vector<int>> topics_of_;
};

}  // namespace duban
