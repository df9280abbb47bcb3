// SPDX-License-Identifier: Apache-2.0
#include "common/base/deleted.h"

#include <string>

#include "absl/strings/cord.h"
#include "common/base/status.h"
#include "google/rpc/error_details.pb.h"

namespace duban {
namespace {

constexpr char kDetailUrl[] = "type.googleapis.com/google.rpc.PreconditionFailure";
constexpr char kViolationType[] = "DELETED";

}  // namespace

absl::Status ResourceDeleted(std::string_view resource_type, std::string_view resource_name,
                             std::string_view description) {
  absl::Status status = ResourceNotFound(resource_type, resource_name, description);
  google::rpc::PreconditionFailure detail;
  auto* violation = detail.add_violations();
  violation->set_type(kViolationType);
  violation->set_subject(std::string(resource_name));
  violation->set_description(std::string(description));
  status.SetPayload(kDetailUrl, absl::Cord(detail.SerializeAsString()));
  return status;
}

bool IsDeleted(const absl::Status& status) {
  const auto payload = status.GetPayload(kDetailUrl);
  google::rpc::PreconditionFailure detail;
  return absl::IsNotFound(status) && payload.has_value() && detail.ParseFromString(std::string(*payload)) &&
         detail.violations_size() == 1 && detail.violations(0).type() == kViolationType;
}

}  // namespace duban
