// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "link.hpp"
#include "table.hpp"

#include <memory>
#include <string>

#include <rollcall/engine/readers.hpp>

namespace rollcall::storage {

/// The questions of one reader. Connects when it must; a question that finds its connection dead is
/// asked once more on a new one. Lives on the reader's thread.
class ReaderQueries final : public engine::Queries {
 public:
  ReaderQueries(std::string url, Watchdog& watchdog) : url_(std::move(url)), watchdog_(watchdog) {}

  base::Result<engine::Page<model::Domain>> domains(const engine::PageRequest& page) override;
  base::Result<engine::Page<model::User>> users(const std::string& domain,
                                                const engine::PageRequest& page) override;
  base::Result<std::optional<model::Document>> document(const sip::Aor& owner,
                                                        const std::string& path) override;
  base::Result<std::vector<engine::DocumentRow>> documents(const sip::Aor& owner) override;
  base::Result<std::optional<model::Document>> service(const std::string& uri) override;
  base::Result<std::vector<std::string>> taken_services(const std::vector<std::string>& uris,
                                                        const sip::Aor& owner,
                                                        const std::string& path) override;
  base::Result<std::vector<model::Document>> service_documents(std::int64_t most) override;
  base::Result<engine::Page<model::StoredMessage>> messages(const sip::Aor& receiver,
                                                            const engine::PageRequest& page) override;
  base::Result<std::optional<model::StoredMessage>> message(const sip::Aor& receiver,
                                                            const std::string& id) override;
  base::Result<> ping() override;

 private:
  base::Result<pqxx::result> ask(const std::string& sql, const std::vector<std::string>& params);
  void connect();
  base::Result<std::vector<model::Document>> documents_where(const std::string& condition,
                                                             const std::vector<std::string>& params);
  template <class T>
  base::Result<engine::Page<T>> page_of(const Table<T>& table, const std::string& condition,
                                        std::vector<std::string> params, const engine::PageRequest& page);
  template <class T>
  base::Result<std::optional<T>> one_of(const Table<T>& table, const std::string& first,
                                        const std::string& second);

  std::string url_;
  Watchdog& watchdog_;
  std::unique_ptr<Link> link_;
  Watchdog::Clock::time_point failed_at_{};  // when connecting failed last
  std::string failure_;
};

}  // namespace rollcall::storage
