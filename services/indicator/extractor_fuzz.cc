// SPDX-License-Identifier: Apache-2.0
// Any UTF-8 text, with years chosen by the input's last byte (files of text are inputs as they are): no crash, spans
// inside the text, relations that speak of indicators.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "common/text/utf8.h"
#include "services/indicator/extractor.h"

namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto& extractor = *new std::unique_ptr<const duban::Extractor>(duban::Extractor::Create().value());
  if (size == 0) return 0;
  const uint8_t years = data[size - 1];
  const std::string_view bytes(reinterpret_cast<const char*>(data), size - 1);
  const std::string text(bytes.substr(0, duban::ValidUtf8Prefix(bytes)));
  duban::v1::Document document;
  document.set_text(text);
  document.set_report_year(years & 1 ? 2023 : 0);
  document.set_plan_year(years & 2 ? 2024 : 0);
  const duban::v1::IndicatorSet set = extractor->Extract(document, {});
  std::set<std::string> ids;
  for (const duban::v1::Indicator& indicator : set.indicators()) {
    Check(indicator.span().begin() < indicator.span().end() && indicator.span().end() <= static_cast<int>(text.size()));
    Check(duban::IsValidUtf8(indicator.label()));
    ids.insert(indicator.id());
  }
  for (const duban::v1::Relation& relation : set.relations()) {
    for (const std::string& id : {relation.rate(), relation.numerator(), relation.denominator(), relation.change(),
                                  relation.of(), relation.part(), relation.whole()}) {
      Check(id.empty() || ids.count(id) == 1);
    }
  }
  return 0;
}
