// SPDX-License-Identifier: Apache-2.0
#include "services/ingest/package_xml.h"

#include <fmt/format.h>

#include "common/base/status.h"

namespace duban {

absl::StatusOr<std::unique_ptr<pugi::xml_document>> ReadXml(const ZipArchive& package, const std::string& name) {
  const ZipArchive::Entry* const entry = package.Find(name);
  if (entry == nullptr) return InvalidField("content", fmt::format("zip without {}", name));
  DUBAN_ASSIGN_OR_RETURN(const std::string text, package.Read(*entry));
  auto document = std::make_unique<pugi::xml_document>();
  const pugi::xml_parse_result parsed = document->load_buffer(
      text.data(), text.size(), pugi::parse_default | pugi::parse_ws_pcdata | pugi::parse_doctype);
  if (parsed.status == pugi::status_out_of_memory) {
    return absl::FailedPreconditionError(fmt::format("content: {} wants more memory than a conversion may take", name));
  }
  if (!parsed) return InvalidField("content", fmt::format("{}: {}", name, parsed.description()));
  for (const pugi::xml_node& node : document->children()) {
    if (node.type() == pugi::node_doctype) {
      return InvalidField("content", fmt::format("{} declares a document type, want XML without entities", name));
    }
  }
  return document;
}

std::string_view LocalName(const pugi::xml_node& node) {
  const std::string_view name = node.name();
  const size_t colon = name.find(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node FindChild(const pugi::xml_node& node, std::string_view local) {
  for (const pugi::xml_node& child : node.children()) {
    if (LocalName(child) == local) return child;
  }
  return {};
}

}  // namespace duban
