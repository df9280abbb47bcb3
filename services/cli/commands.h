// SPDX-License-Identifier: Apache-2.0
// services/cli/commands.h: the subcommands of duban. Each takes the words behind its name and returns the process's
// exit code: 0 done, 1 some of the work failed (told on stderr), 2 wrong usage.

#pragma once

#include <string>
#include <vector>

namespace duban {

int AnalyzeCommand(const std::vector<std::string>& arguments);
int TrackCommand(const std::vector<std::string>& arguments);

}  // namespace duban
