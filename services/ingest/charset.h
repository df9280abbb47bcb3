// SPDX-License-Identifier: Apache-2.0
// services/ingest/charset.h: the charset of a text file, told by its bytes, and the text in UTF-8.
//
//   DUBAN_ASSIGN_OR_RETURN(DecodedText decoded, DecodeText(bytes));   // {"…", "GB18030"}
//
// Pure functions; safe to call from any thread. Linear.

#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace duban {

struct DecodedText {
  std::string text;     // valid UTF-8, without byte order mark
  std::string charset;  // UTF-8, UTF-16LE, UTF-16BE, GB18030 or Big5
};

// Decodes a text (plain or HTML). INVALID_ARGUMENT with a violation of `content`: binary data, or bytes that are valid
// in none of the charsets.
absl::StatusOr<DecodedText> DecodeText(std::string_view bytes);

}  // namespace duban
