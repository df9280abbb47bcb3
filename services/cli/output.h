// SPDX-License-Identifier: Apache-2.0
// services/cli/output.h: what every subcommand shares: the flag --format, errors on stderr, proto3 JSON lines.

#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"
#include "services/cli/table.h"

namespace duban {

enum class Format { kTable, kJson, kCsv };

// The value of --format. INVALID_ARGUMENT if it is none of `table`, `json` and, where `csv_allowed`, `csv`.
absl::StatusOr<Format> FormatFlag(bool csv_allowed);

// "duban: <message>" on stderr, with a hint at what to do next where the code suggests one. Returns the exit code 1.
int Fail(const absl::Status& status);

// The same for wrong usage: exit code 2.
int WrongUsage(const absl::Status& status);

// To be called when all is printed: `exit_code`, or 1 with a message on stderr if that was 0 and not all of standard
// output could be written (a full disk). Until then failed writes need no care.
int FinishOutput(int exit_code);

// One line of proto3 JSON (lowerCamelCase, default values printed) on stdout.
void PrintJson(const google::protobuf::Message& message);

// `table` as text or CSV on stdout. `format` is not kJson.
void PrintTable(const Table& table, Format format);

// The shortest decimal that reads back as `value`: 47350000, 38.9.
std::string NumberText(double value);

// The bytes of a file, or of standard input for "-".
absl::StatusOr<std::string> ReadInput(const std::string& path);

}  // namespace duban
