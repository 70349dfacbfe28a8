// SPDX-License-Identifier: Apache-2.0
#include <rollcall/xml/namespaces.hpp>

namespace rollcall::xml {

namespace {

constexpr KnownNamespace rows[] = {
    {pidf_namespace, ""},           {data_model_namespace, "dm"}, {rpid_namespace, "rpid"},
    {timed_status_namespace, "ts"}, {cipid_namespace, "c"},       {caps_namespace, "caps"},
};

}  // namespace

std::span<const KnownNamespace> known_namespaces() {
  return rows;
}

}  // namespace rollcall::xml
