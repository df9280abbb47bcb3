// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/convert.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "absl/status/status.h"
#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/child.h"
#include "services/ingest/converted.pb.h"

namespace duban {
namespace {

constexpr size_t kBeginning = 2048;  // bytes looked at for HTML

absl::Status Failed(std::string_view why) { return absl::FailedPreconditionError(fmt::format("content: {}", why)); }

// duban-convert in the folder of the running program.
std::string ConverterPath() {
  char path[4096];
  const ssize_t size = readlink("/proc/self/exe", path, sizeof(path));
  const std::string self(path, size > 0 ? static_cast<size_t>(size) : 0);
  return self.substr(0, self.rfind('/') + 1) + "duban-convert";
}

// The child's status. Details do not travel; a fault of the bytes is one of the request's field.
absl::Status Refusal(const ingest::ConvertedPage& converted) {
  constexpr std::string_view kField = "content: ";
  std::string_view message = converted.message();
  const auto code = static_cast<absl::StatusCode>(converted.code());
  if (code != absl::StatusCode::kInvalidArgument) return absl::Status(code, converted.message());
  if (message.starts_with(kField)) message.remove_prefix(kField.size());
  return InvalidField("content", std::string(message));
}

}  // namespace

std::string BinaryMediaType(std::string_view bytes) {
  if (bytes.substr(0, 1024).find("%PDF-") != std::string_view::npos) return "application/pdf";
  if (bytes.starts_with(std::string_view("PK\3\4"))) return "application/zip";
  return bytes.starts_with("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") ? "application/x-ole-storage" : "";
}

bool LooksLikeHtml(std::string_view text) {
  text = TrimSpace(text.substr(0, kBeginning));
  if (!text.starts_with('<')) return false;
  std::string head(text);
  std::transform(head.begin(), head.end(), head.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  for (const std::string_view tag :
       {"<!doctype html", "<html", "<head", "<body", "<meta", "<title", "<div", "<p>", "<p ", "<table", "<h1"}) {
    if (head.find(tag) != std::string::npos) return true;
  }
  return false;
}

absl::StatusOr<Page> Convert(std::string_view bytes, const std::string& media_type, const ConvertLimits& limits) {
  if (media_type == "application/x-ole-storage") return Failed("old Word format, want DOCX, PDF, OFD, HTML or text");
  const absl::StatusOr<ChildEnd> end =
      RunChild({ConverterPath(), media_type, std::to_string(limits.memory_bytes), std::to_string(limits.cpu_seconds)},
               bytes, {.deadline = limits.deadline, .max_output = static_cast<size_t>(limits.output_bytes)});
  if (!end.ok()) return Annotate(end.status(), fmt::format("content: {}", media_type));
  if (WIFSIGNALED(end->status) && (WTERMSIG(end->status) == SIGXCPU || WTERMSIG(end->status) == SIGKILL))
    return Failed(fmt::format("conversion took more than {} s of processor time", limits.cpu_seconds));
  ingest::ConvertedPage converted;
  if (!WIFEXITED(end->status) || WEXITSTATUS(end->status) != 0 || !converted.ParseFromString(end->output))
    return Failed(fmt::format("conversion crashed or wanted more than {} bytes of memory", limits.memory_bytes));
  if (converted.code() != 0) return Refusal(converted);
  Page page;
  page.media_type = std::move(*converted.mutable_media_type());
  for (ingest::ConvertedPage::Line& line : *converted.mutable_line()) {
    page.lines.push_back(
        {std::move(*line.mutable_text()), line.main(), line.title(), line.whole(), line.blank_before()});
  }
  for (ingest::ConvertedPage::Meta& meta : *converted.mutable_meta())
    page.meta.emplace_back(std::move(*meta.mutable_name()), std::move(*meta.mutable_value()));
  return page;
}

}  // namespace duban
