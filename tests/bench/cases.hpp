// SPDX-License-Identifier: Apache-2.0
// The operations that can be measured.
#pragma once

#include "case.hpp"
#include "deal.hpp"
#include "load.hpp"
#include "world.hpp"

#include <memory>

namespace bench {

/// OPTIONS to the server itself.
std::unique_ptr<Case> make_options(const Options& options, World& world, Rounds rounds);

/// REGISTER of each user's contacts: the first round adds, each further one refreshes.
std::unique_ptr<Case> make_register(const Options& options, World& world, Rounds rounds);

/// The first round of it only.
std::unique_ptr<Case> make_register_first(const Options& options, World& world, Rounds rounds);

/// MESSAGE from one user to another, answered by the other's device. All must be registered.
std::unique_ptr<Case> make_message(const Options& options, World& world, Rounds rounds);

/// A SUBSCRIBE that makes a new dialog of a watch, and its NOTIFY.
std::unique_ptr<Case> make_subscribe(const Options& options, World& world, Rounds rounds);

/// A SUBSCRIBE in each watch's dialog, and its NOTIFY.
std::unique_ptr<Case> make_refresh(const Options& options, World& world, Rounds rounds);

/// The same in the dialogs of the watches `first` to `first + count - 1`; with `hear` it awaits the
/// NOTIFY, else the answer only.
std::unique_ptr<Case> make_refresh_of(World& world, std::uint32_t first, std::uint32_t count, bool hear,
                                      Rounds rounds);

/// PUBLISH of a new document, and the NOTIFY of each watcher with it.
std::unique_ptr<Case> make_publish(const Options& options, World& world, Rounds rounds);

/// Of 20 operations 12 MESSAGEs, 3 REGISTERs, 3 PUBLISHes and 2 SUBSCRIBEs that refresh.
std::unique_ptr<Case> make_mix(const Options& options, World& world, Rounds rounds);

/// The complaint about an answer that is not the right one: "MESSAGE was answered 404 Not Found".
std::string refusal(std::string_view method, const Message& response);

/// The watch that a request belongs to; nullptr when it is no NOTIFY, or of none of the present ones.
Watch* watch_of(World& world, const Message& notify);

/// The same, for a NOTIFY that is newer than all before it in its dialog, and notes that it has come.
Watch* newly_told(World& world, const Message& notify);

/// Watchers of what was published last who do not know it, by the newest NOTIFY that they had.
std::uint64_t stale_watchers(const World& world);

}  // namespace bench
