// SPDX-License-Identifier: Apache-2.0
#include "child_match.hpp"

#include "tree_text.hpp"

#include <algorithm>
#include <cstdint>

namespace rollcall::xml {

namespace {

// One that stays as it is saves more than one that only keeps its name.
constexpr std::uint32_t worth_same = 3;
constexpr std::uint32_t worth_changed = 1;

std::uint32_t worth(const Child& a, const Child& b) {
  if (a.name != b.name || a.id != b.id) return 0;
  return a.text == b.text ? worth_same : worth_changed;
}

/// The longest common subsequence, by worth, of what is between the equal ends.
class Table {
 public:
  Table(const std::vector<Child>& before, const std::vector<Child>& after, std::size_t begin,
        std::size_t before_end, std::size_t after_end)
      : before_(before),
        after_(after),
        begin_(begin),
        rows_(before_end - begin),
        columns_(after_end - begin) {
    best_.resize((rows_ + 1) * (columns_ + 1));
    for (auto row = rows_; row-- > 0;) {
      for (auto column = columns_; column-- > 0;) {
        const auto here = pair(row, column);
        const auto taken = here == 0 ? 0 : here + at(row + 1, column + 1);
        at(row, column) = std::max({at(row + 1, column), at(row, column + 1), taken});
      }
    }
  }

  void walk(std::vector<std::optional<std::size_t>>& found) {
    for (std::size_t row = 0, column = 0; row < rows_ && column < columns_;) {
      const auto here = pair(row, column);
      if (here > 0 && at(row, column) == here + at(row + 1, column + 1)) {
        found[begin_ + column++] = begin_ + row++;
      } else if (at(row, column) == at(row + 1, column)) {
        ++row;
      } else {
        ++column;
      }
    }
  }

 private:
  std::uint32_t& at(std::size_t row, std::size_t column) { return best_[row * (columns_ + 1) + column]; }
  [[nodiscard]] std::uint32_t pair(std::size_t row, std::size_t column) const {
    return worth(before_[begin_ + row], after_[begin_ + column]);
  }

  const std::vector<Child>& before_;
  const std::vector<Child>& after_;
  std::size_t begin_;
  std::size_t rows_, columns_;
  std::vector<std::uint32_t> best_;
};

}  // namespace

std::vector<Child> children_of(pugi::xml_node parent) {
  std::vector<Child> children;
  for (const auto node : parent.children()) {
    auto& child = children.emplace_back();
    child.node = node;
    child.name = node.name();
    child.id = node.attribute("id").value();
    append_node(child.text, node);
  }
  return children;
}

std::vector<std::optional<std::size_t>> match(const std::vector<Child>& before,
                                              const std::vector<Child>& after) {
  std::vector<std::optional<std::size_t>> found(after.size());
  std::size_t begin = 0;
  auto before_end = before.size();
  auto after_end = after.size();
  while (begin < before_end && begin < after_end && before[begin].text == after[begin].text) {
    found[begin] = begin;
    ++begin;
  }
  while (before_end > begin && after_end > begin && before[before_end - 1].text == after[after_end - 1].text)
    found[--after_end] = --before_end;
  Table(before, after, begin, before_end, after_end).walk(found);
  return found;
}

}  // namespace rollcall::xml
