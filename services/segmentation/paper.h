// SPDX-License-Identifier: Apache-2.0
// services/segmentation/paper.h: the scan of a paper without what stands below its last sentence.
//
//   …全面提升质效。⏎ 附件：1.统计表 ⏎ 2.荣誉清单 ⏎ 云溪县司法局 ⏎ 2024年1月8日   -> ends behind 质效。
//
// Pure; linear.

#pragma once

#include <string_view>

#include "services/segmentation/scan.h"

namespace duban {

// ScanText without signature, date, lists of attachments and leftovers of the page at the end; Scan::end is where the
// paper ends. A text that is nothing but such lines is kept whole.
Scan ScanPaper(std::string_view text, const Rules& rules);

}  // namespace duban
