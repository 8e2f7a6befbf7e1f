/// Objects that live in one process and are called from others: the server's tables and loops, the
/// callers' links, and what passes between them. Floor 6.
///
/// Requests and replies have the shape of those of Python's managers, so that another codec is all
/// it takes to serve Python's own proxies.
///
/// | side | classes |
/// |---|---|
/// | both | `Wire`, `Ref`, `Token`, `ServerRef` |
/// | server | `ObjectServer`, `Peer`, `CallLoop`, `Dispatch`, `ObjectTable`, `ServedType`, `Leaving` |
/// | caller | `ServerLink`, `CallLine`, `ControlLine`, `RemoteReference`, `Remote`, `Transit` |
@NullMarked
package io.procession.internal.remote;

import org.jspecify.annotations.NullMarked;
