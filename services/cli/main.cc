// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/usage.h"
#include "absl/time/time.h"
#include "common/base/status.h"
#include "services/cli/commands.h"
#include "services/cli/flag_words.h"
#include "services/cli/output.h"

ABSL_DECLARE_FLAG(absl::Duration, timeout);

namespace {

constexpr char kUsage[] =
    R"(duban reads government work reports and keeps two ledgers: what was measured and what was promised.

local, no server needed:
  duban analyze [--format=table|json|csv] FILE|DIR|ZIP...   outline, indicators, plan items, findings of each report
  duban track [--format=table|json] PLAN_FILE RESULT_FILE...  one agency's plan held against its later reports
  duban quantities [--format=table|json] FILE...            every numeral and quantity, line by line

over gRPC (addresses: --ingest, --indicator, --plan, or DUBAN_INGEST, DUBAN_INDICATOR, DUBAN_PLAN):
  duban submit [--wait] FILE|DIR|ZIP...                     hand reports in, with a progress bar
  duban documents [--agency=… --state=FAILED]               the reports that are there, newest first, with their names
  duban original NAME [--output=FILE]                       a report's bytes, as they were handed in
  duban delete [--wait] NAME...                             takes reports out of both ledgers; what people said is kept
  duban status                                              documents by state, backlog of every stage
  duban indicators [--agency=… --metric=… --year=…]         the ledger of what was measured
  duban findings [--agency=… --type=… --year=…]             figures that do not add up, also from report to report
  duban compare METRIC [--region=… --agency=… --year=…]     one metric across agencies and years
  duban metrics [PREFIX]                                    the catalog of metrics
  duban unmapped                                            frequent labels that no metric means
  duban plan [list|track|summary] [--agency=… --year=…]     the ledger of what was promised, with its verdicts, in numbers
      further filters: --status=… --unit=… --theme=… --needs_review_below=0.6 --as_of=YYYY-MM-DD --overdue
      summary: rank by delivery rate among --region=44 and by theme
  duban plan problems [--unanswered]                        what reports admit, and which promises answer it
  duban plan themes                                         by which promises are grouped
  duban plan chains --agency=…                              what was promised again year after year
  duban plan watch [--from=TOKEN]                           every change of a promise, as it is made
  duban plan show NAME                                      one promise with evidence and history
  duban plan assign NAME --unit=… --due=… --by=…            who answers for it and by when
  duban plan update NAME --note=… --by=…                    progress between two reports
  duban plan review NAME accept|override --by=…             a person's verdict; override: --status=… --reason=…
  duban plan export --format=csv|html|stratml|iati          the sheet of promises, for people and programs
  duban dlq list|redrive ID...|drop ID...                   tasks that a stage gave up on

--agency takes names (坪山区司法局) or agencies/…; --agency, --year and --document may be given several times.
FILE may be - for standard input. `duban --helpfull` lists every flag.)";

constexpr std::pair<std::string_view, int (*)(const duban::Arguments&)> kCommands[] = {
    {"analyze", duban::AnalyzeCommand},
    {"track", duban::TrackCommand},
    {"quantities", duban::QuantitiesCommand},
    {"submit", duban::SubmitCommand},
    {"status", duban::StatusCommand},
    {"indicators", duban::IndicatorsCommand},
    {"findings", duban::FindingsCommand},
    {"compare", duban::CompareCommand},
    {"metrics", duban::MetricsCommand},
    {"unmapped", duban::UnmappedCommand},
    {"plan", duban::PlanCommand},
    {"dlq", duban::DeadLettersCommand},
    {"documents", duban::DocumentsCommand},
    {"delete", duban::DeleteCommand},
    {"original", duban::OriginalCommand},
};

// fmt::print throws when a write fails; the stream remembers that, too.
int Run(int (*command)(const duban::Arguments&), const duban::Arguments& arguments) {
  int exit_code = 0;
  try {
    exit_code = command(arguments);
  } catch (const std::system_error&) {
    if (std::ferror(stdout) == 0) throw;
  }
  return duban::FinishOutput(exit_code);
}

}  // namespace

int main(int argc, char** argv) {
  // absl's own --help lists flags and leaves with an error; people want the commands.
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (word == "--help" || word == "-h" || (i == 1 && word == "help")) {
      fmt::print("{}\n", kUsage);
      return 0;
    }
    if (word == "--helpfull") {
      fmt::print("{}\n\nflags, each with its value if it is not given:\n{}", kUsage, duban::ListFlags());
      return 0;
    }
    if (word == "--version") {
      fmt::print("duban {}\n", DUBAN_VERSION);
      return 0;
    }
  }
  absl::SetProgramUsageMessage(kUsage);
  auto ordered = duban::OrderFlags({argv + 1, argv + argc});
  if (!ordered.ok()) return duban::WrongUsage(ordered.status());
  std::vector<char*> pointers = {argv[0]};
  for (std::string& word : *ordered) pointers.push_back(word.data());
  const std::vector<char*> words = absl::ParseCommandLine(static_cast<int>(pointers.size()), pointers.data());
  if (words.size() < 2) {
    fmt::print("{}\n", kUsage);
    return 2;
  }
  if (const absl::Duration timeout = absl::GetFlag(FLAGS_timeout); timeout <= absl::ZeroDuration()) {
    return duban::WrongUsage(
        duban::InvalidField("--timeout", fmt::format("{}, want above 0", absl::FormatDuration(timeout))));
  }
  const std::string_view name = words[1];
  for (const auto& [command, run] : kCommands) {
    if (name == command) return Run(run, duban::Arguments(words.begin() + 2, words.end()));
  }
  return duban::WrongUsage(absl::InvalidArgumentError(fmt::format("\"{}\" is no command", name)));
}
