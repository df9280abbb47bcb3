// SPDX-License-Identifier: Apache-2.0
// The shares of the genre (common_pairs of services/plan/data/track_words.textproto), counted anew over texts of our
// own, and over those of DUBAN_REPORTS_DIR where it is set: prints each step's count, and pairs that a step lacks.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/base/lexicon.h"
#include "common/text/utf8.h"
#include "services/plan/passages.h"
#include "services/plan/planner_test_util.h"
#include "tests/corpus/corpus.h"

namespace duban {
namespace {

Gram GramOf(const std::string& pair) {
  const CodePoint first = DecodeAt(pair, 0), second = DecodeAt(pair, first.size);
  return static_cast<Gram>(first.value) << 32 | second.value;
}

std::string TextOf(Gram gram) {
  std::string pair;
  AppendUtf8(static_cast<char32_t>(gram >> 32), &pair);
  AppendUtf8(static_cast<char32_t>(gram & 0xFFFFFFFF), &pair);
  return pair;
}

class WeightsTest : public ::testing::Test {
 protected:
  // Counts the sentences of the texts in `folder`, as the tracker reads them.
  void Count(const std::string& folder) {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".txt") files.push_back(entry.path().string());
    }
    std::sort(files.begin(), files.end());
    for (const std::string& file : files) {
      const v1::Analysis report = local_->Analyze(*ReadFile(file), file).value();
      for (const auto& passages : {ResultPassages(report, reader_), PlanPassages(report, reader_)}) {
        for (const Passage& passage : passages) {
          ++sentences_;
          for (const Gram gram : passage.own) ++sentences_of_[gram];
        }
      }
    }
  }

  double Share(Gram gram) const {
    const auto found = sentences_of_.find(gram);
    return found == sentences_of_.end() ? 0 : static_cast<double>(found->second) / sentences_;
  }

  // Prints the counted share of each step; answers them in order of the list.
  std::vector<double> Steps() const {
    std::vector<double> steps;
    for (const auto& common : TrackWords().common_pairs()) {
      double sum = 0;
      for (const std::string& pair : common.pair()) sum += Share(GramOf(pair));
      steps.push_back(sum / common.pair_size());
      fmt::print("share {:.3f}: {} pairs, counted {:.4f}\n", common.share(), common.pair_size(), steps.back());
    }
    return steps;
  }

  static std::string Root() {
    const char* root = std::getenv("DUBAN_SOURCE_DIR");
    return root == nullptr ? "." : root;
  }

  const std::unique_ptr<const LocalAnalysis> local_ = LocalAnalysis::Create().value();
  const GramReader reader_{TrackWords()};
  std::unordered_map<Gram, int> sentences_of_;
  int sentences_ = 0;
};

TEST_F(WeightsTest, TextsOfOurOwnHaveNoCommonPairThatTheListLacks) {
  Count(Root() + "/deploy/samples");
  Count(Root() + "/tests/corpus/testdata/pairs");
  ASSERT_GT(sentences_, 1000);
  std::unordered_map<Gram, double> listed;
  for (const auto& common : TrackWords().common_pairs()) {
    for (const std::string& pair : common.pair())
      EXPECT_TRUE(listed.emplace(GramOf(pair), common.share()).second) << pair;
  }
  constexpr double kCommon = 0.015;
  for (const auto& [gram, count] : sentences_of_) {
    if (Share(gram) < kCommon) continue;
    EXPECT_TRUE(listed.contains(gram)) << TextOf(gram) << " in " << count << " sentences";
  }
  const std::vector<double> steps = Steps();
  EXPECT_TRUE(std::is_sorted(steps.rbegin(), steps.rend())) << "what is listed as commoner is counted as commoner";
}

TEST_F(WeightsTest, PublishedReportsHaveTheSharesOfTheList) {
  const char* folder = std::getenv("DUBAN_REPORTS_DIR");
  if (folder == nullptr) GTEST_SKIP() << "DUBAN_REPORTS_DIR is not set";
  Count(folder);
  const std::vector<double> steps = Steps();
  constexpr double kFactor = 1.7;  // of the step; steps double
  for (int i = 0; i < TrackWords().common_pairs_size(); ++i) {
    const double share = TrackWords().common_pairs(i).share();
    EXPECT_GE(steps[i], share / kFactor) << share;
    EXPECT_LE(steps[i], share * kFactor) << share;
  }
}

}  // namespace
}  // namespace duban
