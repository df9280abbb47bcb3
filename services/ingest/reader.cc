// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/reader.h"

#include "common/base/names.h"
#include "common/base/status.h"

namespace duban {
namespace {

class PlainReader : public Reader {
 public:
  absl::StatusOr<v1::Document> Read(std::string_view bytes, std::string_view source_uri) const override {
    if (bytes.empty()) return InvalidField("content", "0 bytes, want a report");
    v1::Document document;
    document.set_name(DocumentName(Sha256Hex(bytes, 32)));
    document.set_text(std::string(bytes));
    document.set_source_uri(std::string(source_uri));
    return document;
  }
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Reader>> Reader::Create() { return std::make_unique<PlainReader>(); }

}  // namespace duban
