// SPDX-License-Identifier: Apache-2.0
// services/segmentation/segmenter.h: the outline of a report's clean text.
//
//   DUBAN_ASSIGN_OR_RETURN(std::unique_ptr<const Segmenter> segmenter, Segmenter::Create());
//   v1::Outline outline = segmenter->Segment(document);
//   // sections {s1, level 1, 一、, 2023年工作情况, ACHIEVEMENT, span} …, problems, sentences
//
// Reads of the document: text, title, report_year, plan_year; all but the text may be empty. Spans are bytes of
// document.text(), which must be valid UTF-8. A Segmenter is immutable: safe to call from any thread. Linear in the
// size of the text.

#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "duban/v1/document.pb.h"
#include "duban/v1/outline.pb.h"

namespace duban {

class Segmenter {
 public:
  // With the embedded lexicons. INVALID_ARGUMENT names file and line of a fault in one of them.
  static absl::StatusOr<std::unique_ptr<const Segmenter>> Create();
  virtual ~Segmenter() = default;

  // The outline; name and revision are left for the caller. Never fails: a text without any heading has no sections.
  virtual v1::Outline Segment(const v1::Document& document) const = 0;
};

}  // namespace duban
