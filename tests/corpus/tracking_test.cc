// SPDX-License-Identifier: Apache-2.0
// Verdicts over plans, measured on labelled links: texts of our own, in two halves by pairs of reports. What rules were
// made from and thresholds are set on is one half, what they are measured on the other (held_out). Prints of both the
// confusion matrix and the calibration table, and holds the bars on the held-out half.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "google/protobuf/util/message_differencer.h"
#include "tests/corpus/corpus.h"

namespace duban {
namespace {

using Status = v1::Tracking::Status;

struct Figures {
  int links = 0, right = 0;
  int proofs = 0, proofs_found = 0;
  int distractors_delivered = 0;
  std::map<std::pair<Status, Status>, int> confusion;  // expected, given
  std::vector<std::pair<double, bool>> verdicts;       // score; whether a reader confirms it

  double accuracy() const { return static_cast<double>(right) / links; }
  double evidence() const { return static_cast<double>(proofs_found) / proofs; }
};

// Of the verdicts with a score of at least `least`, those that a reader confirms.
struct Confirmed {
  int right = 0, all = 0;
  double share() const { return all == 0 ? 1 : static_cast<double>(right) / all; }
};

Confirmed ConfirmedFrom(const Figures& figures, double least) {
  Confirmed confirmed;
  for (const auto& [score, right] : figures.verdicts) {
    if (score < least) continue;
    ++confirmed.all;
    confirmed.right += right;
  }
  return confirmed;
}

constexpr double kScores[] = {0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9};
constexpr double kSure = 0.99;  // share of verdicts to confirm from which on nobody need look

// The lowest score from which on that share of the verdicts is confirmed, here and from every higher one.
double SureFrom(const Figures& figures) {
  double sure = 1;
  for (auto score = std::rbegin(kScores); score != std::rend(kScores); ++score) {
    if (ConfirmedFrom(figures, *score).share() < kSure) break;
    sure = *score;
  }
  return sure;
}

bool IsRight(const ExpectedLink& link, Status status) {
  return status == link.status() ||
         std::find(link.accept().begin(), link.accept().end(), status) != link.accept().end();
}

bool ShowsProof(const ExpectedLink& link, const v1::Tracking& tracking) {
  for (const v1::Evidence& evidence : tracking.evidence()) {
    for (const std::string& words : link.evidence()) {
      if (evidence.text().find(words) != std::string::npos) return true;
    }
  }
  return false;
}

// The tracking of the plan item that `link` is about; an empty one if the plan has no such item.
const v1::Tracking& Find(const v1::TrackReport& report, const ExpectedLink& link) {
  for (const v1::Tracking& tracking : report.items()) {
    if (tracking.plan_item().title().starts_with(link.title())) return tracking;
  }
  return v1::Tracking::default_instance();
}

void Measure(const ExpectedPair& pair, const v1::TrackReport& report, Figures* figures) {
  EXPECT_EQ(report.items_size(), pair.link_size()) << pair.plan();
  for (const ExpectedLink& link : pair.link()) {
    const v1::Tracking& tracking = Find(report, link);
    const bool right = IsRight(link, tracking.status());
    ++figures->links;
    figures->right += right;
    ++figures->confusion[{link.status(), tracking.status()}];
    figures->verdicts.emplace_back(tracking.score(), right);
    if (link.distractor() && tracking.status() == v1::Tracking::DELIVERED) ++figures->distractors_delivered;
    bool shown = true;
    if (link.evidence_size() > 0) {
      shown = ShowsProof(link, tracking);
      ++figures->proofs;
      figures->proofs_found += shown;
    }
    if (!right || !shown) {
      fmt::print("  {}: {} want {} have {} ({}, {:.2f}){} {}\n", pair.plan(), link.title(),
                 v1::Tracking::Status_Name(link.status()), v1::Tracking::Status_Name(tracking.status()),
                 tracking.rule(), tracking.score(), shown ? "" : " without the proof",
                 tracking.evidence_size() > 0 ? tracking.evidence(0).text() : "");
    }
  }
}

void Print(const char* half, const Figures& figures) {
  fmt::print("{}: {} links, status accuracy {:.3f}, evidence in top three {:.3f}, distractors delivered {}\n", half,
             figures.links, figures.accuracy(), figures.evidence(), figures.distractors_delivered);
  for (const auto& [cell, count] : figures.confusion) {
    fmt::print("  want {:<13} have {:<13} {:>3}\n", v1::Tracking::Status_Name(cell.first),
               v1::Tracking::Status_Name(cell.second), count);
  }
  for (const double score : kScores) {
    const Confirmed confirmed = ConfirmedFrom(figures, score);
    fmt::print("  score >= {:.1f}: {:>3} of {:>3} confirmed, {:.3f}\n", score, confirmed.right, confirmed.all,
               confirmed.share());
  }
}

class TrackingTest : public ::testing::Test {
 protected:
  void Run(const Corpus& corpus) {
    for (const ExpectedPair& pair : corpus.expected().pair()) {
      const v1::Analysis plan = corpus.Analyze(pair.plan());
      const std::vector<v1::Analysis> results = {corpus.Analyze(pair.result())};
      Measure(pair, corpus.local().Track(plan, results), pair.held_out() ? &held_out_ : &setting_);
    }
  }

  Figures setting_, held_out_;
};

TEST_F(TrackingTest, HoldsTheBarsOnTheHeldOutHalf) {
  Run(Corpus::Load("tests/corpus/testdata/links.textproto", "tests/corpus/testdata/pairs"));
  Run(Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples"));
  Print("setting half", setting_);
  Print("held-out half", held_out_);
  EXPECT_GE(setting_.links + held_out_.links, 600);
  EXPECT_GE(held_out_.links, 0.4 * (setting_.links + held_out_.links));
  EXPECT_GE(held_out_.accuracy(), 0.8);
  EXPECT_GE(held_out_.evidence(), 0.9);
  EXPECT_EQ(held_out_.distractors_delivered, 0);
  EXPECT_EQ(setting_.distractors_delivered, 0);
  // A score means something: the threshold that one half sets holds on the other, and from it on most verdicts need no
  // reader; a higher score is never much worse than a lower one.
  const double sure = SureFrom(setting_);
  const Confirmed confirmed = ConfirmedFrom(held_out_, sure);
  fmt::print("{:.0f} % of the setting half are confirmed from score {:.1f} on; of the held-out half {} of {}, {:.3f}\n",
             100 * kSure, sure, confirmed.right, confirmed.all, confirmed.share());
  EXPECT_GE(confirmed.share(), 0.95);
  EXPECT_GE(confirmed.all, held_out_.links / 2);
  for (size_t i = 1; i < std::size(kScores); ++i) {
    const Confirmed higher = ConfirmedFrom(held_out_, kScores[i]);
    if (higher.all < 20) break;  // too few to tell a share
    EXPECT_GE(higher.share(), ConfirmedFrom(held_out_, kScores[i - 1]).share() - 0.02) << kScores[i];
  }
}

// Whatever order results come in, and however often, the verdicts are the same.
TEST_F(TrackingTest, OrderAndRepetitionOfResultsDoNotMatter) {
  const Corpus corpus = Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples");
  for (const std::string agency : {"qinglan", "linhe"}) {
    const v1::Analysis plan = corpus.Analyze(agency + "_2022.txt");
    std::vector<v1::Analysis> results = {corpus.Analyze(agency + "_2023.txt"),
                                         corpus.Analyze(agency == "linhe" ? "linhe_2024.html" : "qinglan_2024.txt")};
    const v1::TrackReport expected = corpus.local().Track(plan, results);
    results.push_back(results.front());
    std::mt19937 random(7);
    for (int i = 0; i < 6; ++i) {
      std::shuffle(results.begin(), results.end(), random);
      const v1::TrackReport report = corpus.local().Track(plan, results);
      ASSERT_EQ(report.items_size(), expected.items_size());
      for (int j = 0; j < report.items_size(); ++j) {
        EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(report.items(j), expected.items(j)))
            << report.items(j).DebugString() << expected.items(j).DebugString();
      }
    }
  }
}

TEST_F(TrackingTest, PendingWithoutResults) {
  const Corpus corpus = Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples");
  const v1::TrackReport report = corpus.local().Track(corpus.Analyze("qinglan_2024.txt"), {});
  ASSERT_GT(report.items_size(), 0);
  for (const v1::Tracking& tracking : report.items()) EXPECT_EQ(tracking.status(), v1::Tracking::PENDING);
}

}  // namespace
}  // namespace duban
