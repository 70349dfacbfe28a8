// SPDX-License-Identifier: Apache-2.0
#include "generator.hpp"

#include <utility>
#include <vector>

#include <rollcall/xcap/conditions.hpp>
#include <rollcall/xcap/generated.hpp>
#include <rollcall/xdm/place.hpp>

#include <fmt/format.h>

namespace rollcall::xdm {

namespace {

using Made = base::Result<std::optional<model::Document>>;

constexpr std::int64_t most_service_documents = 10'000;
constexpr std::string_view services_path = "rls-services/index";
constexpr std::string_view capabilities_path = "xcap-caps/index";
constexpr std::string_view directory_path = "org.openmobilealliance.xcap-directory/directory.xml";

bool is_services_index(const xcap::Path& path) {
  return path.tree == xcap::Tree::global && path_of(path) == services_path;
}

Made with_text(std::string text) {
  model::Document document;
  document.etag = xcap::etag_of(text);
  document.body = text;
  return std::optional<model::Document>(std::move(document));
}

}  // namespace

bool Service::Generator::makes(const xcap::Path& path) {
  return path.usage->is_generated || is_services_index(path);
}

Made Service::Generator::make(const sip::Aor& owner, const xcap::Path& path, std::string_view root) {
  if (is_services_index(path)) return services();
  const bool is_global = path.tree == xcap::Tree::global;
  if (is_global && path_of(path) == capabilities_path) return capabilities();
  if (!is_global && path_of(path) == directory_path) return directory(owner, root);
  return std::optional<model::Document>();
}

Made Service::Generator::capabilities() {
  static const std::string text = xcap::capabilities(parts_.schemas);
  return with_text(text);
}

Made Service::Generator::directory(const sip::Aor& owner, std::string_view root) {
  const Deadline deadline = deadline_from_now();
  const auto exists = parts_.is_user(owner, deadline);
  if (!exists) return exists.error();
  if (!*exists) return std::optional<model::Document>();
  const auto rows = parts_.list(owner, deadline);
  if (!rows) return rows.error();
  std::vector<xcap::DirectoryEntry> entries;
  for (const engine::DocumentRow& row : *rows)
    if (const auto path = xcap_path(owner, row.path))
      entries.push_back({std::string(path->usage->auid),
                         fmt::format("{}/{}", root, path->document_selector()), row.etag.str(), row.size});
  return with_text(xcap::directory(std::move(entries)));
}

Made Service::Generator::services() {
  auto documents = engine::read<std::vector<model::Document>>(parts_.readers, [](engine::Queries& queries) {
    return queries.service_documents(most_service_documents + 1);
  });
  if (!documents) return documents.error();
  if (documents->size() > most_service_documents)
    return base::Error{base::ErrorCode::too_large, "there are too many list services for one index"};
  std::vector<std::string_view> texts;
  for (const model::Document& document : *documents)
    texts.push_back(document.body.view());
  return with_text(xcap::services_index(texts, parts_.xcap_limits()));
}

}  // namespace rollcall::xdm
