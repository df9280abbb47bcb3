// SPDX-License-Identifier: Apache-2.0
#include "services/cli/output.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <iterator>

#include "absl/flags/flag.h"
#include "common/base/lexicon.h"
#include "common/base/status.h"
#include "google/protobuf/util/json_util.h"

ABSL_FLAG(std::string, format, "table",
          "how results are printed: table, json (one object per line) or csv; plan export: csv, html, stratml or iati");

namespace duban {
namespace {

std::string_view Hint(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kUnavailable:
      return "is the service running? deploy/quickstart starts all four; --ingest, --indicator and --plan name their "
             "addresses";
    case absl::StatusCode::kResourceExhausted:
      return "the pipeline is full; wait and submit again (duban status shows the backlog)";
    case absl::StatusCode::kDeadlineExceeded:
      return "the service is slow or stuck; duban status shows the backlog, --timeout gives it longer";
    default:
      return "";
  }
}

}  // namespace

absl::StatusOr<Format> FormatFlag(bool csv_allowed) {
  const std::string name = absl::GetFlag(FLAGS_format);
  if (name == "table") return Format::kTable;
  if (name == "json") return Format::kJson;
  if (name == "csv" && csv_allowed) return Format::kCsv;
  return InvalidField("--format",
                      fmt::format("\"{}\", want {}", name, csv_allowed ? "table, csv or json" : "table or json"));
}

int Fail(const absl::Status& status) {
  fmt::print(stderr, "duban: {}\n", Message(status));
  if (const std::string_view hint = Hint(status.code()); !hint.empty()) fmt::print(stderr, "  {}\n", hint);
  return 1;
}

int WrongUsage(const absl::Status& status) {
  Fail(status);
  fmt::print(stderr, "  duban --help shows the commands\n");
  return 2;
}

void PrintJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.always_print_primitive_fields = true;
  std::string line;
  const auto status = google::protobuf::util::MessageToJsonString(message, &line, options);
  if (status.ok()) {
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
  } else {
    fmt::print(stderr, "duban: {} does not print as JSON: {}\n", message.GetTypeName(), status.ToString());
  }
}

void PrintTable(const Table& table, Format format) {
  const std::string text = format == Format::kCsv ? table.ToCsv() : table.ToText();
  std::fwrite(text.data(), 1, text.size(), stdout);
}

int FinishOutput(int exit_code) {
  // A write that failed while the buffer was emptied has left its mark on the stream.
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return exit_code;
  const std::string why = errno == 0 ? "a write failed" : std::strerror(errno);
  const int failed = Fail(absl::DataLossError(fmt::format("standard output is cut short: {}", why)));
  return exit_code == 0 ? failed : exit_code;
}

std::string NumberText(double value) {
  // Shortest text that reads back the same, but never in exponent form: figures are read by people.
  std::string text = fmt::format("{}", value);
  return text.find('e') == std::string::npos ? text : fmt::format("{:.0f}", value);
}

absl::StatusOr<std::string> ReadInput(const std::string& path) {
  if (path != "-") return ReadFile(path);
  return std::string((std::istreambuf_iterator<char>(std::cin)), std::istreambuf_iterator<char>());
}

}  // namespace duban
