# SPDX-License-Identifier: Apache-2.0
# Writes OUT.h and OUT.cc that hold the bytes of file IN as duban::embedded::SYMBOL. Bytes go through hexadecimal, so any content is safe.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE ${OUT}.h "#pragma once
#include <string_view>
namespace duban::embedded {
extern const std::string_view ${SYMBOL};
}
")
file(WRITE ${OUT}.cc "#include \"embedded/${BASE}.h\"
namespace duban::embedded {
static const unsigned char kBytes[] = {${bytes} 0};
const std::string_view ${SYMBOL}(reinterpret_cast<const char*>(kBytes), sizeof(kBytes) - 1);
}
")
