// SPDX-License-Identifier: Apache-2.0
// The line is made here, whole, so that escaping is in one place; spdlog gives the level filter and a sink that writes
// whole lines.
#include "common/telemetry/log.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <cmath>
#include <memory>
#include <mutex>

#include "absl/time/clock.h"
#include "common/text/utf8.h"

namespace duban {
namespace {

void AppendJsonString(std::string_view text, std::string* out) {
  out->push_back('"');
  for (const CodePoint& c : CodePoints(text)) {
    if (c.value == '"' || c.value == '\\') {
      out->push_back('\\');
      out->push_back(static_cast<char>(c.value));
    } else if (c.value < 0x20 || c.value == 0x7F) {
      fmt::format_to(std::back_inserter(*out), "\\u{:04x}", static_cast<unsigned>(c.value));
    } else {
      AppendUtf8(c.value, out);  // malformed bytes read as U+FFFD
    }
  }
  out->push_back('"');
}

struct AppendValue {
  std::string* out;
  void operator()(std::string_view text) const { AppendJsonString(text, out); }
  void operator()(int64_t number) const { out->append(fmt::to_string(number)); }
  void operator()(double number) const { out->append(std::isfinite(number) ? fmt::format("{}", number) : "null"); }
  void operator()(bool truth) const { out->append(truth ? "true" : "false"); }
};

std::string_view LevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "info";
}

spdlog::level::level_enum SpdlogLevel(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::info;
}

// Made once, never destroyed: threads may log while the process ends.
spdlog::logger& Logger() {
  static spdlog::logger* const logger = [] {
    auto* made = new spdlog::logger("duban", std::make_shared<spdlog::sinks::stderr_sink_mt>());
    made->set_pattern("%v");
    return made;
  }();
  return *logger;
}

std::mutex service_mutex;

std::string& ServiceName() {
  static std::string* const name = new std::string("duban");
  return *name;
}

}  // namespace

absl::Status InitLogging(std::string_view service, std::string_view level) {
  for (const LogLevel known : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (LevelName(known) != level) continue;
    const std::lock_guard<std::mutex> lock(service_mutex);
    ServiceName() = std::string(service);
    Logger().set_level(SpdlogLevel(known));
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fmt::format("log level: {}, want debug, info, warning or error", level));
}

void Log(LogLevel level, std::string_view message, LogFields fields) {
  if (!Logger().should_log(SpdlogLevel(level))) return;
  std::string service;
  {
    const std::lock_guard<std::mutex> lock(service_mutex);
    service = ServiceName();
  }
  Logger().log(SpdlogLevel(level), FormatLogLine(absl::Now(), level, service, message, fields));
}

std::string FormatLogLine(absl::Time time, LogLevel level, std::string_view service, std::string_view message,
                          LogFields fields) {
  std::string line = "{\"ts\":\"";
  line += absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", time, absl::UTCTimeZone());
  line += "\",\"level\":\"";
  line += LevelName(level);
  line += "\",\"service\":";
  AppendJsonString(service, &line);
  line += ",\"msg\":";
  AppendJsonString(message, &line);
  for (const LogField& field : fields) {
    line += ',';
    AppendJsonString(field.key, &line);
    line += ':';
    std::visit(AppendValue{&line}, field.value);
  }
  line += '}';
  return line;
}

}  // namespace duban
