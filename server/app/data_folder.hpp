// SPDX-License-Identifier: Apache-2.0
// The data folder: held by one process at a time, and how to reach the server that holds it.
#pragma once

#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>

namespace rollcall::app {

/// How a command reaches the running server: in a file that only the server's own user may read.
struct Contact {
  std::string address;  // of its admin server, "127.0.0.1:8080"
  std::string token;    // the administrators' password of this run
};

/// What the running server wrote. not_found: nothing yet; forbidden: not for this user.
base::Result<Contact> read_contact(const std::string& folder);

/// The lock on a data folder. It ends with the process, however that ends.
class DataFolder {
 public:
  /// Makes the folder when it is missing. Errors: conflict while another process holds it,
  /// forbidden when it cannot be written.
  static base::Result<DataFolder> hold(const std::string& folder);

  DataFolder(DataFolder&& other) noexcept;
  DataFolder& operator=(DataFolder&&) = delete;
  ~DataFolder();

  /// Tells commands where the server is.
  base::Result<> write_contact(const Contact& contact);
  void remove_contact();

 private:
  DataFolder(std::string folder, int file) : folder_(std::move(folder)), file_(file) {}

  std::string folder_;
  int file_;
};

}  // namespace rollcall::app
