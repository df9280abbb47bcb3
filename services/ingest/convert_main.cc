// SPDX-License-Identifier: Apache-2.0
// duban-convert MEDIA_TYPE MEMORY_BYTES CPU_SECONDS: reads a document from standard input and writes a
// duban.ingest.ConvertedPage to standard output, within those limits.
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <string>
#include <string_view>

#include "common/base/status.h"
#include "common/text/utf8.h"
#include "services/ingest/converted.pb.h"
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

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) return 2;
#ifndef __SANITIZE_ADDRESS__
  Limit(RLIMIT_AS, std::strtoull(argv[2], nullptr, 10));
#endif
  Limit(RLIMIT_CPU, std::strtoull(argv[3], nullptr, 10));
  Limit(RLIMIT_CORE, 0);
  Limit(RLIMIT_FSIZE, 0);
  const std::string bytes = ReadAll();
  const std::string_view type = argv[1];
  const absl::StatusOr<duban::Page> page = type == "application/pdf" ? duban::ReadPdf(bytes) : duban::ReadOffice(bytes);
  duban::ingest::ConvertedPage converted;
  if (!page.ok()) {
    converted.set_code(static_cast<int>(page.status().code()));
    converted.set_message(duban::Message(page.status()));
  } else {
    converted.set_media_type(page->media_type);
    for (const duban::PageLine& line : page->lines) {
      duban::ingest::ConvertedPage::Line* out = converted.add_line();
      out->set_text(line.text.substr(0, duban::ValidUtf8Prefix(line.text)));
      out->set_title(line.title);
      out->set_whole(line.whole);
      out->set_blank_before(line.blank_before);
    }
  }
  return converted.SerializeToFileDescriptor(STDOUT_FILENO) ? 0 : 1;
}
