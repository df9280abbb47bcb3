// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/reader.h"

#include <utility>

#include "common/base/lexicon.h"
#include "common/base/names.h"
#include "common/base/status.h"
#include "common/text/fold.h"
#include "common/text/utf8.h"
#include "embedded/page_words.textproto.h"
#include "embedded/regions.textproto.h"
#include "embedded/report_words.textproto.h"
#include "embedded/traditional.textproto.h"
#include "services/ingest/agency.h"
#include "services/ingest/charset.h"
#include "services/ingest/clean.h"
#include "services/ingest/convert.h"
#include "services/ingest/dates.h"
#include "services/ingest/html.h"
#include "services/ingest/language.h"
#include "services/ingest/page.h"
#include "services/ingest/period.h"
#include "services/ingest/region.h"
#include "services/ingest/signature.h"
#include "services/ingest/simplify.h"

namespace duban {
namespace {

using Label = ingest::PageLexicon::Label;

// The first date among the fields of one use.
std::string DateOf(const CleanPage& page, Label::Use use) {
  for (const PageField& field : page.fields) {
    if (field.use != use) continue;
    if (std::string date = FindDate(Fold(field.value)); !date.empty()) return date;
  }
  return "";
}

constexpr size_t kSample = 30000;  // bytes of text that tell in what characters it is written

std::string SampleOf(const Page& page) {
  std::string sample;
  for (size_t i = 0; i < page.lines.size() && sample.size() < kSample; ++i) sample += page.lines[i].text;
  return sample;
}

class LexiconReader : public Reader {
 public:
  LexiconReader(ingest::PageLexicon page, ingest::ReportLexicon report, RegionIndex regions, Simplifier simplifier)
      : page_(std::move(page)),
        report_(std::move(report)),
        regions_(std::move(regions)),
        simplifier_(std::move(simplifier)),
        cleaner_(page_, report_),
        agencies_(page_, report_, regions_) {}

  absl::StatusOr<v1::Document> Read(std::string_view bytes, std::string_view source_uri) const override {
    if (bytes.empty()) return InvalidField("content", "0 bytes, want a report");
    v1::Document document;
    document.set_name(DocumentName(Sha256Hex(bytes, 32)));
    document.set_byte_size(static_cast<int64_t>(bytes.size()));
    document.set_source_uri(std::string(source_uri));
    Page page;
    if (const std::string binary = BinaryMediaType(bytes); !binary.empty()) {
      document.set_media_type(binary);
      DUBAN_ASSIGN_OR_RETURN(page, Convert(bytes, binary));
      if (!page.media_type.empty()) document.set_media_type(page.media_type);
    } else {
      DUBAN_ASSIGN_OR_RETURN(page, ReadText(bytes, &document));
    }
    // Traditional characters are recognised by their simplified forms; the text stays as written.
    const bool traditional = simplifier_.IsTraditional(SampleOf(page));
    CleanPage clean = cleaner_.Clean(page, traditional ? &simplifier_ : nullptr);
    document.set_language(TellLanguage(
        std::string_view(clean.text).substr(0, ValidUtf8Prefix(std::string_view(clean.text).substr(0, kSample))),
        traditional));
    if (clean.text.empty()) return InvalidField("content", "no text besides page furniture, want a report");
    Describe(traditional ? Simplified(clean) : clean, &document);
    if (!clean.title.empty()) document.set_title(clean.title);
    document.set_text(std::move(clean.text));
    return document;
  }

 private:
  // A plain text's or web page's lines; fills media_type and charset.
  static absl::StatusOr<Page> ReadText(std::string_view bytes, v1::Document* document) {
    DUBAN_ASSIGN_OR_RETURN(const DecodedText decoded, DecodeText(bytes));
    document->set_charset(decoded.charset);
    const bool html = LooksLikeHtml(decoded.text);
    document->set_media_type(html ? "text/html" : "text/plain");
    if (html) return ReadHtml(decoded.text);
    return ReadPlainText(decoded.text);
  }

  CleanPage Simplified(CleanPage clean) const {
    clean.title = simplifier_.Simplify(clean.title);
    clean.text = simplifier_.Simplify(clean.text);
    clean.around = simplifier_.Simplify(clean.around);
    for (PageField& field : clean.fields) field.value = simplifier_.Simplify(field.value);
    return clean;
  }

  // Fills the metadata.
  void Describe(const CleanPage& clean, v1::Document* document) const {
    const Signature signature = FindSignature(clean.text, report_);
    AgencyFound found = agencies_.Find(clean, signature.agency);
    *document->mutable_agency() = std::move(found.agency);
    *document->mutable_region() = std::move(found.region);
    const Notice notice = FindNotice(clean.text, report_);
    std::string title = clean.title;
    for (const std::string& paper : notice.papers) {
      if (clean.title.empty()) title += (title.empty() ? "" : report_.composed_and()) + paper;
    }
    const Period period = FindPeriod(title, clean.text, report_);
    document->set_report_year(period.report_year);
    document->set_plan_year(period.plan_year);
    document->set_kind(notice.issues ? v1::Document::NOTICE : period.kind);
    document->set_title(title.empty() ? ComposeTitle(document->agency().display_name(), period) : title);
    for (const Label::Use use : {Label::PUBLISHED, Label::ISSUED, Label::UPDATED}) {
      if (document->published_at().empty()) document->set_published_at(DateOf(clean, use));
    }
    document->set_made_at(DateOf(clean, Label::MADE));
    document->set_signed_at(signature.date);
    // A notice is published by being issued.
    if (notice.issues && document->published_at().empty()) document->set_published_at(signature.date);
    for (const PageField& field : clean.fields) {
      if (field.use == Label::TITLE || field.label.empty()) continue;
      v1::Document::PageField* out = document->add_page_fields();
      out->set_label(field.label);
      out->set_value(field.value);
    }
  }

  // 某某局2023年工作总结和2024年工作计划; empty if too little is known.
  std::string ComposeTitle(const std::string& agency, const Period& period) const {
    std::string parts;
    if (period.report_year != 0 && period.kind != v1::Document::PLAN) {
      parts = std::to_string(period.report_year) + report_.composed_year() + report_.composed_report();
    }
    if (period.plan_year != 0 && period.kind != v1::Document::SUMMARY) {
      if (!parts.empty()) parts += report_.composed_and();
      parts += std::to_string(period.plan_year) + report_.composed_year() + report_.composed_plan();
    }
    return parts.empty() ? "" : agency + parts;
  }

  const ingest::PageLexicon page_;
  const ingest::ReportLexicon report_;
  const RegionIndex regions_;
  const Simplifier simplifier_;
  const PageCleaner cleaner_;
  const AgencyFinder agencies_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<const Reader>> Reader::Create() {
  DUBAN_ASSIGN_OR_RETURN(auto page,
                         ParseLexicon<ingest::PageLexicon>("page_words.textproto", embedded::page_words_textproto));
  DUBAN_ASSIGN_OR_RETURN(
      auto report, ParseLexicon<ingest::ReportLexicon>("report_words.textproto", embedded::report_words_textproto));
  DUBAN_ASSIGN_OR_RETURN(auto divisions,
                         ParseLexicon<ingest::RegionLexicon>("regions.textproto", embedded::regions_textproto));
  DUBAN_ASSIGN_OR_RETURN(RegionIndex regions, RegionIndex::Create(divisions));
  DUBAN_ASSIGN_OR_RETURN(auto characters, ParseLexicon<ingest::TraditionalLexicon>("traditional.textproto",
                                                                                   embedded::traditional_textproto));
  DUBAN_ASSIGN_OR_RETURN(Simplifier simplifier, Simplifier::Create(characters));
  return std::make_unique<LexiconReader>(std::move(page), std::move(report), std::move(regions), std::move(simplifier));
}

}  // namespace duban
