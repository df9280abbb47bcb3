// SPDX-License-Identifier: Apache-2.0
// W3C trace context (https://www.w3.org/TR/trace-context/): the id that one request carries through RPCs and queues.
//
//   TraceContext trace = ContinueTrace(header, SystemRandom);   // a child of the caller's span, or a new trace
//   FormatTraceparent(trace)  // "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
//
// It travels as gRPC metadata "traceparent" and as Task.traceparent. Pure functions but SystemRandom; safe to call from
// any thread.

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace duban {

inline constexpr char kTraceparentKey[] = "traceparent";

struct TraceContext {
  std::string trace_id;  // 32 lower-case hexadecimal digits, not all zero
  std::string span_id;   // 16, not all zero
  bool sampled = true;
};

// 64 random bits per call.
using RandomBits = std::function<uint64_t()>;

// Seeded from the system once per thread.
uint64_t SystemRandom();

// INVALID_ARGUMENT unless `header` is a traceparent of version 00, or of a later one that begins as 00 does.
absl::StatusOr<TraceContext> ParseTraceparent(std::string_view header);
std::string FormatTraceparent(const TraceContext& trace);

// A trace of its own, sampled.
TraceContext NewTrace(const RandomBits& random);

// A child span of `header`'s trace; a new trace if `header` is empty or malformed, as the standard asks.
TraceContext ContinueTrace(std::string_view header, const RandomBits& random);

// The trace id of a traceparent, for a log line; "" if it is malformed.
std::string TraceId(std::string_view header);

}  // namespace duban
