// SPDX-License-Identifier: Apache-2.0
#include "data_folder.hpp"

#include "temporary_folder.hpp"

#include <filesystem>
#include <optional>

#include <doctest/doctest.h>
#include <sys/stat.h>

using namespace rollcall;
using app::DataFolder;
using test::TemporaryFolder;

TEST_CASE("data folder: it is made when it is missing") {
  const TemporaryFolder parent;
  CHECK(DataFolder::hold(parent.path() + "/a/b").ok());
  CHECK(std::filesystem::is_directory(parent.path() + "/a/b"));
}

TEST_CASE("data folder: one holds it at a time, the next one when it is let go") {
  const TemporaryFolder folder;
  {
    const auto first = DataFolder::hold(folder.path());
    REQUIRE(first.ok());
    const auto second = DataFolder::hold(folder.path());
    REQUIRE_FALSE(second.ok());
    CHECK(second.error().code == base::ErrorCode::conflict);
    CHECK(second.error().detail.find(folder.path()) != std::string::npos);
  }
  CHECK(DataFolder::hold(folder.path()).ok());
}

TEST_CASE("data folder: the server's contact can be read by its own user alone, and goes with the server") {
  const TemporaryFolder folder;
  {
    auto held = DataFolder::hold(folder.path());
    REQUIRE(held.ok());
    REQUIRE(held->write_contact({"127.0.0.1:8080", "the token"}).ok());
    struct stat status {};
    REQUIRE(stat((folder.path() + "/rollcall.contact").c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    const auto contact = app::read_contact(folder.path());
    REQUIRE(contact.ok());
    CHECK(contact->address == "127.0.0.1:8080");
    CHECK(contact->token == "the token");
  }
  const auto gone = app::read_contact(folder.path());
  REQUIRE_FALSE(gone.ok());
  CHECK(gone.error().code == base::ErrorCode::not_found);
}

TEST_CASE("data folder: what a killed server left behind is not believed") {
  const TemporaryFolder folder;
  std::filesystem::path kept = folder.path() + "/kept";
  {
    auto held = DataFolder::hold(folder.path());
    REQUIRE(held.ok());
    REQUIRE(held->write_contact({"127.0.0.1:8080", "old"}).ok());
    std::filesystem::copy_file(folder.path() + "/rollcall.contact", kept);
  }
  std::filesystem::rename(kept, folder.path() + "/rollcall.contact");
  REQUIRE(app::read_contact(folder.path()).ok());
  const auto next = DataFolder::hold(folder.path());
  CHECK_FALSE(app::read_contact(folder.path()).ok());
}

TEST_CASE("data folder: a folder that cannot be made is told by its name") {
  const auto held = DataFolder::hold("/proc/nowhere");
  REQUIRE_FALSE(held.ok());
  CHECK(held.error().code == base::ErrorCode::forbidden);
  CHECK(held.error().detail.find("/proc/nowhere") != std::string::npos);
}
