// SPDX-License-Identifier: Apache-2.0
// The state of a list of resources (RFC 4662 §5): what it holds, and the bodies of its NOTIFYs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/bodies/multipart.hpp>

namespace rollcall::bodies {

inline constexpr std::string_view rlmi_media_type = "application/rlmi+xml";
inline constexpr std::string_view rlmi_namespace = "urn:ietf:params:xml:ns:rlmi";

/// A name for people (§5.4).
struct ListName {
  std::string text;
  std::string language;  // "" for none
};

/// The state of the subscription behind an instance (§5.5).
enum class InstanceState : std::uint8_t { active, pending, terminated };
std::string_view to_string(InstanceState state);

/// One notifier of a resource (§5.5). Views, since a body is shared by many.
struct Instance {
  std::string id;  // unique within the resource
  InstanceState state = InstanceState::active;
  std::string reason;             // of termination; "" becomes "noresource" there
  std::string_view content_type;  // of the body; that of write_related() for a list within the list
  std::string_view body;          // "" for none
};

/// A resource of a list (§5.3).
struct ListedResource {
  std::string uri;
  std::vector<ListName> names;
  std::vector<Instance> instances;
};

/// What the NOTIFYs of one list have in common.
struct ListHead {
  std::string uri;            // of the list
  std::uint32_t version = 0;  // of the first body
  bool full_state = false;    // the resources are all there are
  std::vector<ListName> names;
  std::string cid_tail;  // "tag@host": makes Content-IDs unique in the world (RFC 2392)
  IdForm ids = IdForm::bracketed;
};

/// The body of one NOTIFY.
struct ListBody {
  TypedBody content;
  std::uint32_t version = 0;
};

/// The bodies of the NOTIFYs that tell of `resources`, each with the version that is next, and none
/// longer than `most_bytes` as long as no single resource is. There is always one at least.
///
/// Full state that does not fit into one body begins with fullState="true" and all resources, of which
/// those that did not fit have no instances yet; these follow with fullState="false". When not even the
/// URIs fit, the first body lists as many resources as do, and the others are added by what follows: the
/// table of the subscriber is the same at the end (§5.6.2).
///
/// The Content-ID that an instance refers to stands on a part of the same multipart body (§5.5). Any
/// thread; time linear in the size.
std::vector<ListBody> pack_list(const ListHead& head, std::span<const ListedResource> resources,
                                std::size_t most_bytes);

}  // namespace rollcall::bodies
