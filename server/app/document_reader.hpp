// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <rollcall/app/configuration.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/presence/documents.hpp>

namespace rollcall::app {

/// The URI of the XCAP root, with a slash at its end: what is configured, else /xcap on the address of the
/// administration.
std::string xcap_root_of(const Configuration& configuration);

/// Documents for the agent of a shard, out of the database. They are read on a reader's thread, so that the
/// shard does not wait. Both outlive the function.
presence::ReadDocuments document_reader(engine::Shard& shard, engine::Readers& readers, std::string root);

}  // namespace rollcall::app
