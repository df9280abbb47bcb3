// SPDX-License-Identifier: Apache-2.0
// Lines of comma-separated values, as RFC 4180 has them.
//
//   CsvLine({"a", "b,c", "say \"d\""})  ->  a,"b,c","say ""d"""\r\n
//
// Pure functions.

#pragma once

#include <string>
#include <vector>

namespace duban {

// The cells with commas between and CRLF behind; those with a comma, a quote or a line break are quoted.
std::string CsvLine(const std::vector<std::string>& cells);

}  // namespace duban
