// SPDX-License-Identifier: Apache-2.0
#include "passwords.hpp"

#include <fstream>
#include <iostream>

#include <rollcall/base/ids.hpp>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace rollcall::app {

namespace {

// Typed characters stay hidden while this lives.
class SilentTerminal {
 public:
  SilentTerminal() : file_(open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (!usable() || tcgetattr(file_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(file_, TCSAFLUSH, &silent);
  }
  ~SilentTerminal() {
    if (!usable()) return;
    tcsetattr(file_, TCSAFLUSH, &before_);
    close(file_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  [[nodiscard]] bool usable() const { return file_ >= 0; }

  std::string ask(const std::string& question) {
    say(question);
    std::string answer;
    for (char c = 0; read(file_, &c, 1) == 1 && c != '\n';)
      answer += c;
    say("\n");
    return answer;
  }

 private:
  void say(const std::string& text) {
    // A terminal that cannot show the question can still be answered.
    if (write(file_, text.data(), text.size()) < 0) return;
  }

  int file_;
  termios before_{};
};

}  // namespace

std::string make_password() {
  // Without the characters that are taken for each other: 0 and o, 1 and l.
  constexpr std::string_view letters = "23456789abcdefghijkmnpqrstuvwxyz";
  static_assert(letters.size() == 32);
  std::string password;
  for (int i = 0; i < 20; ++i) {
    if (i > 0 && i % 5 == 0) password += '-';
    password += letters[base::random_bits() % letters.size()];
  }
  return password;
}

base::Result<std::string> ask_for_password(const std::string& user) {
  SilentTerminal terminal;
  if (!terminal.usable()) return base::unavailable("there is no terminal to ask for a password on");
  std::string password = terminal.ask("Password for " + user + " (empty: make one up): ");
  if (password.empty()) return password;
  if (terminal.ask("The same again: ") != password) return base::malformed("the two passwords differ");
  return password;
}

base::Result<std::string> read_password_from_input() {
  std::string password;
  std::getline(std::cin, password);
  if (!password.empty() && password.back() == '\r') password.pop_back();
  if (password.empty()) return base::malformed("standard input holds no password");
  return password;
}

}  // namespace rollcall::app
