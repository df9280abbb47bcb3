// SPDX-License-Identifier: Apache-2.0
#include "common/rpc/paging.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "absl/strings/escaping.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/rpc/page_token.pb.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"

namespace duban {
namespace {

constexpr char kTokenField[] = "page_token";
constexpr char kSizeField[] = "page_size";

void ClearField(const char* name, google::protobuf::Message* message) {
  const auto* field = message->GetDescriptor()->FindFieldByName(name);
  if (field != nullptr) message->GetReflection()->ClearField(message, field);
}

// Covers the request's type and filters and the position, so that a damaged token and one of another list are told by
// one comparison.
std::string Check(const google::protobuf::Message& request, std::string_view position) {
  const std::unique_ptr<google::protobuf::Message> filters(request.New());
  filters->CopyFrom(request);
  ClearField(kTokenField, filters.get());
  ClearField(kSizeField, filters.get());
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream coded(&stream);
    coded.SetSerializationDeterministic(true);
    filters->SerializeToCodedStream(&coded);
  }
  return Sha256Hex(fmt::format("{} {} {}{}", request.GetDescriptor()->full_name(), bytes.size(), bytes, position), 16);
}

}  // namespace

absl::StatusOr<int> PageSize(int32_t requested) {
  if (requested < 0) {
    return InvalidField(kSizeField, fmt::format("{}, want 0 (server default) to {}", requested, kMaxPageSize));
  }
  return requested == 0 ? kDefaultPageSize : std::min(requested, kMaxPageSize);
}

std::string MakePageToken(const google::protobuf::Message& request, std::string_view position) {
  rpc::PageToken token;
  token.set_position(std::string(position));
  token.set_check(Check(request, position));
  return absl::WebSafeBase64Escape(token.SerializeAsString());
}

absl::StatusOr<std::string> ParsePageToken(const google::protobuf::Message& request) {
  const auto* field = request.GetDescriptor()->FindFieldByName(kTokenField);
  const std::string text = request.GetReflection()->GetString(request, field);
  if (text.empty()) return std::string();
  std::string bytes;
  rpc::PageToken token;
  if (!absl::WebSafeBase64Unescape(text, &bytes) || !token.ParseFromString(bytes) ||
      token.check() != Check(request, token.position())) {
    return InvalidField(kTokenField,
                        fmt::format("\"{}\", want next_page_token of the page before, with the same filters",
                                    absl::Utf8SafeCHexEscape(text.substr(0, 64))));
  }
  return token.position();
}

}  // namespace duban
