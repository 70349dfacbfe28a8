// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include <rollcall/engine/readers.hpp>
#include <rollcall/http/json.hpp>

namespace rollcall::admin {

/// Rows as a JSON array.
template <class T>
http::json::Array json_of(const std::vector<T>& rows, http::json::Object (*to_json)(const T&)) {
  http::json::Array items;
  items.reserve(rows.size());
  for (const T& row : rows)
    items.emplace_back(to_json(row));
  return items;
}

/// A page of a list: {"items": [...], "next": "..." or null}.
template <class T>
http::json::Object json_of(const engine::Page<T>& page, http::json::Object (*to_json)(const T&)) {
  return {{"items", json_of(page.rows, to_json)},
          {"next", page.next.empty() ? http::json::Value() : http::json::Value(page.next)}};
}

}  // namespace rollcall::admin
