// SPDX-License-Identifier: Apache-2.0
// What is called how: documents as XCAP names them, and as they are kept.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/sip/uri.hpp>
#include <rollcall/xcap/path.hpp>

namespace rollcall::xdm {

/// The user that an XCAP User Identifier names: "sip:alice@example.org" and "alice@example.org" are the same.
/// nullopt: it can name nobody.
std::optional<sip::Aor> user_of(std::string_view xui);

/// model::Document::path of what an XCAP path names: "resource-lists/index". Names hold no slash, so it
/// cannot be that of another document.
std::string path_of(const xcap::Path& path);

/// The way back; the owner's XUI is then "sip:user@domain". nullopt for the path of no usage that we know.
std::optional<xcap::Path> xcap_path(const sip::Aor& owner, std::string_view path);

/// The form in which two URIs of the same list service are equal: "sip:user@domain" where that can be made of
/// it, else the URI as it is.
std::string service_uri(std::string_view uri);

}  // namespace rollcall::xdm
