// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

namespace rollcall::base {

/// A text that never changes. It takes the place of a pointer, as records hold many that are empty or
/// short, and copies share the characters. Any thread may copy and destroy one of its own.
class Text {
 public:
  Text() = default;
  Text(std::string_view text) : block_(make(text)) {}
  Text(const std::string& text) : Text(std::string_view(text)) {}
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const Text& other) noexcept : block_(other.block_) { hold(); }
  Text(Text&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}
  Text& operator=(Text other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }
  ~Text() { release(); }

  [[nodiscard]] std::string_view view() const {
    return block_ ? std::string_view(reinterpret_cast<const char*>(block_ + 1), block_->size)
                  : std::string_view();
  }
  operator std::string_view() const { return view(); }
  [[nodiscard]] std::string str() const { return std::string(view()); }
  [[nodiscard]] bool empty() const { return block_ == nullptr; }
  [[nodiscard]] std::size_t size() const { return block_ ? block_->size : 0; }
  /// Does nobody else share the characters?
  [[nodiscard]] bool is_alone() const {
    return block_ && block_->shares.load(std::memory_order_acquire) == 1;
  }

  friend bool operator==(const Text& a, const Text& b) {
    return a.block_ == b.block_ || a.view() == b.view();
  }
  friend bool operator==(const Text& a, std::string_view b) { return a.view() == b; }
  friend bool operator==(const Text& a, const std::string& b) { return a.view() == b; }
  friend bool operator==(const Text& a, const char* b) { return a.view() == b; }
  friend std::ostream& operator<<(std::ostream& out, const Text& text) { return out << text.view(); }

 private:
  struct Block {
    std::atomic<std::uint32_t> shares;
    std::uint32_t size;  // of the characters, which follow
  };

  static Block* make(std::string_view text) {
    if (text.empty()) return nullptr;
    auto* block =
        new (::operator new(sizeof(Block) + text.size())) Block{1, static_cast<std::uint32_t>(text.size())};
    std::memcpy(static_cast<void*>(block + 1), text.data(), text.size());
    return block;
  }
  void hold() {
    if (block_) block_->shares.fetch_add(1, std::memory_order_relaxed);
  }
  void release() {
    if (!block_ || block_->shares.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
    ::operator delete(block_);
  }

  Block* block_ = nullptr;
};

}  // namespace rollcall::base
