// SPDX-License-Identifier: Apache-2.0
// Any UTF-8 text: figures stand in order inside it, and each numeral that is found reads back.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "common/text/utf8.h"
#include "services/indicator/numeral.h"
#include "services/indicator/quantity.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const auto units = duban::UnitLexicon::Create();
  std::string_view text(reinterpret_cast<const char*>(data), size);
  text = text.substr(0, duban::ValidUtf8Prefix(text));
  int32_t last = 0;
  for (const auto& found : duban::ScanQuantities(text, **units, duban::NumeralScope::kAll)) {
    const auto& span = found.quantity.span();
    if (span.begin() < last || span.end() <= span.begin() || static_cast<size_t>(span.end()) > size) std::abort();
    if (text.substr(static_cast<size_t>(span.begin()), static_cast<size_t>(span.end() - span.begin())) !=
        found.quantity.text()) {
      std::abort();
    }
    const auto value = duban::ParseNumeral(found.quantity.decimal());
    if (!value.ok() || *value != found.value) std::abort();
    last = span.end();
  }
  (void)duban::ParseNumeral(text);
  return 0;
}
