// SPDX-License-Identifier: Apache-2.0
// The part of a composition that says how the presentity is reached.
#pragma once

#include "compose_draft.hpp"

namespace rollcall::presence {

/// The tuple about a presentity's own address that stands when nobody published one.
xml::Tuple address_tuple(const std::string& address, xml::Basic basic);

/// Step: the published tuples.
void add_published_services(Draft& draft);

/// Step: a <basic> for those that were published without, which RFC 3863 §4.1.3 allows and clients do not
/// understand: what the newest publication says that says it, else what the registrations do.
void complete_services(Draft& draft);

/// Step: the presentity's address out of the registrations, unless a published tuple speaks for it.
void add_registered_service(Draft& draft);

/// Step: who has a status of an administrator other than offline is open.
void open_for_administrator(Draft& draft);

/// Step: the tuple that says most comes first, for watchers that read only one.
void order_services(Draft& draft);

}  // namespace rollcall::presence
