// SPDX-License-Identifier: Apache-2.0
// Logs as JSON, one object per line, to stderr.
//
//   InitLogging("duban-plan", "info");
//   LogInfo("task done", {{"document", task.document()}, {"trace_id", TraceId(task.traceparent())}, {"seconds",
//   0.12}});
//   // {"ts":"2024-05-01T08:00:00.123Z","level":"info","service":"duban-plan","msg":"task
//   done","document":"documents/…",…}
//
// Fields that mean the same are named the same everywhere: document, agency, stage, method, code, error, trace_id,
// seconds, count. Safe to call from any thread; lines never mix. Before InitLogging the service is "duban" and the
// level info.

#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace duban {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// A key and its value; the value is viewed, not copied.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, const char* v) : key(k), value(std::string_view(v)) {}
  LogField(std::string_view k, bool v) : key(k), value(v) {}
  LogField(std::string_view k, double v) : key(k), value(v) {}
  template <std::integral T>
  LogField(std::string_view k, T v) : key(k), value(static_cast<int64_t>(v)) {}

  std::string_view key;
  std::variant<std::string_view, int64_t, double, bool> value;
};
using LogFields = std::initializer_list<LogField>;

// Names the service in every line from here on and sets the least level shown: debug, info, warning, error.
// INVALID_ARGUMENT for any other level.
absl::Status InitLogging(std::string_view service, std::string_view level);

// One line. LogDebug costs next to nothing while the level is above debug.
void Log(LogLevel level, std::string_view message, LogFields fields = {});
inline void LogDebug(std::string_view message, LogFields fields = {}) { Log(LogLevel::kDebug, message, fields); }
inline void LogInfo(std::string_view message, LogFields fields = {}) { Log(LogLevel::kInfo, message, fields); }
inline void LogWarning(std::string_view message, LogFields fields = {}) { Log(LogLevel::kWarning, message, fields); }
inline void LogError(std::string_view message, LogFields fields = {}) { Log(LogLevel::kError, message, fields); }

// The line itself, without line break. Always valid JSON and UTF-8: what is not UTF-8 in a value becomes U+FFFD,
// not-a-number and infinity become null. Pure.
std::string FormatLogLine(absl::Time time, LogLevel level, std::string_view service, std::string_view message,
                          LogFields fields);

}  // namespace duban
