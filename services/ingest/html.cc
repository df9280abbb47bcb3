// SPDX-License-Identifier: Apache-2.0
// How the main text is found
//
// Bottom up, every element gets its weight: the characters of the text in it that is no link and has sentences (a comma
// or full stop of Chinese writing). From <body> down, as long as one container holds nearly all of the weight and all
// lines that begin with an enumerator, it is the main text in place of its parent: navigation, index tables and footers
// are siblings on the way and drop away, while a text whose headings and paragraphs lie in several containers is kept
// whole. Nothing depends on class names of a site.
//
// A table of data is written as grid.h tells, a row a line. One with a table inside or with a cell that is most of its
// text is layout: its cells are containers like others.
#include "services/ingest/html.h"

#include <gumbo.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/status/status.h"
#include "common/text/utf8.h"
#include "services/ingest/arena.h"
#include "services/ingest/grid.h"
#include "services/ingest/join.h"

namespace duban {
namespace {

constexpr int kDeepest = 5000;             // nested elements
constexpr size_t kLongestCell = 600;       // bytes of text in a cell of a data table
constexpr size_t kLongestTextCell = 3000;  // the same of a table with many rows, none of which is most of it
constexpr size_t kFewestLongRows = 3;
constexpr size_t kPassage = 150;     // bytes of sentences that are no cell's, if they are most of the table
constexpr int kWidestSpan = 1000;    // rows or columns
constexpr double kMainShare = 0.9;   // of its parent's weight
constexpr size_t kBeginning = 2048;  // bytes looked at for HTML

bool IsSkipped(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SCRIPT:
    case GUMBO_TAG_STYLE:
    case GUMBO_TAG_NOSCRIPT:
    case GUMBO_TAG_IFRAME:
    case GUMBO_TAG_SELECT:
    case GUMBO_TAG_BUTTON:
    case GUMBO_TAG_TEXTAREA:
    case GUMBO_TAG_TEMPLATE:
    case GUMBO_TAG_SVG:
    case GUMBO_TAG_OBJECT:
    case GUMBO_TAG_HEAD:
      return true;
    default:
      return false;
  }
}

bool IsInline(GumboTag tag) {
  switch (tag) {
    case GUMBO_TAG_SPAN:
    case GUMBO_TAG_A:
    case GUMBO_TAG_B:
    case GUMBO_TAG_STRONG:
    case GUMBO_TAG_FONT:
    case GUMBO_TAG_I:
    case GUMBO_TAG_EM:
    case GUMBO_TAG_U:
    case GUMBO_TAG_S:
    case GUMBO_TAG_SUB:
    case GUMBO_TAG_SUP:
    case GUMBO_TAG_BIG:
    case GUMBO_TAG_SMALL:
    case GUMBO_TAG_LABEL:
    case GUMBO_TAG_IMG:
    case GUMBO_TAG_INPUT:
    case GUMBO_TAG_UNKNOWN:  // o:p, ucapcontent and the like
      return true;
    default:
      return false;
  }
}

bool IsContainer(GumboTag tag) { return !IsInline(tag) && tag != GUMBO_TAG_P; }

bool IsHidden(const GumboElement& element) {
  const GumboAttribute* style = gumbo_get_attribute(&element.attributes, "style");
  if (style == nullptr) return gumbo_get_attribute(&element.attributes, "hidden") != nullptr;
  std::string value(style->value);
  value.erase(std::remove(value.begin(), value.end(), ' '), value.end());
  return value.find("display:none") != std::string::npos;
}

// Elements that hold text to be read; null for all others.
const GumboElement* Readable(const GumboNode* node) {
  if (node->type != GUMBO_NODE_ELEMENT) return nullptr;
  const GumboElement& element = node->v.element;
  return IsSkipped(element.tag) || IsHidden(element) ? nullptr : &element;
}

const GumboNode* Child(const GumboElement& element, unsigned i) {
  return static_cast<const GumboNode*>(element.children.data[i]);
}

struct Weight {
  size_t sentences = 0;  // bytes of text with sentences, no links
  size_t items = 0;      // texts that begin with an enumerator
  size_t text = 0;       // bytes of all text
  bool table = false;    // holds a table
};

using Weights = std::unordered_map<const GumboNode*, Weight>;

// Whether a text holds a comma, semicolon or full stop of Chinese writing: three bytes that begin with E3 80 or EF BC.
bool HasSentence(std::string_view text) {
  for (size_t at = 0; at + 2 < text.size(); ++at) {
    const bool lead = text[at] == '\xE3' || text[at] == '\xEF';
    if (!lead) continue;
    const std::string_view mark = text.substr(at, 3);
    if (mark == "。" || mark == "，" || mark == "；") return true;
  }
  return false;
}

Weight Weigh(const GumboNode* node, bool link, Weights* weights) {
  Weight weight;
  if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_CDATA) {
    const std::string_view text = TrimSpace(node->v.text.text);
    const bool sentences = HasSentence(text);
    weight = {link || !sentences ? 0 : text.size(), !link && BeginsItem(text) ? 1u : 0u, text.size(), false};
  } else if (const GumboElement* element = Readable(node); element != nullptr) {
    link = link || element->tag == GUMBO_TAG_A;
    weight.table = element->tag == GUMBO_TAG_TABLE;
    for (unsigned i = 0; i < element->children.length; ++i) {
      const Weight child = Weigh(Child(*element, i), link, weights);
      weight.sentences += child.sentences;
      weight.items += child.items;
      weight.text += child.text;
      weight.table = weight.table || child.table;
    }
    (*weights)[node] = weight;
  }
  return weight;
}

// Rows of a table, those of tables inside left out.
void CollectRows(const GumboElement& table, std::vector<const GumboElement*>* rows) {
  for (unsigned i = 0; i < table.children.length; ++i) {
    const GumboElement* child = Readable(Child(table, i));
    if (child == nullptr) continue;
    if (child->tag == GUMBO_TAG_TR) {
      rows->push_back(child);
    } else if (child->tag == GUMBO_TAG_THEAD || child->tag == GUMBO_TAG_TBODY || child->tag == GUMBO_TAG_TFOOT) {
      CollectRows(*child, rows);
    }
  }
}

bool IsCell(const GumboNode* node) {
  const GumboElement* element = Readable(node);
  return element != nullptr && (element->tag == GUMBO_TAG_TD || element->tag == GUMBO_TAG_TH);
}

// Whether a table holds data. The rows of layout may each be data by themselves (label and value).
bool IsDataTable(const std::vector<const GumboElement*>& rows, const Weights& weights) {
  size_t text = 0, longest = 0, sentences = 0, wide = 0;
  for (const GumboElement* row : rows) {
    size_t cells = 0;
    for (unsigned i = 0; i < row->children.length; ++i) {
      if (!IsCell(Child(*row, i))) continue;
      const Weight& cell = weights.at(Child(*row, i));
      if (cell.table) return false;
      ++cells;
      text += cell.text;
      longest = std::max(longest, cell.text);
      sentences = std::max(sentences, cell.sentences);
    }
    wide += cells >= 2;
  }
  if (wide == 0) return false;
  if (sentences >= kPassage && sentences * 2 > text) return false;
  return longest <= kLongestCell || (wide >= kFewestLongRows && longest <= kLongestTextCell && longest * 2 < text);
}

// Whether a row of a table that is layout as a whole holds data: label and value.
bool IsDataRow(const GumboElement& row, const Weights& weights) {
  size_t cells = 0, text = 0, sentences = 0;
  for (unsigned i = 0; i < row.children.length; ++i) {
    if (!IsCell(Child(row, i))) continue;
    const Weight& cell = weights.at(Child(row, i));
    if (cell.text > kLongestCell || cell.table) return false;
    ++cells;
    text += cell.text;
    sentences = std::max(sentences, cell.sentences);
  }
  return cells >= 2 && (sentences < kPassage || sentences * 2 <= text);
}

// Whether an element is written as rows, its cells being no containers.
bool IsData(const GumboElement& element, const Weights& weights) {
  if (element.tag == GUMBO_TAG_TR) return IsDataRow(element, weights);
  if (element.tag != GUMBO_TAG_TABLE) return false;
  std::vector<const GumboElement*> rows;
  CollectRows(element, &rows);
  return IsDataTable(rows, weights);
}

const GumboNode* FindMain(const GumboNode* node, const Weights& weights) {
  for (;;) {
    const GumboElement* element = Readable(node);
    if (element == nullptr || IsData(*element, weights)) return node;
    const Weight& own = weights.at(node);
    const GumboNode* next = nullptr;
    for (unsigned i = 0; i < element->children.length && own.sentences > 0; ++i) {
      const GumboNode* child = Child(*element, i);
      const auto found = weights.find(child);
      if (found == weights.end() || !IsContainer(child->v.element.tag)) continue;
      const bool heavy =
          static_cast<double>(found->second.sentences) >= kMainShare * static_cast<double>(own.sentences);
      if (heavy && found->second.items == own.items) next = child;
    }
    if (next == nullptr) return node;
    node = next;
  }
}

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

// How deep tags may nest, by a count of opening and closing ones. The tree is walked recursively, so depth is stack.
int DeepestNesting(std::string_view text) {
  int depth = 0, deepest = 0;
  for (size_t at = text.find('<'); at != std::string_view::npos && at + 1 < text.size(); at = text.find('<', at + 1)) {
    const std::string_view tag = text.substr(at + 1, 4);
    const bool letter = IsLatinLetter(static_cast<unsigned char>(tag[0]));
    const bool lone = tag.starts_with("br") || tag.starts_with("img") || tag.starts_with("p>") ||
                      tag.starts_with("p ") || tag.starts_with("inpu") || tag.starts_with("link") ||
                      tag.starts_with("meta") || tag.starts_with("li") || tag.starts_with("td") ||
                      tag.starts_with("tr") || tag.starts_with("BR") || tag.starts_with("P");
    if (letter && !lone) deepest = std::max(deepest, ++depth);
    if (tag[0] == '/' && depth > 0) --depth;
  }
  return deepest;
}

}  // namespace

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

absl::StatusOr<Page> ReadHtml(std::string_view text) {
  if (DeepestNesting(text) > kDeepest)
    return absl::FailedPreconditionError("content: HTML elements nested deeper than 5000");
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  Arena arena;  // with which the tree goes
  options.userdata = &arena;
  options.allocator = [](void* memory, size_t size) { return static_cast<Arena*>(memory)->Allocate(size); };
  options.deallocator = [](void* memory, void* bytes) { static_cast<Arena*>(memory)->Free(bytes); };
  const GumboOutput* const output = gumbo_parse_with_options(&options, text.data(), text.size());
  Page page;
  ReadMeta(output->root, &page);
  Weights weights;
  Weigh(output->root, false, &weights);
  LineWriter writer(weights, FindMain(output->root, weights), &page);
  writer.Write(output->root);
  return page;
}

}  // namespace duban
