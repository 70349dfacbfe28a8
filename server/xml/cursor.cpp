// SPDX-License-Identifier: Apache-2.0
#include "cursor.hpp"

#include "characters.hpp"

#include <algorithm>

namespace rollcall::xml {

std::size_t Cursor::line() const {
  const auto before = text_.substr(0, at_);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

bool Cursor::skip(std::string_view token) {
  if (!rest().starts_with(token)) return false;
  at_ += token.size();
  return true;
}

bool Cursor::skip_space() {
  const auto before = at_;
  while (at_ < text_.size() && is_space(text_[at_]))
    ++at_;
  return at_ > before;
}

std::string_view Cursor::read_name() {
  const auto begin = at_;
  if (at_ == text_.size() || !is_name_start(decode(rest()).code)) return {};
  while (at_ < text_.size()) {
    if (is_ascii_name_char(text_[at_])) {
      ++at_;
      continue;
    }
    if (is_ascii(text_[at_])) break;
    const auto character = decode(rest());
    if (!is_name_char(character.code)) break;
    at_ += character.size;
  }
  return text_.substr(begin, at_ - begin);
}

bool Cursor::read_qname(QName& name) {
  const auto begin = at_;
  name = {{}, {}, read_name()};
  if (name.local.empty()) return false;
  if (skip(":")) {
    name.prefix = name.local;
    name.local = read_name();
  }
  name.text = text_.substr(begin, at_ - begin);
  return !name.local.empty() && !rest().starts_with(':');
}

bool Cursor::read_quoted(std::string_view& value) {
  const char quote = at_ < text_.size() ? text_[at_] : '\0';
  if (quote != '"' && quote != '\'') return false;
  const auto end = text_.find(quote, at_ + 1);
  if (end == std::string_view::npos) return false;
  value = text_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return true;
}

}  // namespace rollcall::xml
