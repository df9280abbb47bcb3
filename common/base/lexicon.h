// SPDX-License-Identifier: Apache-2.0
// Rules of language as data: text files in protobuf's text format, embedded at build time and replaceable with a flag.
//
//   DUBAN_ASSIGN_OR_RETURN(UnitLexicon units, ParseLexicon<UnitLexicon>("units.textproto", embedded::units_textproto));
//
// Safe to call from any thread.

#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace duban {

// Fills `message` from text format. INVALID_ARGUMENT "<file_name>:<line>:<column>: …" names the first fault.
absl::Status ParseLexiconInto(std::string_view file_name, std::string_view text, google::protobuf::Message* message);

template <typename Lexicon>
absl::StatusOr<Lexicon> ParseLexicon(std::string_view file_name, std::string_view text) {
  Lexicon lexicon;
  if (absl::Status status = ParseLexiconInto(file_name, text, &lexicon); !status.ok()) return status;
  return lexicon;
}

// The bytes of a file. NOT_FOUND if there is none, PERMISSION_DENIED, else UNKNOWN, each with the path and the system's
// reason.
absl::StatusOr<std::string> ReadFile(const std::string& path);

}  // namespace duban
