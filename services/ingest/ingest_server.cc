// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/ingest_server.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <set>

#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/channel.h"
#include "common/rpc/paging.h"
#include "common/rpc/status.h"
#include "services/ingest/create_stream.h"
#include "services/ingest/document_rules.h"

namespace duban {
namespace {

constexpr absl::Duration kWatchPoll = absl::Milliseconds(500);
constexpr int kMaxDeadLetterIds = 1000;

bool WantsText(v1::DocumentView view, bool by_default) {
  return view == v1::FULL || (view == v1::DOCUMENT_VIEW_UNSPECIFIED && by_default);
}

absl::Status Get(DocumentStore& store, const v1::GetDocumentRequest& request, v1::Document* response) {
  DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseDocumentName("name", request.name()));
  DUBAN_ASSIGN_OR_RETURN(auto documents, store.BatchGet({id}, WantsText(request.view(), true)));
  *response = std::move(documents.front());
  return absl::OkStatus();
}

absl::Status BatchGet(DocumentStore& store, const v1::BatchGetDocumentsRequest& request,
                      v1::BatchGetDocumentsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const auto ids, ParseNames("names", request.names(), ParseDocumentName));
  DUBAN_ASSIGN_OR_RETURN(auto documents, store.BatchGet(ids, WantsText(request.view(), true)));
  for (v1::Document& document : documents) *response->add_documents() = std::move(document);
  return absl::OkStatus();
}

// A page token's position in the list of documents: creation time in µs, a blank, the id.
std::string FormatCursor(const DocumentCursor& cursor) {
  return fmt::format("{} {}", absl::ToUnixMicros(cursor.create_time), cursor.id);
}

absl::StatusOr<std::optional<DocumentCursor>> ParseCursor(const std::string& position) {
  if (position.empty()) return std::optional<DocumentCursor>();
  int64_t micros = 0;
  const auto [end, error] = std::from_chars(position.data(), position.data() + position.size(), micros);
  if (error != std::errc() || *end != ' ') return InvalidField("page_token", "not a token of this list");
  return std::optional<DocumentCursor>(
      {absl::FromUnixMicros(micros), std::string(end + 1, position.data() + position.size())});
}

absl::Status List(DocumentStore& store, const v1::ListDocumentsRequest& request, v1::ListDocumentsResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const auto after, ParseCursor(position));
  DocumentFilter filter{.agency = "", .state = request.state()};
  if (!request.agency().empty()) {
    DUBAN_ASSIGN_OR_RETURN(filter.agency, ParseAgencyName("agency", request.agency()));
  }
  DUBAN_ASSIGN_OR_RETURN(DocumentPage page, store.List(filter, after, size, WantsText(request.view(), false)));
  if (page.next.has_value()) response->set_next_page_token(MakePageToken(request, FormatCursor(*page.next)));
  for (v1::Document& document : page.documents) *response->add_documents() = std::move(document);
  return absl::OkStatus();
}

absl::Status Original(DocumentStore& store, const v1::GetOriginalRequest& request, google::api::HttpBody* response) {
  DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseDocumentName("name", request.name()));
  DUBAN_ASSIGN_OR_RETURN(const auto documents, store.BatchGet({id}, false));
  DUBAN_ASSIGN_OR_RETURN(*response->mutable_data(), store.GetOriginal(id));
  const v1::Document& document = documents.front();
  response->set_content_type(document.charset().empty()
                                 ? document.media_type()
                                 : fmt::format("{}; charset={}", document.media_type(), document.charset()));
  return absl::OkStatus();
}

absl::Status Delete(Intake& intake, const v1::DeleteDocumentRequest& request, const std::string& traceparent,
                    v1::Document* response) {
  DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseDocumentName("name", request.name()));
  DUBAN_ASSIGN_OR_RETURN(*response, intake.Remove(id, traceparent));
  return absl::OkStatus();
}

absl::Status Watch(DocumentStore& store, const ChangeSignal& changes, const grpc::ServerContext& context,
                   const v1::WatchDocumentRequest& request, grpc::ServerWriter<v1::Document>& writer) {
  DUBAN_ASSIGN_OR_RETURN(const std::string id, ParseDocumentName("name", request.name()));
  v1::Document shown;
  while (!context.IsCancelled()) {
    const int64_t seen = changes.Last();
    DUBAN_ASSIGN_OR_RETURN(v1::Document document, store.Find(id));
    if (document.state() != shown.state() || document.revision() != shown.revision()) {
      shown = std::move(document);
      if (!writer.Write(shown)) break;
    }
    if (!IsUnfinished(shown.state())) return absl::OkStatus();
    // Changes that another replica writes down come to light by polling.
    changes.WaitBeyond(seen, kWatchPoll);
  }
  return absl::CancelledError("the caller has gone");
}

absl::Status Status(DocumentStore& store, TaskQueue& queue, v1::PipelineStatus* response) {
  DUBAN_ASSIGN_OR_RETURN(const auto counts, store.Counts());
  for (const auto& [state, count] : counts) {
    auto* row = response->add_states();
    row->set_state(state);
    row->set_count(count);
  }
  const auto letters = queue.CountDeadLetters();
  response->set_queue_available(letters.ok());
  if (!letters.ok()) return absl::OkStatus();
  response->set_dead_letters(*letters);
  for (const auto stage : {v1::Task::SEGMENT, v1::Task::EXTRACT, v1::Task::TRACK}) {
    const auto backlog = queue.GetBacklog(stage);
    if (!backlog.ok()) continue;
    auto* row = response->add_stages();
    row->set_stage(stage);
    row->set_backlog(backlog->total());
  }
  return absl::OkStatus();
}

absl::Status ListLetters(TaskQueue& queue, const v1::ListDeadLettersRequest& request,
                         v1::ListDeadLettersResponse* response) {
  DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
  DUBAN_ASSIGN_OR_RETURN(const std::string position, ParsePageToken(request));
  DUBAN_ASSIGN_OR_RETURN(const DeadLetterPage page, queue.ListDeadLetters(size, position));
  for (const DeadLetter& letter : page.letters) {
    v1::DeadLetter* row = response->add_dead_letters();
    row->set_id(letter.id);
    *row->mutable_task() = letter.task;
    row->set_reason(letter.reason);
    row->set_deliveries(static_cast<int32_t>(letter.deliveries));
    row->set_dead_time_ms(letter.dead_time_ms);
  }
  if (!page.next_page_token.empty()) response->set_next_page_token(MakePageToken(request, page.next_page_token));
  return absl::OkStatus();
}

// The documents' ids of the dead letters `ids`, in their order. NOT_FOUND if one of them is not there.
absl::StatusOr<std::vector<std::string>> DocumentsOfLetters(TaskQueue& queue, const std::vector<std::string>& ids) {
  if (ids.empty() || ids.size() > kMaxDeadLetterIds) {
    return InvalidField("ids", fmt::format("{} ids, want 1 to {}", ids.size(), kMaxDeadLetterIds));
  }
  std::map<std::string, std::string> documents;
  std::set<std::string> wanted(ids.begin(), ids.end());
  std::string token;
  do {
    DUBAN_ASSIGN_OR_RETURN(const DeadLetterPage page, queue.ListDeadLetters(kMaxPageSize, token));
    for (const DeadLetter& letter : page.letters) {
      if (wanted.erase(letter.id) > 0) documents[letter.id] = letter.task.document();
    }
    token = page.next_page_token;
  } while (!token.empty() && !wanted.empty());
  if (!wanted.empty()) return ResourceNotFound("duban.v1.DeadLetter", *wanted.begin(), "no such dead letter");
  std::vector<std::string> found;
  for (const std::string& id : ids) {
    if (auto document = ParseDocumentName("document", documents[id]); document.ok()) found.push_back(*document);
  }
  return found;
}

absl::Status Redrive(DocumentStore& store, TaskQueue& queue, const v1::RedriveDeadLettersRequest& request,
                     v1::RedriveDeadLettersResponse* response) {
  const std::vector<std::string> ids(request.ids().begin(), request.ids().end());
  DUBAN_ASSIGN_OR_RETURN(const auto documents, DocumentsOfLetters(queue, ids));
  // The state first: if the queue fails then, the reconciler puts the documents up.
  DUBAN_RETURN_IF_ERROR(store.Redrive(documents));
  DUBAN_ASSIGN_OR_RETURN(const int64_t redriven, queue.Redrive(ids));
  response->set_redriven(static_cast<int32_t>(redriven));
  return absl::OkStatus();
}

absl::Status Drop(TaskQueue& queue, const v1::DropDeadLettersRequest& request, v1::DropDeadLettersResponse* response) {
  const std::vector<std::string> ids(request.ids().begin(), request.ids().end());
  DUBAN_RETURN_IF_ERROR(DocumentsOfLetters(queue, ids).status());
  DUBAN_ASSIGN_OR_RETURN(const int64_t dropped, queue.Drop(ids));
  response->set_dropped(static_cast<int32_t>(dropped));
  return absl::OkStatus();
}

}  // namespace

grpc::Status IngestServer::CreateDocument(grpc::ServerContext* context, const v1::CreateDocumentRequest* request,
                                          v1::Document* response) {
  auto answers = intake_.Accept({{request->content(), request->source_uri(), Traceparent(*context)}});
  if (!answers.front().ok()) return ToGrpc(answers.front().status());
  *response = *std::move(answers.front());
  return grpc::Status::OK;
}

grpc::Status IngestServer::StreamCreateDocuments(
    grpc::ServerContext* context,
    grpc::ServerReaderWriter<v1::StreamCreateDocumentsResponse, v1::CreateDocumentRequest>* stream) {
  return ToGrpc(ServeCreateStream(intake_, Traceparent(*context), *stream));
}

grpc::Status IngestServer::GetDocument(grpc::ServerContext*, const v1::GetDocumentRequest* request,
                                       v1::Document* response) {
  return ToGrpc(Get(store_, *request, response));
}

grpc::Status IngestServer::BatchGetDocuments(grpc::ServerContext*, const v1::BatchGetDocumentsRequest* request,
                                             v1::BatchGetDocumentsResponse* response) {
  return ToGrpc(BatchGet(store_, *request, response));
}

grpc::Status IngestServer::ListDocuments(grpc::ServerContext*, const v1::ListDocumentsRequest* request,
                                         v1::ListDocumentsResponse* response) {
  return ToGrpc(List(store_, *request, response));
}

grpc::Status IngestServer::GetOriginal(grpc::ServerContext*, const v1::GetOriginalRequest* request,
                                       google::api::HttpBody* response) {
  return ToGrpc(Original(store_, *request, response));
}

grpc::Status IngestServer::DeleteDocument(grpc::ServerContext* context, const v1::DeleteDocumentRequest* request,
                                          v1::Document* response) {
  return ToGrpc(Delete(intake_, *request, Traceparent(*context), response));
}

grpc::Status IngestServer::WatchDocument(grpc::ServerContext* context, const v1::WatchDocumentRequest* request,
                                         grpc::ServerWriter<v1::Document>* writer) {
  return ToGrpc(Watch(store_, changes_, *context, *request, *writer));
}

grpc::Status IngestServer::GetPipelineStatus(grpc::ServerContext*, const v1::GetPipelineStatusRequest*,
                                             v1::PipelineStatus* response) {
  return ToGrpc(Status(store_, queue_, response));
}

grpc::Status IngestServer::ListDeadLetters(grpc::ServerContext*, const v1::ListDeadLettersRequest* request,
                                           v1::ListDeadLettersResponse* response) {
  return ToGrpc(ListLetters(queue_, *request, response));
}

grpc::Status IngestServer::RedriveDeadLetters(grpc::ServerContext*, const v1::RedriveDeadLettersRequest* request,
                                              v1::RedriveDeadLettersResponse* response) {
  return ToGrpc(Redrive(store_, queue_, *request, response));
}

grpc::Status IngestServer::DropDeadLetters(grpc::ServerContext*, const v1::DropDeadLettersRequest* request,
                                           v1::DropDeadLettersResponse* response) {
  return ToGrpc(Drop(queue_, *request, response));
}

}  // namespace duban
