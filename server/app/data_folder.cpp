// SPDX-License-Identifier: Apache-2.0
#include "data_folder.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace rollcall::app {

namespace {

using base::Error;
using base::ErrorCode;

std::string contact_path(const std::string& folder) {
  return folder + "/rollcall.contact";
}
std::string lock_path(const std::string& folder) {
  return folder + "/rollcall.lock";
}

Error cannot(const char* what, const std::string& path) {
  const int why = errno;
  return {ErrorCode::forbidden, fmt::format("cannot {} {}: {}", what, path, std::strerror(why))};
}

}  // namespace

base::Result<Contact> read_contact(const std::string& folder) {
  const std::string path = contact_path(folder);
  std::ifstream file(path);
  if (!file) return errno == ENOENT ? base::not_found(path + " is not there") : cannot("read", path);
  Contact contact;
  if (!std::getline(file, contact.address) || !std::getline(file, contact.token))
    return base::not_found(path + " is not written yet");
  return contact;
}

base::Result<DataFolder> DataFolder::hold(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Error{ErrorCode::forbidden, fmt::format("cannot make {}: {}", folder, error.message())};
  const std::string path = lock_path(folder);
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0) return cannot("open", path);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    close(file);
    return Error{ErrorCode::conflict, fmt::format("{} is in use by another rollcall", folder)};
  }
  // What a server that was killed left behind leads nowhere.
  unlink(contact_path(folder).c_str());
  return DataFolder(folder, file);
}

DataFolder::DataFolder(DataFolder&& other) noexcept : folder_(std::move(other.folder_)), file_(other.file_) {
  other.file_ = -1;
}

DataFolder::~DataFolder() {
  if (file_ < 0) return;
  remove_contact();
  close(file_);
}

void DataFolder::remove_contact() {
  unlink(contact_path(folder_).c_str());
}

base::Result<> DataFolder::write_contact(const Contact& contact) {
  // Renamed when it is whole: nobody reads half a file.
  const std::string path = contact_path(folder_), unfinished = path + ".new";
  unlink(unfinished.c_str());
  const int file = open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) return cannot("write", unfinished);
  const std::string text = contact.address + "\n" + contact.token + "\n";
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  close(file);
  if (!written || rename(unfinished.c_str(), path.c_str()) != 0) return cannot("write", path);
  return base::Done{};
}

}  // namespace rollcall::app
