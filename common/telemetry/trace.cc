// SPDX-License-Identifier: Apache-2.0
#include "common/telemetry/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

namespace duban {
namespace {

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool IsId(std::string_view text) { return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos; }

// An all-zero id is invalid by the standard.
uint64_t NonZero(const RandomBits& random) {
  const uint64_t bits = random();
  return bits == 0 ? 1 : bits;
}

std::string NewSpanId(const RandomBits& random) { return fmt::format("{:016x}", NonZero(random)); }

}  // namespace

uint64_t SystemRandom() {
  thread_local std::mt19937_64 generator = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  return generator();
}

absl::StatusOr<TraceContext> ParseTraceparent(std::string_view header) {
  // version "-" trace-id "-" parent-id "-" flags; later versions may append "-…".
  constexpr size_t kLength = 2 + 1 + 32 + 1 + 16 + 1 + 2;
  const auto bad = [&] {
    return absl::InvalidArgumentError(
        fmt::format("traceparent: {:?}, want 00-<32 hex digits>-<16 hex digits>-<2 hex digits>", header.substr(0, 64)));
  };
  if (header.size() < kLength || header[2] != '-' || header[35] != '-' || header[52] != '-') return bad();
  const std::string_view version = header.substr(0, 2);
  const std::string_view flags = header.substr(53, 2);
  if (!IsHex(version) || version == "ff" || !IsHex(flags)) return bad();
  if (header.size() > kLength && (version == "00" || header[kLength] != '-')) return bad();
  TraceContext trace{std::string(header.substr(3, 32)), std::string(header.substr(36, 16))};
  if (!IsId(trace.trace_id) || !IsId(trace.span_id)) return bad();
  const char low = flags[1];
  trace.sampled = ((low <= '9' ? low - '0' : low - 'a' + 10) & 1) != 0;
  return trace;
}

std::string FormatTraceparent(const TraceContext& trace) {
  return fmt::format("00-{}-{}-{}", trace.trace_id, trace.span_id, trace.sampled ? "01" : "00");
}

TraceContext NewTrace(const RandomBits& random) {
  std::string trace_id = fmt::format("{:016x}{:016x}", random(), NonZero(random));
  return TraceContext{std::move(trace_id), NewSpanId(random)};
}

TraceContext ContinueTrace(std::string_view header, const RandomBits& random) {
  absl::StatusOr<TraceContext> parent = ParseTraceparent(header);
  if (!parent.ok()) return NewTrace(random);
  parent->span_id = NewSpanId(random);
  return *std::move(parent);
}

std::string TraceId(std::string_view header) {
  const absl::StatusOr<TraceContext> trace = ParseTraceparent(header);
  return trace.ok() ? trace->trace_id : "";
}

}  // namespace duban
