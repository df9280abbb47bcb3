// SPDX-License-Identifier: Apache-2.0
// services/ingest/report_files.h: files of every format, for tests: a report's paragraphs set as an office would.
//
//   const std::string bytes = MakePdf({"青岚县司法局2023年工作总结", "一、主要工作", "全年调解620件。"});
//
// The first paragraph is the title. PDF and OFD are set on sheets: 28 ideographs a line, first lines indented, page
// numbers below. DOCX leaves the numbers of 一、 headings to Word.

#pragma once

#include <string>
#include <utility>
#include <vector>

namespace duban {

using Paragraphs = std::vector<std::string>;
using ZipEntries = std::vector<std::pair<std::string, std::string>>;  // name and bytes

std::string MakeZip(const ZipEntries& entries);
std::string MakeHtml(const Paragraphs& paragraphs);
std::string MakeDocx(const Paragraphs& paragraphs);
std::string MakeOfd(const Paragraphs& paragraphs);
std::string MakePdf(const Paragraphs& paragraphs);

// A PDF of these content streams, a sheet each, and further objects from number 100 on. `trailer` goes into the trailer
// (/Encrypt …).
std::string MakePdfOf(const std::vector<std::string>& sheets, const std::vector<std::string>& objects = {},
                      const std::string& trailer = "");

}  // namespace duban
