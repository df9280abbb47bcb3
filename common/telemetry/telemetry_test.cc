// SPDX-License-Identifier: Apache-2.0
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <limits>
#include <string>
#include <thread>
#include <vector>

#include "absl/time/time.h"
#include "common/telemetry/log.h"
#include "common/telemetry/metrics.h"
#include "common/telemetry/trace.h"
#include "duban/v1/document.pb.h"

namespace duban {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

absl::Time Noon() { return absl::FromUnixMillis(1'714'564'800'123); }

// The field "title" of a line that must be JSON as a whole.
std::string TitleOf(const std::string& line) {
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  v1::Document parsed;
  const auto status = google::protobuf::util::JsonStringToMessage(line, &parsed, options);
  EXPECT_TRUE(status.ok()) << status.ToString() << " in " << line;
  return parsed.title();
}

TEST(FormatLogLineTest, IsOneJsonObject) {
  EXPECT_EQ(
      FormatLogLine(Noon(), LogLevel::kWarning, "duban-plan", "task put back",
                    {{"document", "documents/1"}, {"attempt", 2}, {"seconds", 0.5}, {"last", false}}),
      "{\"ts\":\"2024-05-01T12:00:00.123Z\",\"level\":\"warning\",\"service\":\"duban-plan\",\"msg\":\"task put back\","
      "\"document\":\"documents/1\",\"attempt\":2,\"seconds\":0.5,\"last\":false}");
}

TEST(FormatLogLineTest, AnyBytesStayValidJson) {
  struct Case {
    std::string raw;
    std::string shown;
  };
  for (const Case& c : std::vector<Case>{
           {"a\"b\\c", "a\"b\\c"},
           {"line\nbreak\ttab\x01\x7f", "line\nbreak\ttab\x01\x7f"},
           {"法律援助", "法律援助"},
           {"\xF0\x9F\x98\x80", "\xF0\x9F\x98\x80"},
           {"cut \xE6\xB3", "cut \uFFFD\uFFFD"},
           {"\xFFx", "\uFFFDx"},
           {"\xC0\xAF", "\uFFFD\uFFFD"},            // overlong
           {"\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD"},  // surrogate
           {"\xF5\x80\x80\x80", "\uFFFD\uFFFD\uFFFD\uFFFD"},
       }) {
    SCOPED_TRACE(c.shown);
    const std::string line = FormatLogLine(Noon(), LogLevel::kInfo, "s", c.raw, {{"title", c.raw}});
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_EQ(TitleOf(line), c.shown);
  }
}

TEST(FormatLogLineTest, NotANumberIsNull) {
  EXPECT_THAT(FormatLogLine(Noon(), LogLevel::kInfo, "s", "m", {{"v", std::numeric_limits<double>::quiet_NaN()}}),
              HasSubstr("\"v\":null"));
}

TEST(LogTest, LevelFiltersAndServiceIsNamed) {
  ASSERT_TRUE(InitLogging("duban-test", "warning").ok());
  testing::internal::CaptureStderr();
  LogInfo("hidden");
  LogError("shown", {{"code", "UNAVAILABLE"}});
  const std::string out = testing::internal::GetCapturedStderr();
  EXPECT_THAT(out, ::testing::Not(HasSubstr("hidden")));
  EXPECT_THAT(
      out, HasSubstr("\"level\":\"error\",\"service\":\"duban-test\",\"msg\":\"shown\",\"code\":\"UNAVAILABLE\"}\n"));
  EXPECT_EQ(InitLogging("x", "loud").code(), absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(InitLogging("duban-test", "info").ok());
}

constexpr char kParent[] = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceTest, RoundTrip) {
  const auto trace = ParseTraceparent(kParent);
  ASSERT_TRUE(trace.ok());
  EXPECT_EQ(trace->trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(trace->span_id, "00f067aa0ba902b7");
  EXPECT_TRUE(trace->sampled);
  EXPECT_EQ(FormatTraceparent(*trace), kParent);
  EXPECT_EQ(TraceId(kParent), trace->trace_id);
}

TEST(TraceTest, AcceptsAndRejects) {
  struct Case {
    std::string header;
    bool ok;
  };
  const std::string ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";
  for (const Case& c : std::vector<Case>{
           {"00-" + ids + "-00", true},
           {"00-" + ids + "-ff", true},
           {"cc-" + ids + "-01", true},       // a later version
           {"cc-" + ids + "-01-more", true},  // which may append
           {"cc-" + ids + "-01more", false},
           {"00-" + ids + "-01-more", false},  // this one may not
           {"ff-" + ids + "-01", false},
           {"00-" + ids + "-0", false},
           {"00-" + ids, false},
           {"", false},
           {"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01", false},
           {"00-00000000000000000000000000000000-00f067aa0ba902b7-01", false},
           {"00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01", false},
           {"00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", false},
           {"00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01", false},
       }) {
    SCOPED_TRACE(c.header);
    EXPECT_EQ(ParseTraceparent(c.header).ok(), c.ok);
  }
}

TEST(TraceTest, ChildKeepsTheTraceAndTakesANewSpan) {
  uint64_t next = 0x1122334455667788;
  const RandomBits random = [&next] { return next++; };
  const TraceContext child = ContinueTrace(kParent, random);
  EXPECT_EQ(FormatTraceparent(child), "00-4bf92f3577b34da6a3ce929d0e0e4736-1122334455667788-01");
  EXPECT_FALSE(ContinueTrace("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-02", random).sampled);
  const TraceContext fresh = ContinueTrace("nonsense", random);
  EXPECT_TRUE(ParseTraceparent(FormatTraceparent(fresh)).ok());
  EXPECT_NE(fresh.trace_id, child.trace_id);
}

TEST(TraceTest, ZeroBitsStillGiveValidIds) {
  EXPECT_TRUE(ParseTraceparent(FormatTraceparent(NewTrace([] { return 0; }))).ok());
  EXPECT_NE(SystemRandom(), SystemRandom());
}

TEST(MetricsTest, SameNameAndLabelsAreOneMetric) {
  Metrics metrics;
  metrics.Counter("duban_things_total", "Things.", {{"kind", "a"}}).Increment();
  metrics.Counter("duban_things_total", "Things.", {{"kind", "a"}}).Increment(2);
  metrics.Counter("duban_things_total", "Things.", {{"kind", "b"}}).Increment();
  metrics.Histogram("duban_wait_seconds", "Wait.").Observe(0.003);
  metrics.Gauge("duban_depth", "Depth.").Set(7);
  const std::string text = metrics.Text();
  EXPECT_THAT(text, HasSubstr("# TYPE duban_things_total counter\n"));
  EXPECT_THAT(text, HasSubstr("duban_things_total{kind=\"a\"} 3\n"));
  EXPECT_THAT(text, HasSubstr("duban_things_total{kind=\"b\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("duban_wait_seconds_bucket{le=\"0.0025\"} 0\n"));
  EXPECT_THAT(text, HasSubstr("duban_wait_seconds_bucket{le=\"0.005\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("duban_depth 7\n"));
}

// Reads one HTTP answer from the page.
std::string HttpGet(int port) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0) {
    const std::string request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    if (write(fd, request.data(), request.size()) > 0) {
      char buffer[4096];
      for (ssize_t n; (n = read(fd, buffer, sizeof(buffer))) > 0;) answer.append(buffer, static_cast<size_t>(n));
    }
  }
  close(fd);
  return answer;
}

TEST(MetricsPageTest, ShowsTheMetrics) {
  Metrics metrics;
  metrics.Counter("duban_seen_total", "Seen.").Increment();
  auto page = MetricsPage::Start(metrics, "127.0.0.1:0");
  ASSERT_TRUE(page.ok()) << page.status();
  const std::string answer = HttpGet((*page)->port());
  EXPECT_THAT(answer, StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(answer, HasSubstr("duban_seen_total 1"));
}

TEST(MetricsPageTest, AddressInUseIsUnavailable) {
  Metrics metrics;
  auto page = MetricsPage::Start(metrics, "127.0.0.1:0");
  ASSERT_TRUE(page.ok());
  const std::string taken = "127.0.0.1:" + std::to_string((*page)->port());
  EXPECT_EQ(MetricsPage::Start(metrics, taken).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace duban
