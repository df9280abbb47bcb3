// SPDX-License-Identifier: Apache-2.0
// services/cli/flag_words.h: the words of a command line, checked and made fit for absl's parser.
//
//   OrderFlags({"compare", "m", "--year=2022", "--year", "2023"})   // {"--year=2022,2023", "compare", "m"}
//
// absl takes the last of a list flag that is given twice and ends the process with code 1 on what it does not know;
// people repeat flags, and wrong usage is code 2 here. Not thread-safe while flags are read: checking sets them.

#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace duban {

// `words` with the values of each flag of type std::vector<std::string> joined into one word in front.
// INVALID_ARGUMENT: a flag that is not there, one without a value, or a value that its type refuses.
absl::StatusOr<std::vector<std::string>> OrderFlags(const std::vector<std::string>& words);

// Every flag of duban's own by name, with its help and its value if nobody sets it: a line each.
std::string ListFlags();

}  // namespace duban
