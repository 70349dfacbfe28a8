// SPDX-License-Identifier: Apache-2.0
// Every input that a fuzzer has found worth keeping, through the same entry points, in every build.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <set>
#include <string>

#include <doctest/doctest.h>

#define FUZZ_TARGET(name) extern "C" int name(const std::uint8_t* data, std::size_t size);
#include <fuzz_targets.inc>
#undef FUZZ_TARGET

namespace rollcall::fuzz {

namespace {

namespace fs = std::filesystem;

struct Target {
  std::string name;
  int (*run)(const std::uint8_t* data, std::size_t size);
};

const Target targets[] = {
#define FUZZ_TARGET(name) {#name, name},
#include <fuzz_targets.inc>
#undef FUZZ_TARGET
};

const fs::path corpus = fs::path(ROLLCALL_SOURCE_DIR) / "tests" / "fuzz" / "corpus";

void run(const Target& target, const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  // A block of just this size, so that a sanitizer sees a read past its end.
  const auto data = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), data.get());
  CHECK(target.run(data.get(), bytes.size()) == 0);
}

}  // namespace

TEST_CASE("fuzz: every kept input keeps what must hold") {
  for (const auto& target : targets) {
    CAPTURE(target.name);
    std::size_t files = 0;
    for (const auto& entry : fs::directory_iterator(corpus / target.name)) {
      CAPTURE(entry.path().filename().string());
      run(target, entry.path());
      ++files;
    }
    CHECK(files > 0);
  }
}

TEST_CASE("fuzz: every folder of inputs belongs to a target") {
  std::set<std::string> names;
  for (const auto& target : targets)
    names.insert(target.name);
  for (const auto& entry : fs::directory_iterator(corpus)) {
    if (entry.is_directory())
      CHECK_MESSAGE(names.count(entry.path().filename().string()) == 1, entry.path().string());
  }
}

}  // namespace rollcall::fuzz
