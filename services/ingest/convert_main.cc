// SPDX-License-Identifier: Apache-2.0
// duban-convert MEDIA_TYPE MEMORY_BYTES CPU_SECONDS: reads a document from standard input and writes a
// duban.ingest.ConvertedPage to standard output, within those limits. text/html comes in UTF-8.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/converted.pb.h"
#include "services/ingest/html.h"
#include "services/ingest/office.h"
#include "services/ingest/pdf.h"

namespace {

void Limit(int resource, rlim_t most) {
  const rlimit limit{most, most};
  setrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
}

std::string ReadAll() {
  std::string bytes, piece(1u << 16, '\0');
  for (ssize_t size; (size = read(STDIN_FILENO, piece.data(), piece.size())) > 0;)
    bytes.append(piece, 0, static_cast<size_t>(size));
  return bytes;
}

absl::StatusOr<duban::Page> Read(std::string_view bytes, std::string_view type) {
  if (type == "application/pdf") return duban::ReadPdf(bytes);
  return type == "text/html" ? duban::ReadHtml(bytes) : duban::ReadOffice(bytes);
}

// A message with other text cannot be read back.
std::string Valid(std::string_view text) { return std::string(text.substr(0, duban::ValidUtf8Prefix(text))); }

duban::ingest::ConvertedPage ToProto(const absl::StatusOr<duban::Page>& page) {
  duban::ingest::ConvertedPage converted;
  if (!page.ok()) {
    converted.set_code(static_cast<int>(page.status().code()));
    converted.set_message(duban::Message(page.status()));
    return converted;
  }
  converted.set_media_type(page->media_type);
  for (const auto& [name, value] : page->meta) {
    duban::ingest::ConvertedPage::Meta* out = converted.add_meta();
    out->set_name(Valid(name));
    out->set_value(Valid(value));
  }
  for (const duban::PageLine& line : page->lines) {
    duban::ingest::ConvertedPage::Line* out = converted.add_line();
    out->set_text(Valid(line.text));
    out->set_main(line.main);
    out->set_title(line.title);
    out->set_whole(line.whole);
    out->set_blank_before(line.blank_before);
  }
  return converted;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
#ifndef __SANITIZE_ADDRESS__
  Limit(RLIMIT_AS, std::strtoull(argv[2], nullptr, 10));
#endif
  Limit(RLIMIT_CPU, std::strtoull(argv[3], nullptr, 10));
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_FSIZE, 0);
  return ToProto(Read(ReadAll(), argv[1])).SerializeToFileDescriptor(STDOUT_FILENO) ? 0 : 1;
}
