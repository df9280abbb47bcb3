// SPDX-License-Identifier: Apache-2.0
#include "common/base/status.h"

#include <fmt/format.h>

#include "absl/strings/cord.h"
#include "google/rpc/error_details.pb.h"

namespace duban {
namespace {

template <typename Detail>
void Attach(const Detail& detail, absl::Status* status) {
  status->SetPayload("type.googleapis.com/" + Detail::descriptor()->full_name(),
                     absl::Cord(detail.SerializeAsString()));
}

}  // namespace

absl::Status InvalidField(std::string_view field, std::string_view description) {
  absl::Status status = absl::InvalidArgumentError(fmt::format("{}: {}", field, description));
  google::rpc::BadRequest detail;
  auto* violation = detail.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_description(std::string(description));
  Attach(detail, &status);
  return status;
}

absl::Status Exhausted(std::string_view message, std::chrono::milliseconds retry_delay) {
  absl::Status status = absl::ResourceExhaustedError(std::string(message));
  google::rpc::RetryInfo detail;
  detail.mutable_retry_delay()->set_seconds(retry_delay.count() / 1000);
  detail.mutable_retry_delay()->set_nanos(static_cast<int32_t>(retry_delay.count() % 1000 * 1'000'000));
  Attach(detail, &status);
  return status;
}

absl::Status ResourceNotFound(std::string_view resource_type, std::string_view resource_name,
                              std::string_view description) {
  absl::Status status = absl::NotFoundError(fmt::format("{}: {}", resource_name, description));
  google::rpc::ResourceInfo detail;
  detail.set_resource_type(std::string(resource_type));
  detail.set_resource_name(std::string(resource_name));
  detail.set_description(std::string(description));
  Attach(detail, &status);
  return status;
}

absl::Status Annotate(const absl::Status& status, std::string_view prefix) {
  if (status.ok()) return status;
  absl::Status annotated(status.code(), fmt::format("{}: {}", prefix, Message(status)));
  status.ForEachPayload([&](absl::string_view url, const absl::Cord& payload) { annotated.SetPayload(url, payload); });
  return annotated;
}

}  // namespace duban
