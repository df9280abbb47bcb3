// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/evidence.h"

#include <algorithm>

namespace duban {

void EvidenceWriter::AddOfText(std::string_view field, size_t begin, size_t end) {
  AddWords(field, v1::FieldEvidence::TEXT, std::string_view(document_->text()).substr(begin, end - begin));
  v1::Span* span = document_->mutable_evidence(document_->evidence_size() - 1)->mutable_span();
  span->set_begin(static_cast<int32_t>(begin));
  span->set_end(static_cast<int32_t>(end));
}

void EvidenceWriter::AddWords(std::string_view field, v1::FieldEvidence::Source source, std::string_view words) {
  v1::FieldEvidence* evidence = document_->add_evidence();
  evidence->set_field(std::string(field));
  evidence->set_source(source);
  evidence->set_text(std::string(words));
}

// From the part in which the words begin to that in which they end; false if they stand in none.
bool EvidenceWriter::AddOfTitle(std::string_view field, const Proof& proof) {
  const auto first = std::find_if(title_.begin(), title_.end(), [&](const TitlePart& part) {
    return part.begin <= proof.begin && proof.begin < part.end;
  });
  const auto last = std::find_if(
      first, title_.end(), [&](const TitlePart& part) { return part.begin < proof.end && proof.end <= part.end; });
  if (first == title_.end() || last == title_.end()) return false;
  if (first->from == v1::FieldEvidence::TEXT) {
    AddOfText(field, first->at + proof.begin - first->begin, last->at + proof.end - last->begin);
  } else {
    AddWords(field, first->from, std::string_view(document_->title()).substr(proof.begin, proof.end - proof.begin));
  }
  return true;
}

void EvidenceWriter::Add(std::string_view field, const Proof& proof, std::string_view derived_from) {
  switch (proof.place) {
    case Proof::kTitle:
      if (AddOfTitle(field, proof)) return;
      break;
    case Proof::kText:
      if (proof.begin >= proof.end || proof.end > document_->text().size()) break;
      return AddOfText(field, proof.begin, proof.end);
    case Proof::kField: {
      const PageField& its = page_.fields[proof.field];
      const auto source = its.kept() ? v1::FieldEvidence::PAGE_FIELD : v1::FieldEvidence::PAGE;
      return AddWords(field, source, std::string_view(its.value).substr(proof.begin, proof.end - proof.begin));
    }
    case Proof::kAround:
      return AddWords(field, v1::FieldEvidence::PAGE,
                      std::string_view(page_.around).substr(proof.begin, proof.end - proof.begin));
    case Proof::kNone:
      break;
  }
  AddWords(field, v1::FieldEvidence::DERIVED, derived_from);
}

void EvidenceWriter::AddTitle(std::string_view derived_from) {
  Add("title", title_.empty() ? Proof() : Proof{Proof::kTitle, 0, title_.back().end}, derived_from);
}

}  // namespace duban
