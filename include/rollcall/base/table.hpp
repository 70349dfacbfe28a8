// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <tsl/robin_set.h>

namespace rollcall::base {

/// Records by a key that they hold themselves: a flat table of pointers (with tsl::robin_set), so that a
/// million of them cost a million pointers and no second copy of the key. `Pointer` is a T* or a
/// std::unique_ptr<T>; `KeyOf` gives a record's key, a string_view or a number, which stays the same
/// while the record is in the table. Where strangers choose the keys, `Hasher` is KeyedHash. Not for
/// several threads.
template <class Pointer, class KeyOf, class Hasher = void>
class Table {
  using Record = typename std::pointer_traits<Pointer>::element_type;
  using Key = std::decay_t<std::invoke_result_t<KeyOf, const Record&>>;

 public:
  /// nullptr: there is none.
  [[nodiscard]] Record* find(Key key) const {
    const auto found = set_.find(key);
    return found == set_.end() ? nullptr : std::to_address(*found);
  }
  /// Takes a record in. When its key is there already, the one that is there stays.
  Record& insert(Pointer record) { return **set_.insert(std::move(record)).first; }
  void erase(Key key) {
    if (const auto found = set_.find(key); found != set_.end()) set_.erase(found);
  }
  [[nodiscard]] std::size_t size() const { return set_.size(); }

  // Over the pointers, in no order.
  [[nodiscard]] auto begin() const { return set_.begin(); }
  [[nodiscard]] auto end() const { return set_.end(); }

 private:
  struct Hash {
    using is_transparent = void;
    using KeyHasher = std::conditional_t<std::is_void_v<Hasher>, std::hash<Key>, Hasher>;
    std::size_t operator()(Key key) const { return KeyHasher{}(key); }
    std::size_t operator()(const Pointer& record) const { return (*this)(KeyOf{}(*record)); }
  };
  struct Equal {
    using is_transparent = void;
    bool operator()(const Pointer& a, const Pointer& b) const { return KeyOf{}(*a) == KeyOf{}(*b); }
    bool operator()(Key key, const Pointer& record) const { return key == KeyOf{}(*record); }
    bool operator()(const Pointer& record, Key key) const { return key == KeyOf{}(*record); }
  };

  tsl::robin_set<Pointer, Hash, Equal, std::allocator<Pointer>, true> set_;
};

}  // namespace rollcall::base
