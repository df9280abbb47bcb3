// SPDX-License-Identifier: Apache-2.0
// services/cli/commands.h: the subcommands of duban. Each takes the words behind its name and returns the process's
// exit code: 0 done, 1 some of the work failed (told on stderr), 2 wrong usage.

#pragma once

#include <string>
#include <vector>

namespace duban {

using Arguments = std::vector<std::string>;

// In-process, without any server.
int AnalyzeCommand(const Arguments& files);
int TrackCommand(const Arguments& files);
int QuantitiesCommand(const Arguments& files);

// Over gRPC.
int SubmitCommand(const Arguments& paths);
int DocumentsCommand(const Arguments& arguments);
int DeleteCommand(const Arguments& names);
int OriginalCommand(const Arguments& names);
int StatusCommand(const Arguments& arguments);
int IndicatorsCommand(const Arguments& arguments);
int FindingsCommand(const Arguments& arguments);
int CompareCommand(const Arguments& arguments);
int MetricsCommand(const Arguments& arguments);
int UnmappedCommand(const Arguments& arguments);
int PlanCommand(const Arguments& arguments);
int DeadLettersCommand(const Arguments& arguments);

}  // namespace duban
