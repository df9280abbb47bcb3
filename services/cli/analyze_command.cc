// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "google/protobuf/util/json_util.h"
#include "services/cli/commands.h"
#include "services/cli/local_analysis.h"

namespace duban {
namespace {

int Fail(const absl::Status& status) {
  fmt::print(stderr, "duban: {}\n", Message(status));
  return 1;
}

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string line;
  if (google::protobuf::util::MessageToJsonString(message, &line, options).ok()) fmt::print("{}\n", line);
}

absl::StatusOr<v1::Analysis> AnalyzeFile(const LocalAnalysis& local, const std::string& path) {
  DUBAN_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(path));
  auto analysis = local.Analyze(bytes, path);
  return analysis.ok() ? analysis : Annotate(analysis.status(), path);
}

}  // namespace

int AnalyzeCommand(const std::vector<std::string>& arguments) {
  const auto local = LocalAnalysis::Create();
  if (!local.ok()) return Fail(local.status());
  int code = 0;
  for (const std::string& path : arguments) {
    const auto analysis = AnalyzeFile(**local, path);
    if (analysis.ok()) {
      PrintJson(*analysis);
    } else {
      code = Fail(analysis.status());
    }
  }
  return code;
}

int TrackCommand(const std::vector<std::string>& arguments) {
  const auto local = LocalAnalysis::Create();
  if (!local.ok()) return Fail(local.status());
  std::vector<v1::Analysis> analyses;
  for (const std::string& path : arguments) {
    auto analysis = AnalyzeFile(**local, path);
    if (!analysis.ok()) return Fail(analysis.status());
    analyses.push_back(*std::move(analysis));
  }
  PrintJson((*local)->Track(analyses.front(), std::span(analyses).subspan(1)));
  return 0;
}

}  // namespace duban
