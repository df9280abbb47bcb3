// SPDX-License-Identifier: Apache-2.0
// tests/corpus/corpus.h: reports and what is expected of them, read from the source tree.
//
//   const Corpus corpus = Corpus::Load("tests/e2e/testdata/expected_ledgers.textproto", "deploy/samples");
//   corpus.Analyze("qinglan_2023.txt")
//
// For tests: a missing or faulty file ends the program with its message.

#pragma once

#include <fmt/format.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "services/cli/local_analysis.h"
#include "tests/corpus/expected.pb.h"

namespace duban {

class Corpus {
 public:
  // `expected` and `folder` are paths below the source tree.
  static Corpus Load(const std::string& expected, const std::string& folder) {
    const char* root = std::getenv("DUBAN_SOURCE_DIR");
    Corpus corpus;
    corpus.root_ = root == nullptr ? "." : root;
    corpus.folder_ = corpus.root_ + "/" + folder;
    corpus.local_ = Get(LocalAnalysis::Create());
    corpus.expected_ = Get(ParseLexicon<ExpectedLedgers>(expected, Get(ReadFile(corpus.root_ + "/" + expected))));
    return corpus;
  }

  const ExpectedLedgers& expected() const { return expected_; }
  const LocalAnalysis& local() const { return *local_; }

  v1::Analysis Analyze(const std::string& file) const {
    return Get(local_->Analyze(Get(ReadFile(folder_ + "/" + file)), file));
  }

 private:
  template <typename T>
  static T Get(absl::StatusOr<T> value) {
    if (!value.ok()) {
      fmt::print(stderr, "{}\n", Message(value.status()));
      std::abort();
    }
    return *std::move(value);
  }

  std::string root_, folder_;
  std::unique_ptr<const LocalAnalysis> local_;
  ExpectedLedgers expected_;
};

}  // namespace duban
