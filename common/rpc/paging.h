// SPDX-License-Identifier: Apache-2.0
// Pages of a list, as Google's AIP-158 has them.
//
//   DUBAN_ASSIGN_OR_RETURN(const int size, PageSize(request.page_size()));
//   DUBAN_ASSIGN_OR_RETURN(const std::string after, ParsePageToken(request));    // "" for the first page
//   … read `size` rows behind `after`; if there may be more:
//   response->set_next_page_token(MakePageToken(request, last_row_key));
//
// A token holds a position (bytes that mean something to the service alone) under a check that covers the request's
// filters. It is opaque and checked against damage and mix-ups, not secret and not signed: a position must be validated
// like any other input where a forged one could do harm. Pure functions. common/rpc/README.md has the format.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace duban {

inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// 0 becomes the default, more than the maximum becomes the maximum. INVALID_ARGUMENT if negative.
absl::StatusOr<int> PageSize(int32_t requested);

// The token of the page behind `position` for `request`, a List request with a string field page_token. All its other
// fields but page_size count as filters.
std::string MakePageToken(const google::protobuf::Message& request, std::string_view position);

// The position in request.page_token; "" if the field is empty. INVALID_ARGUMENT if it is not a token that
// MakePageToken gave for a request with the same filters.
absl::StatusOr<std::string> ParsePageToken(const google::protobuf::Message& request);

}  // namespace duban
