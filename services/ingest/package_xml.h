// SPDX-License-Identifier: Apache-2.0
// services/ingest/package_xml.h: XML parts of packaged documents (DOCX, OFD) and what both readers ask of them.

#pragma once

#include <memory>
#include <pugixml.hpp>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "services/ingest/zip_archive.h"

namespace duban {

// A part of the package. Errors are those of ZipArchive::Read; INVALID_ARGUMENT besides: no such part, XML that does
// not parse, or that declares a document type, as only attacks do (entity bombs).
absl::StatusOr<std::unique_ptr<pugi::xml_document>> ReadXml(const ZipArchive& package, const std::string& name);

// An element's name without its namespace's prefix.
std::string_view LocalName(const pugi::xml_node& node);

// The first child of that local name; a null node if there is none.
pugi::xml_node FindChild(const pugi::xml_node& node, std::string_view local);

}  // namespace duban
