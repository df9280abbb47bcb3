// SPDX-License-Identifier: Apache-2.0
// services/cli/remote.h: the services that the command line calls, at the addresses of --ingest, --indicator and
// --plan.
//
// Without a flag an address is that of the environment (DUBAN_INGEST, DUBAN_INDICATOR, DUBAN_PLAN), else of the default
// port.

#pragma once

#include <grpcpp/client_context.h>

#include <memory>

#include "duban/v1/indicator_service.grpc.pb.h"
#include "duban/v1/ingest_service.grpc.pb.h"
#include "duban/v1/plan_service.grpc.pb.h"

namespace duban {

std::unique_ptr<v1::IngestService::StubInterface> IngestStub();
std::unique_ptr<v1::IndicatorService::StubInterface> IndicatorStub();
std::unique_ptr<v1::PlanService::StubInterface> PlanStub();

// The context of one call, with the deadline of --timeout.
std::unique_ptr<grpc::ClientContext> CallContext();

}  // namespace duban
