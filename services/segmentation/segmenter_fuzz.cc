// SPDX-License-Identifier: Apache-2.0
// Any bytes in, a well-formed outline out. The last byte chooses the years: the text begins with the input, so that
// files of text are inputs as they are.
#include <cstdint>
#include <cstdlib>

#include "common/text/utf8.h"
#include "services/segmentation/segmenter.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto& segmenter = *new auto(*duban::Segmenter::Create());
  if (size == 0) return 0;
  duban::v1::Document document;
  const uint8_t years = data[size - 1];
  std::string_view text(reinterpret_cast<const char*>(data), size - 1);
  document.set_text(std::string(text.substr(0, duban::ValidUtf8Prefix(text))));
  document.set_report_year(years & 1 ? 2023 : 0);
  document.set_plan_year(years & 2 ? 2024 : 0);
  const duban::v1::Outline outline = segmenter->Segment(document);
  int32_t last = 0;
  for (const auto& section : outline.sections()) {
    if (section.span().begin() < last || section.span().end() < section.span().begin()) std::abort();
    if (section.span().end() > static_cast<int32_t>(document.text().size())) std::abort();
    last = section.span().begin();
  }
  last = 0;
  for (const auto& sentence : outline.sentences()) {
    if (sentence.span().begin() < last || sentence.span().end() <= sentence.span().begin()) std::abort();
    last = sentence.span().end();
  }
  return 0;
}
