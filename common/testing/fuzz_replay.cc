// SPDX-License-Identifier: Apache-2.0
// The main of a fuzz target's test: runs the target on every file of the folders given, without libFuzzer and under any
// compiler, so that what a fuzzer once found stays mended.
//
//   segmenter_fuzz_replay services/segmentation/testdata/fuzz/segmenter_fuzz deploy/samples
//
// Fails (exit status 1) if the target's own folder, which is the first, has no file: a test that finds nothing to test
// proves nothing.

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// Runs the target on every file of a folder; their number.
int Replay(const std::filesystem::path& folder) {
  int files = 0;
  if (!std::filesystem::is_directory(folder)) return files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    std::ifstream in(entry.path(), std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
    std::printf("%s\n", entry.path().c_str());
    std::fflush(stdout);  // names the file that crashes
    LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
    ++files;
  }
  return files;
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const int files = Replay(argv[i]);
    std::printf("%d files in %s\n", files, argv[i]);
    if (i == 1 && files == 0) return 1;
  }
  return argc > 1 ? 0 : 1;
}
