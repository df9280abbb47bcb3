// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <vector>

#include "services/cli/commands.h"

int main(int argc, char** argv) {
  std::vector<std::string> arguments;
  std::string command;
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with("--format=")) continue;
    if (command.empty()) {
      command = argv[i];
    } else {
      arguments.emplace_back(argv[i]);
    }
  }
  if (command == "analyze" && !arguments.empty()) return duban::AnalyzeCommand(arguments);
  if (command == "track" && arguments.size() > 1) return duban::TrackCommand(arguments);
  fmt::print(stderr, "usage: duban analyze FILE... | duban track PLAN_FILE RESULT_FILE...\n");
  return 2;
}
