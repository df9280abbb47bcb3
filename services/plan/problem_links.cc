// SPDX-License-Identifier: Apache-2.0
// How a problem is recognised
//
// As evidence is (matching.h): by pairs of characters, rarer ones of this report and of the genre weighing more, here
// without the words that say of anything that it falls short. What a problem is about is its title, or all of it where
// its title says nothing (在服务质效上). An item answers it if it has most of that weight, and enough of it to be no
// chance meeting; where a second problem has nearly as much, neither is linked.

#include "services/plan/problem_links.h"

#include <algorithm>

#include "common/text/utf8.h"
#include "services/plan/clauses.h"

namespace duban {
namespace {

constexpr double kShare = 0.6;  // of the problem's weight that the item must have
constexpr double kLeast = 1.3;  // weight that must be shared at least: two pairs that are rare
constexpr double kRival = 0.8;  // share of the best problem's score at which another one makes it doubtful
constexpr size_t kFewest = 2;   // pairs that must be shared

// Whether a title only says where something falls short: 在服务质效上.
bool NamesAField(std::string_view title) {
  if (title.empty() || DecodeAt(title, 0).value != U'在') return false;
  const char32_t last = DecodeBefore(title, title.size()).value;
  return last == U'上' || last == U'中' || last == U'面';
}

}  // namespace

ProblemLinker::ProblemLinker(const GramReader& reader, const WordSet& shortcomings, const GramWeights& genre,
                             std::string_view text, const google::protobuf::RepeatedPtrField<v1::Problem>& problems)
    : reader_(reader), shortcomings_(shortcomings), weights_(genre) {
  if (problems.empty()) return;
  for (const Piece& sentence : Sentences(text, {0, text.size()})) weights_.Count(Read(sentence.of(text)));
  for (const v1::Problem& problem : problems) {
    std::vector<Gram> grams = Read(problem.title());
    if (Weigh(grams) < kLeast || NamesAField(problem.title())) {
      const size_t begin = std::min(text.size(), static_cast<size_t>(std::max(problem.span().begin(), 0)));
      const size_t end = std::clamp(static_cast<size_t>(std::max(problem.span().end(), 0)), begin, text.size());
      grams = Read(text.substr(begin, end - begin));
    }
    for (const Gram gram : grams) topics_of_[gram].push_back(static_cast<int>(topics_.size()));
    topics_.push_back({problem.id(), Weigh(grams)});
  }
}

std::vector<Gram> ProblemLinker::Read(std::string_view words) const {
  // A word that tells nothing parts what it stands between.
  std::string told;
  for (size_t at = 0; at < words.size();) {
    const size_t skip = shortcomings_.MatchAt(words, at);
    const size_t size = skip != 0 ? skip : DecodeAt(words, at).size;
    told += skip != 0 ? std::string_view("，") : words.substr(at, size);
    at += size;
  }
  return DistinctGrams(reader_.Read(told));
}

double ProblemLinker::Weigh(const std::vector<Gram>& grams) const {
  double sum = 0;
  for (const Gram gram : grams) sum += weights_.Of(gram);
  return sum;
}

std::string ProblemLinker::Find(std::string_view item) const {
  if (topics_.empty()) return "";
  std::unordered_map<int, std::pair<double, size_t>> shared;  // weight and number of pairs
  for (const Gram gram : Read(item)) {
    const auto found = topics_of_.find(gram);
    if (found == topics_of_.end()) continue;
    for (const int topic : found->second) {
      auto& [weight, pairs] = shared[topic];
      weight += weights_.Of(gram);
      ++pairs;
    }
  }
  int best = -1;
  double best_share = 0, second = 0;
  for (const auto& [topic, have] : shared) {
    const double share = have.first / topics_[topic].weight;
    if (share > best_share || (share == best_share && topic < best)) {
      second = std::max(second, best_share);
      best_share = share;
      best = topic;
    } else {
      second = std::max(second, share);
    }
  }
  if (best < 0 || best_share < kShare || second > kRival * best_share) return "";
  const auto& [weight, pairs] = shared[best];
  return weight >= kLeast && pairs >= kFewest ? topics_[best].id : "";
}

}  // namespace duban
