// SPDX-License-Identifier: Apache-2.0
// services/ingest/page_text.h: all that a page says, folded, in one text: the title, the values of its fields, the
// lines around the report and the report, with the way back to where each word stands.
//
//   const PageText said(clean_page);
//   const size_t at = said.all().find("三门县");
//   said.ProofOf(at, at + 9);                   // {kField, 0, 9, 2}
//
// Immutable: safe to read from any thread. Linear.

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/text/fold.h"
#include "services/ingest/clean.h"
#include "services/ingest/proof.h"

namespace duban {

class PageText {
 public:
  explicit PageText(const CleanPage& page);

  // Lines, the report's text last.
  const std::string& all() const { return all_; }

  // The report's text, the end of all().
  std::string_view text() const { return std::string_view(all_).substr(parts_.back().begin); }

  // Where bytes [begin, end) of all() stand, which lie in one part.
  Proof ProofOf(size_t begin, size_t end) const;

  // The same of bytes of text().
  Proof ProofOfText(size_t begin, size_t end) const {
    return ProofOf(parts_.back().begin + begin, parts_.back().begin + end);
  }

 private:
  struct Part {
    Proof::Place place;
    int field;
    size_t begin;  // in all_
    FoldedText folded;
  };

  void Add(Proof::Place place, int field, std::string_view written);

  std::string all_;
  std::vector<Part> parts_;
};

}  // namespace duban
