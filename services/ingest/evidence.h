// SPDX-License-Identifier: Apache-2.0
// services/ingest/evidence.h: what each derived field of a document rests on, as Document.evidence.
//
//   EvidenceWriter evidence(clean_page, &document);         // the document has its title, text and page_fields
//   evidence.Add("report_year", periods.report_year_proof, "plan_year");
//
// Not safe to use from several threads at once. Each Add is O(title).

#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "duban/v1/document.pb.h"
#include "services/ingest/clean.h"
#include "services/ingest/proof.h"

namespace duban {

// Where a part of the title stands.
struct TitlePart {
  size_t begin = 0, end = 0;       // bytes of the title
  v1::FieldEvidence::Source from;  // TEXT or SOURCE_URI
  size_t at = 0;                   // byte of Document.text
};

class EvidenceWriter {
 public:
  // `page` and `document` must outlive the writer. `title` tells where the title's parts stand; none if it is composed.
  EvidenceWriter(const CleanPage& page, std::vector<TitlePart> title, v1::Document* document)
      : page_(page), title_(std::move(title)), document_(document) {}

  // What `field` rests on. `derived_from` names the fields that it follows from where nothing is proven.
  void Add(std::string_view field, const Proof& proof, std::string_view derived_from);

  // The whole title.
  void AddTitle(std::string_view derived_from);

 private:
  void AddOfText(std::string_view field, size_t begin, size_t end);
  void AddWords(std::string_view field, v1::FieldEvidence::Source source, std::string_view words);
  bool AddOfTitle(std::string_view field, const Proof& proof);

  const CleanPage& page_;
  const std::vector<TitlePart> title_;
  v1::Document* const document_;
};

}  // namespace duban
