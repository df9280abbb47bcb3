// SPDX-License-Identifier: Apache-2.0
#include "tests/load/metrics_reader.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <limits>

namespace duban {

double Histogram::Quantile(double q) const {
  if (count() == 0) return 0;
  const double rank = q * static_cast<double>(count());
  double lower = 0;
  int64_t below = 0;
  for (const auto& [bound, cumulative] : buckets) {
    if (static_cast<double>(cumulative) >= rank && cumulative > below) {
      if (bound == std::numeric_limits<double>::infinity()) return lower;
      return lower + (bound - lower) * (rank - static_cast<double>(below)) / static_cast<double>(cumulative - below);
    }
    lower = bound;
    below = cumulative;
  }
  return lower;
}

absl::StatusOr<std::string> FetchMetrics(const std::string& address) {
  const size_t colon = address.rfind(':');
  sockaddr_in peer{};
  peer.sin_family = AF_INET;
  if (colon == std::string::npos || inet_pton(AF_INET, address.substr(0, colon).c_str(), &peer.sin_addr) != 1) {
    return absl::InvalidArgumentError(fmt::format("metrics address: \"{}\", want an IPv4 address and a port", address));
  }
  peer.sin_port = htons(static_cast<uint16_t>(std::atoi(address.c_str() + colon + 1)));
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  std::string answer;
  if (connect(fd, reinterpret_cast<sockaddr*>(&peer), sizeof(peer)) == 0) {
    const std::string request = fmt::format("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", address);
    if (send(fd, request.data(), request.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request.size())) {
      char buffer[1 << 14];
      for (ssize_t n; (n = recv(fd, buffer, sizeof(buffer), 0)) > 0;) answer.append(buffer, static_cast<size_t>(n));
    }
  }
  close(fd);
  const size_t body = answer.find("\r\n\r\n");
  if (body == std::string::npos) return absl::UnavailableError(fmt::format("{}: no metrics page", address));
  return answer.substr(body + 4);
}

Histogram ReadHistogram(std::string_view page, std::string_view name, std::string_view label) {
  Histogram histogram;
  const std::string prefix = std::string(name) + "_bucket{";
  while (!page.empty()) {
    const std::string_view line = page.substr(0, page.find('\n'));
    page.remove_prefix(std::min(page.size(), line.size() + 1));
    const size_t close = line.find('}');
    if (!line.starts_with(prefix) || close == std::string_view::npos) continue;
    const std::string_view labels = line.substr(prefix.size(), close - prefix.size());
    const size_t le = labels.find("le=\"");
    if (labels.find(label) == std::string_view::npos || le == std::string_view::npos) continue;
    // "+Inf" reads as infinity.
    const double bound = std::strtod(std::string(labels.substr(le + 4)).c_str(), nullptr);
    histogram.buckets[bound] += std::strtoll(std::string(line.substr(close + 1)).c_str(), nullptr, 10);
  }
  return histogram;
}

}  // namespace duban
