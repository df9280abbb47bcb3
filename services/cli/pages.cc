// SPDX-License-Identifier: Apache-2.0
#include "services/cli/pages.h"

ABSL_FLAG(int, page_size, 0, "rows per page; 0: all pages of the server's default size");
ABSL_FLAG(std::string, page_token, "", "where the page before ended (printed below it)");
ABSL_FLAG(std::string, document, "", "only this document: documents/…");
ABSL_FLAG(std::string, agency, "", "only this agency: agencies/…");
ABSL_FLAG(std::string, region, "", "only regions whose GB/T 2260 code begins so, e.g. 44");
ABSL_FLAG(int, year, 0, "only this year");
