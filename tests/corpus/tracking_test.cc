// SPDX-License-Identifier: Apache-2.0
// Verdicts over plans, measured on labelled links: texts of our own, half of the pairs kept from setting thresholds.
// Prints the confusion matrix and a calibration table of both halves, and holds the bars on the held-out half.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <map>
#include <random>

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
  std::array<std::pair<int, int>, 5> calibration{};    // per fifth of the score: right, all

  double accuracy() const { return static_cast<double>(right) / links; }
  double evidence() const { return static_cast<double>(proofs_found) / proofs; }
};

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
    auto& [confirmed, all] = figures->calibration[std::min(4, static_cast<int>(tracking.score() * 5))];
    confirmed += right;
    ++all;
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
  for (size_t i = 0; i < figures.calibration.size(); ++i) {
    const auto& [right, all] = figures.calibration[i];
    if (all > 0) fmt::print("  score {:.1f}-{:.1f}: {} of {} right\n", i * 0.2, i * 0.2 + 0.2, right, all);
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
  EXPECT_GE(setting_.links + held_out_.links, 300);
  EXPECT_GE(held_out_.links, 80);
  EXPECT_GE(held_out_.accuracy(), 0.8);
  EXPECT_GE(held_out_.evidence(), 0.9);
  EXPECT_EQ(held_out_.distractors_delivered, 0);
  EXPECT_EQ(setting_.distractors_delivered, 0);
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
