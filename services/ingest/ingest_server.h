// SPDX-License-Identifier: Apache-2.0
// services/ingest/ingest_server.h: the gRPC face of ingest. Contracts are in ingest_service.proto.

#pragma once

#include <grpcpp/grpcpp.h>

#include "common/queue/task_queue.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "services/ingest/document_store.h"
#include "services/ingest/intake.h"
#include "services/ingest/progress.h"

namespace duban {

// Thread-safe. What it is given must outlive it.
class IngestServer : public v1::IngestService::Service {
 public:
  IngestServer(Intake* intake, DocumentStore* store, TaskQueue* queue, const ChangeSignal* changes)
      : intake_(*intake), store_(*store), queue_(*queue), changes_(*changes) {}

  grpc::Status CreateDocument(grpc::ServerContext* context, const v1::CreateDocumentRequest* request,
                              v1::Document* response) override;
  grpc::Status StreamCreateDocuments(
      grpc::ServerContext* context,
      grpc::ServerReaderWriter<v1::StreamCreateDocumentsResponse, v1::CreateDocumentRequest>* stream) override;
  grpc::Status GetDocument(grpc::ServerContext* context, const v1::GetDocumentRequest* request,
                           v1::Document* response) override;
  grpc::Status BatchGetDocuments(grpc::ServerContext* context, const v1::BatchGetDocumentsRequest* request,
                                 v1::BatchGetDocumentsResponse* response) override;
  grpc::Status ListDocuments(grpc::ServerContext* context, const v1::ListDocumentsRequest* request,
                             v1::ListDocumentsResponse* response) override;
  grpc::Status GetOriginal(grpc::ServerContext* context, const v1::GetOriginalRequest* request,
                           google::api::HttpBody* response) override;
  grpc::Status DeleteDocument(grpc::ServerContext* context, const v1::DeleteDocumentRequest* request,
                              v1::Document* response) override;
  grpc::Status WatchDocument(grpc::ServerContext* context, const v1::WatchDocumentRequest* request,
                             grpc::ServerWriter<v1::Document>* writer) override;
  grpc::Status GetPipelineStatus(grpc::ServerContext* context, const v1::GetPipelineStatusRequest* request,
                                 v1::PipelineStatus* response) override;
  grpc::Status ListDeadLetters(grpc::ServerContext* context, const v1::ListDeadLettersRequest* request,
                               v1::ListDeadLettersResponse* response) override;
  grpc::Status RedriveDeadLetters(grpc::ServerContext* context, const v1::RedriveDeadLettersRequest* request,
                                  v1::RedriveDeadLettersResponse* response) override;
  grpc::Status DropDeadLetters(grpc::ServerContext* context, const v1::DropDeadLettersRequest* request,
                               v1::DropDeadLettersResponse* response) override;

 private:
  Intake& intake_;
  DocumentStore& store_;
  TaskQueue& queue_;
  const ChangeSignal& changes_;
};

}  // namespace duban
