// SPDX-License-Identifier: Apache-2.0
// Opening sockets with the options that we want. All of them are non-blocking.
#pragma once

#include "address.hpp"
#include "descriptor.hpp"

#include <string>

#include <rollcall/base/result.hpp>
#include <rollcall/net/listen.hpp>

namespace rollcall::net {

/// Which of the sockets on one address this is: one a shard.
enum class Sharing { first, further };

/// Opens a UDP socket, or a TCP socket that listens. The first one fails when anybody else has the
/// address, another server that shares ports included; the further ones join it. Errors name the
/// address; unsupported when the system does not have this family or address.
base::Result<Descriptor> open_listen(const Listen& listen, Sharing sharing);

/// The next connection that waits at a listening socket; errno says why there is none.
Descriptor accept_connection(int listener, SocketAddress& remote);

/// Begins a connection to `remote`, from the address of `local` where one is given. An empty
/// descriptor when it failed at once.
Descriptor begin_connection(const sip::Endpoint& local, const sip::Endpoint& remote);

/// The error that a socket holds (0: none), which takes it off.
int take_error(int socket);

sip::Endpoint local_of(int socket);

/// "Connection refused" for an errno. Any thread.
std::string describe(int error);

}  // namespace rollcall::net
