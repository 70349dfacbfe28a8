// SPDX-License-Identifier: Apache-2.0
#include "constraints.hpp"
#include "namespaces.hpp"

#include <algorithm>
#include <array>

#include <rollcall/xcap/path.hpp>
#include <rollcall/xcap/usage.hpp>

namespace rollcall::xcap {

namespace {

constexpr std::array<ApplicationUsage, 8> usages{{
    {.auid = "resource-lists",  // RFC 4826 §3.4
     .media_type = "application/resource-lists+xml",
     .default_namespace = lists_namespace,
     .default_document = "index",
     .root = {lists_namespace, "resource-lists"},
     .constraint = check_lists},
    {.auid = "rls-services",  // RFC 4826 §4.4
     .media_type = "application/rls-services+xml",
     .default_namespace = services_namespace,
     .default_document = "index",
     .root = {services_namespace, "rls-services"},
     .global_is_private = true,
     .constraint = check_services},
    {.auid = "pres-rules",  // RFC 5025 §9
     .media_type = "application/auth-policy+xml",
     .default_namespace = rules_namespace,
     .default_document = "index",
     .root = {policy_namespace, "ruleset"},
     .constraint = check_policy},
    {.auid = "org.openmobilealliance.pres-rules",  // the same documents under the name that OMA gave them
     .media_type = "application/auth-policy+xml",
     .default_namespace = rules_namespace,
     .default_document = "pres-rules",
     .root = {policy_namespace, "ruleset"},
     .constraint = check_policy},
    {.auid = "pidf-manipulation",  // RFC 4827
     .media_type = "application/pidf+xml",
     .default_namespace = pidf_namespace,
     .default_document = "index",
     .root = {pidf_namespace, "presence"},
     .only_default_document = true,
     .constraint = check_presence},
    {.auid = "org.openmobilealliance.pres-content",
     .media_type = "application/vnd.oma.pres-content+xml",
     .default_namespace = content_namespace,
     .default_document = "icon",
     .root = {content_namespace, "content"},
     .has_schema = false,
     .directory = "oma_status-icon",
     .constraint = check_content},
    {.auid = "xcap-caps",  // RFC 4825 §12
     .media_type = "application/xcap-caps+xml",
     .default_namespace = caps_namespace,
     .default_document = "index",
     .root = {caps_namespace, "xcap-caps"},
     .is_generated = true},
    {.auid = "org.openmobilealliance.xcap-directory",
     .media_type = "application/vnd.oma.xcap-directory+xml",
     .default_namespace = directory_namespace,
     .default_document = "directory.xml",
     .root = {directory_namespace, "xcap-directory"},
     .has_schema = false,
     .is_generated = true},
}};

}  // namespace

std::span<const ApplicationUsage> application_usages() {
  return usages;
}

const ApplicationUsage* find_usage(std::string_view auid) {
  const auto* const found =
      std::find_if(usages.begin(), usages.end(), [auid](const auto& row) { return row.auid == auid; });
  return found == usages.end() ? nullptr : &*found;
}

bool may_read(const Path& path, Requester requester) {
  if (requester == Requester::administrator) return true;
  return path.tree == Tree::global ? !path.usage->global_is_private : requester == Requester::owner;
}

bool may_write(const Path& path, Requester requester) {
  return requester == Requester::administrator || (path.tree == Tree::users && requester == Requester::owner);
}

}  // namespace rollcall::xcap
