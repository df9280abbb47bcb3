// SPDX-License-Identifier: Apache-2.0
// services/ingest/language.h: in which language a text is written, as far as its scripts tell.
//
//   TellLanguage("全年受理案件12件。", /*traditional=*/false)   // "zh-Hans"
//   TellLanguage("The annual work report of 2023", false)     // "und-Latn"
//
// Pure functions; safe to call from any thread. Linear in the text.

#pragma once

#include <string>
#include <string_view>

namespace duban {

// A BCP-47 tag: zh-Hans, zh-Hant, ja, ko, bo; "und-" and the ISO 15924 script where the script is not one language's;
// "und" for a text without letters. `traditional`: how its ideographs are written, if it has any.
std::string TellLanguage(std::string_view text, bool traditional);

}  // namespace duban
