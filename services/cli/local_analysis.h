// SPDX-License-Identifier: Apache-2.0
// services/cli/local_analysis.h: all four analysis cores in one process, without any server.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const LocalAnalysis> local, LocalAnalysis::Create());
//   absl::StatusOr<v1::Analysis> analysis = local->Analyze(bytes, "bureau_2023.txt");
//
// Immutable: safe to call from any thread. Linear in the size of the report.

#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "duban/v1/analysis.pb.h"
#include "services/indicator/extractor.h"
#include "services/ingest/reader.h"
#include "services/plan/planner.h"
#include "services/segmentation/segmenter.h"

namespace duban {

class LocalAnalysis {
 public:
  // INVALID_ARGUMENT if a lexicon has a fault; ReadFile's statuses for `catalog_file`, a file of metrics in place of
  // the built-in ones.
  static absl::StatusOr<std::unique_ptr<const LocalAnalysis>> Create(const std::string& catalog_file = "");

  // The whole analysis of one report's original bytes. INVALID_ARGUMENT: more than 16 MiB; else the errors of
  // Reader::Read.
  absl::StatusOr<v1::Analysis> Analyze(std::string_view bytes, std::string_view source_uri) const;

  // `plan`'s items held against `results`; report.result is the one with the latest report year.
  v1::TrackReport Track(const v1::Analysis& plan, std::span<const v1::Analysis> results) const;

 private:
  LocalAnalysis() = default;

  std::unique_ptr<const Reader> reader_;
  std::unique_ptr<const Segmenter> segmenter_;
  std::unique_ptr<const Extractor> extractor_;
  std::unique_ptr<const Planner> planner_;
};

}  // namespace duban
