// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace rollcall::test {

/// A folder that goes away with its test.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/rollcall-test-XXXXXX";
    path_ = mkdtemp(name);
    // The database runs as another user when we are root.
    std::filesystem::permissions(path_, std::filesystem::perms(0755));
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

}  // namespace rollcall::test
