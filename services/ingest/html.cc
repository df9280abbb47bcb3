// SPDX-License-Identifier: Apache-2.0
// A table of data is written as grid.h tells, a row a line; the cells of layout are containers like others. What is the
// main text and what is data: html_tree.cc.
#include "services/ingest/html.h"

#include <gumbo.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "common/text/utf8.h"
#include "services/ingest/arena.h"
#include "services/ingest/grid.h"
#include "services/ingest/html_tree.h"
#include "services/ingest/table_limits.h"

namespace duban {
namespace {

constexpr int kDeepest = 5000;  // nested elements

// Writes the lines of a tree.
class LineWriter {
 public:
  LineWriter(const Weights& weights, const GumboNode* main, Page* page) : weights_(weights), main_(main), page_(page) {}

  void Write(const GumboNode* node) {
    if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA || node->type == GUMBO_NODE_WHITESPACE) {
      AddText(node->v.text.text);
      return;
    }
    const GumboElement* element = Readable(node);
    if (element == nullptr) return;
    const bool is_main = node == main_;
    if (is_main) Flush(1);
    in_main_ = in_main_ || is_main;
    if (element->tag == GUMBO_TAG_BR) {
      Flush(0);
    } else if (element->tag == GUMBO_TAG_TABLE && !in_row_ && WriteTable(*element)) {
      // Written as a grid.
    } else if (element->tag == GUMBO_TAG_TR && IsDataRow(*element, weights_)) {
      WriteRows({element});
    } else {
      WriteChildren(*element);
    }
    if (is_main) {
      Flush(1);
      in_main_ = false;
    }
  }

 private:
  void WriteChildren(const GumboElement& element) {
    const bool block = !IsInline(element.tag) && !in_row_;
    if (block) Flush(1);
    const bool heading = element.tag == GUMBO_TAG_H1;
    title_ = title_ || heading;
    for (unsigned i = 0; i < element.children.length; ++i) Write(Child(element, i));
    if (block) Flush(1);
    if (heading) title_ = false;
  }

  // False if the table is no data.
  bool WriteTable(const GumboElement& table) {
    std::vector<const GumboElement*> rows;
    CollectRows(table, &rows);
    if (!IsDataTable(rows, weights_)) return false;
    for (unsigned i = 0; i < table.children.length; ++i) {
      const GumboElement* child = Readable(Child(table, i));
      if (child != nullptr && child->tag == GUMBO_TAG_CAPTION) Write(Child(table, i));
    }
    WriteRows(rows);
    return true;
  }

  void WriteRows(const std::vector<const GumboElement*>& rows) {
    Flush(1);
    in_row_ = true;
    std::vector<GridRow> grid;
    for (const GumboElement* row : rows) {
      GridRow& cells = grid.emplace_back();
      for (unsigned i = 0; i < row->children.length; ++i) {
        const GumboNode* cell = Child(*row, i);
        if (!IsCell(cell)) continue;
        Write(cell);
        cells.push_back({std::string(TrimSpace(line_)), SpanOf(cell->v.element, "colspan"),
                         SpanOf(cell->v.element, "rowspan"), false});
        line_.clear();
      }
    }
    in_row_ = false;
    whole_ = true;
    for (std::string& line : WriteGrid(grid)) {
      line_ = std::move(line);
      Flush(1);
    }
    whole_ = false;
  }

  static int SpanOf(const GumboElement& cell, const char* name) {
    const GumboAttribute* attribute = gumbo_get_attribute(&cell.attributes, name);
    return attribute == nullptr ? 1 : std::clamp(std::atoi(attribute->value), 1, kWidestSpan);
  }

  // Runs of HTML white space are one blank.
  void AddText(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f'; };
    for (size_t at = 0; at < text.size();) {
      const size_t run = at;
      while (at < text.size() && !blank(text[at])) ++at;
      line_.append(text, run, at - run);
      if (at < text.size() && !line_.empty() && line_.back() != ' ') line_.push_back(' ');
      while (at < text.size() && blank(text[at])) ++at;
    }
  }

  void Flush(int blank_after) {
    if (in_row_) {
      AddText(" ");
      return;
    }
    if (!TrimSpace(line_).empty()) {
      page_->lines.push_back(
          {.text = line_, .main = in_main_, .title = title_, .whole = whole_, .blank_before = blank_});
      blank_ = 0;
    }
    blank_ = std::max(blank_, blank_after);
    line_.clear();
  }

  const Weights& weights_;
  const GumboNode* main_;
  Page* page_;
  std::string line_;
  int blank_ = 0;
  bool in_main_ = false, in_row_ = false, title_ = false, whole_ = false;
};

void ReadMeta(const GumboNode* node, Page* page) {
  if (node->type != GUMBO_NODE_ELEMENT) return;
  const GumboElement& element = node->v.element;
  if (element.tag == GUMBO_TAG_META) {
    const GumboAttribute* name = gumbo_get_attribute(&element.attributes, "name");
    const GumboAttribute* content = gumbo_get_attribute(&element.attributes, "content");
    if (name != nullptr && content != nullptr) page->meta.emplace_back(name->value, content->value);
  } else if (element.tag == GUMBO_TAG_TITLE && element.children.length > 0) {
    page->meta.emplace_back("title", Child(element, 0)->v.text.text);
  } else if (element.tag == GUMBO_TAG_HEAD || element.tag == GUMBO_TAG_HTML) {
    for (unsigned i = 0; i < element.children.length; ++i) ReadMeta(Child(element, i), page);
  }
}

// The tree is walked recursively, so depth is stack; this walk is none.
bool NestsTooDeep(const GumboNode* root) {
  std::vector<std::pair<const GumboNode*, int>> open = {{root, 1}};
  while (!open.empty()) {
    const auto [node, depth] = open.back();
    open.pop_back();
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) continue;
    if (depth > kDeepest) return true;
    const GumboElement& element = node->v.element;
    for (unsigned i = 0; i < element.children.length; ++i) open.emplace_back(Child(element, i), depth + 1);
  }
  return false;
}

}  // namespace

absl::StatusOr<Page> ReadHtml(std::string_view text) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  Arena arena;  // with which the tree goes
  options.userdata = &arena;
  options.allocator = [](void* memory, size_t size) { return static_cast<Arena*>(memory)->Allocate(size); };
  options.deallocator = [](void* memory, void* bytes) { static_cast<Arena*>(memory)->Free(bytes); };
  const GumboOutput* const output = gumbo_parse_with_options(&options, text.data(), text.size());
  if (NestsTooDeep(output->root))
    return absl::FailedPreconditionError("content: HTML elements nested deeper than 5000");
  Page page;
  ReadMeta(output->root, &page);
  Weights weights;
  Weigh(output->root, false, &weights);
  LineWriter writer(weights, FindMain(output->root, weights), &page);
  writer.Write(output->root);
  return page;
}

}  // namespace duban
