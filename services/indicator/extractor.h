// SPDX-License-Identifier: Apache-2.0
// services/indicator/extractor.h: every figure of a report that measures something, what it measures, and whether
// figures add up.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const Extractor> extractor, Extractor::Create());
//   v1::IndicatorSet set = extractor->Extract(document, outline);
//   // indicators {i1, 受理法律援助案件, legal_aid.cases_accepted, ACTUAL, 2023, 786 宗} …, relations, findings
//
// Reads of the document: text, report_year, plan_year, agency. An Extractor is immutable: safe to call from any thread.
// Linear in the size of the text.

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "duban/v1/document.pb.h"
#include "duban/v1/indicator.pb.h"
#include "duban/v1/outline.pb.h"

namespace duban {

class Catalog;

class Extractor {
 public:
  // With the embedded lexicons and catalog. INVALID_ARGUMENT names file and line of a fault in one of them.
  static absl::StatusOr<std::unique_ptr<const Extractor>> Create();

  // With the embedded lexicons and `catalog`.
  static absl::StatusOr<std::unique_ptr<const Extractor>> Create(std::shared_ptr<const Catalog> catalog);

  virtual ~Extractor() = default;

  // The indicators of `document`, whose outline is `outline`. Resource names and stored fields are left for the caller.
  virtual v1::IndicatorSet Extract(const v1::Document& document, const v1::Outline& outline) const = 0;
};

}  // namespace duban
