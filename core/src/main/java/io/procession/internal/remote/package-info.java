/// Objects that live in one process and are called from others: the server's tables and loops, the
/// callers' links, and what passes between them. Floor 6.
///
/// Requests and replies have the shape of those of Python's managers: (identifier, method, arguments, caller) and
/// (kind, value). To serve Python's own proxies takes another codec, and a front for what differs: keyword
/// arguments in the fourth place, a first request that is no greeting (`create` on a connection of its own), the
/// functions `incref` and `get_methods`, and Python's names of methods (decision 99).
///
/// | side | classes |
/// |---|---|
/// | both | `Wire`, `Ref`, `Token`, `ServerRef` |
/// | server | `ObjectServer`, `Peer`, `CallLoop`, `Dispatch`, `ObjectTable`, `ServedType`, `Leaving` |
/// | caller | `ServerLink`, `CallLine`, `ControlLine`, `RemoteReference`, `Remote`, `Transit`, `ServerDeath` |
@NullMarked
package io.procession.internal.remote;

import org.jspecify.annotations.NullMarked;
