// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <rollcall/http/fields.hpp>

#include <fmt/format.h>

namespace rollcall::http {

Fields::Fields(const std::string& body) {
  if (body.empty()) {
    broken_ = invalid("", "a JSON object is needed");
    return;
  }
  auto parsed = json::parse(body);
  if (const auto* fault = std::get_if<json::Fault>(&parsed)) {
    broken_ = invalid(fault->field, fault->detail);
  } else {
    body_ = std::get<json::Value>(std::move(parsed));
    if (body_.as<json::Object>() == nullptr) broken_ = invalid("", "the body must be a JSON object");
  }
}

const json::Value* Fields::take(std::string_view name) {
  asked_.emplace(name);
  return body_.find(name);
}

std::string Fields::text(std::string_view name, Rule rule) {
  if (take(name) == nullptr) reject(name, "is missing");
  return optional_text(name, rule).value_or("");
}

std::optional<std::string> Fields::optional_text(std::string_view name, Rule rule) {
  const json::Value* value = take(name);
  if (value == nullptr) return std::nullopt;
  const auto* text = value->as<std::string>();
  if (text == nullptr) {
    reject(name, "must be a string");
    return std::nullopt;
  }
  if (std::string fault = rule(*text); !fault.empty()) reject(name, std::move(fault));
  return *text;
}

std::optional<bool> Fields::optional_flag(std::string_view name) {
  const json::Value* value = take(name);
  if (value == nullptr) return std::nullopt;
  const bool* flag = value->as<bool>();
  if (flag == nullptr) {
    reject(name, "must be true or false");
    return std::nullopt;
  }
  return *flag;
}

std::optional<std::int64_t> Fields::optional_number(std::string_view name, std::int64_t lowest,
                                                    std::int64_t highest) {
  const json::Value* value = take(name);
  if (value == nullptr) return std::nullopt;
  const auto* number = value->as<std::int64_t>();
  if (number == nullptr || *number < lowest || *number > highest) {
    reject(name, fmt::format("must be a whole number from {} to {}", lowest, highest));
    return std::nullopt;
  }
  return *number;
}

void Fields::reject(std::string_view name, std::string detail) {
  errors_.push_back({std::string(name), std::move(detail)});
}

std::optional<Problem> Fields::finish() {
  if (broken_) return broken_;
  for (const json::Member& member : *body_.as<json::Object>())
    if (!asked_.contains(member.first)) reject(member.first, "is not known here");
  if (errors_.empty()) return std::nullopt;
  return Problem{400, fmt::format("{}: {}", errors_.front().field, errors_.front().detail), errors_};
}

}  // namespace rollcall::http
