// SPDX-License-Identifier: Apache-2.0
// duban documents, delete and original: which reports there are, and what is done with single ones.

#include <fmt/format.h>

#include <fstream>

#include "absl/time/time.h"
#include "common/rpc/channel.h"
#include "google/api/httpbody.pb.h"
#include "services/cli/commands.h"
#include "services/cli/pages.h"

ABSL_DECLARE_FLAG(bool, wait);
ABSL_DECLARE_FLAG(absl::Duration, patience);
ABSL_FLAG(
    std::string, state, "",
    "for documents: only those in this state (ACCEPTED, SEGMENTED, EXTRACTED, FINISHED, FAILED, DELETING, DELETED); "
    "empty: all but deleted ones");
ABSL_FLAG(std::string, output, "", "for original: the file to write; standard output if empty");

namespace duban {
namespace {

// Follows `document` until it is DELETED; FAILED_PRECONDITION with what the service tells if its removal failed.
absl::Status AwaitDeletion(v1::IngestService::StubInterface& stub, v1::Document* document) {
  v1::WatchDocumentRequest request;
  request.set_name(document->name());
  const auto context = MakeContext({.timeout = absl::GetFlag(FLAGS_patience)});
  const auto stream = stub.WatchDocument(context.get(), request);
  while (stream->Read(document)) continue;
  DUBAN_RETURN_IF_ERROR(FromGrpc(stream->Finish()));
  if (document->state() == v1::Document::DELETED) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("{}: {} {}", document->name(), v1::Document::State_Name(document->state()), document->failure()));
}

absl::StatusOr<v1::Document> Delete(v1::IngestService::StubInterface& stub, const std::string& name) {
  v1::DeleteDocumentRequest request;
  request.set_name(name);
  v1::Document document;
  DUBAN_RETURN_IF_ERROR(FromGrpc(stub.DeleteDocument(CallContext().get(), request, &document)));
  if (absl::GetFlag(FLAGS_wait)) DUBAN_RETURN_IF_ERROR(AwaitDeletion(stub, &document));
  return document;
}

absl::Status WriteOutput(const std::string& file, const std::string& bytes) {
  std::ofstream stream(file, std::ios::binary);
  stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  stream.close();
  return stream ? absl::OkStatus() : absl::UnavailableError(fmt::format("{}: cannot be written", file));
}

std::string YearCell(int32_t year) { return year == 0 ? "" : fmt::format("{}", year); }

std::vector<std::string> DocumentRow(const v1::Document& document) {
  return {document.name(),
          v1::Document::State_Name(document.state()),
          document.agency().display_name(),
          YearCell(document.report_year()),
          YearCell(document.plan_year()),
          document.title(),
          document.source_uri(),
          document.failure()};
}

}  // namespace

int DocumentsCommand(const Arguments& arguments) {
  const auto format = FormatFlag(/*csv_allowed=*/true);
  if (!format.ok()) return WrongUsage(format.status());
  if (!arguments.empty()) return WrongUsage(absl::InvalidArgumentError("documents: takes flags only"));
  if (const absl::Status filters = CheckFilters({"agency"}); !filters.ok()) return WrongUsage(filters);
  const auto state = EnumFlag<v1::Document::State>("--state", absl::GetFlag(FLAGS_state));
  if (!state.ok()) return WrongUsage(state.status());
  auto agencies = AgencyFlags();
  if (!agencies.ok()) return FailOrWrongUsage(agencies.status());
  if (agencies->empty()) agencies->emplace_back();
  std::vector<v1::ListDocumentsRequest> requests;
  for (std::string& agency : *agencies) {
    v1::ListDocumentsRequest& request = requests.emplace_back();
    request.set_state(*state);
    request.set_agency(std::move(agency));
  }
  return ShowPages(*IngestStub(), &v1::IngestService::StubInterface::ListDocuments, std::move(requests),
                   &v1::ListDocumentsResponse::documents, *format,
                   Table({"document", "state", "agency", "year", "plan", "title", "source", "failure"}), DocumentRow);
}

int DeleteCommand(const Arguments& names) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  if (names.empty()) return WrongUsage(absl::InvalidArgumentError("delete: no NAME, want documents/… one or more"));
  const auto stub = IngestStub();
  int exit_code = 0;
  for (const std::string& name : names) {
    const auto document = Delete(*stub, name);
    if (!document.ok()) {
      exit_code = Fail(document.status());
    } else if (*format == Format::kJson) {
      PrintJson(*document);
    } else {
      fmt::print("{}  {}  {}\n", document->name(), v1::Document::State_Name(document->state()), document->title());
    }
  }
  return exit_code;
}

int OriginalCommand(const Arguments& names) {
  const auto format = FormatFlag(/*csv_allowed=*/false);
  if (!format.ok()) return WrongUsage(format.status());
  if (names.size() != 1) return WrongUsage(absl::InvalidArgumentError("original: want one NAME, documents/…"));
  v1::GetOriginalRequest request;
  request.set_name(names.front());
  google::api::HttpBody original;
  const absl::Status status = FromGrpc(IngestStub()->GetOriginal(CallContext().get(), request, &original));
  if (!status.ok()) return Fail(status);
  const std::string file = absl::GetFlag(FLAGS_output);
  if (!file.empty()) {
    if (const absl::Status written = WriteOutput(file, original.data()); !written.ok()) return Fail(written);
    // What is shown is about the file; the bytes are in it.
    const size_t size = original.data().size();
    original.clear_data();
    if (*format == Format::kTable) fmt::print("{}: {} bytes, {}\n", file, size, original.content_type());
  }
  if (*format == Format::kJson) {
    PrintJson(original);
  } else {
    std::fwrite(original.data().data(), 1, original.data().size(), stdout);
  }
  return 0;
}

}  // namespace duban
