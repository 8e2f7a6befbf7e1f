package io.procession.internal.remote;

import org.jspecify.annotations.Nullable;

/// The words of requests and replies.
///
/// ```
/// request  Object[4]  { ident, method, Object[] arguments, caller }
///                       ident   String, null for a function of the server itself
///                       caller  Long, the calling thread among those of its process
/// reply    Object[2]  { kind, value }
///                       #RETURN          value  the result
///                       #PROXY           value  a Token: the result stays at the server
///                       #ERROR           value  the exception of the method
///                       #TRACEBACK       value  String: the request could not be carried out
///                       #UNSERIALIZABLE  value  String: the result cannot be sent
///                       #TOO_LONG        value  String: the result is longer than the caller takes, or the
///                                               server sends
///                       #REFUSED         value  String: the connection is, and is closed
///                       #REPLIES         value  Object[]: replies to some of a batch, as bytes
///                       #WAITS           value  null: the call waits for others, and its reply comes
///                                               later; said within a session only
/// ```
///
/// The first request on a connection is `accept_connection` with the caller's process and what the
/// connection is for. One for calls has one request under way at a time. One for control is welcomed
/// with how long the server lets it be silent and how long a request may be ([Welcome]), and has no
/// further replies but to [#PING]; as long as it is open its process lives.
///
/// A `batch` has requests as its arguments, each as bytes. Their replies come in the same order, some
/// as `#REPLIES`, the last as `#RETURN`; after an interrupt there are fewer.
final class Wire {
  static final String RETURN = "#RETURN";
  static final String PROXY = "#PROXY";
  static final String ERROR = "#ERROR";
  static final String TRACEBACK = "#TRACEBACK";
  static final String UNSERIALIZABLE = "#UNSERIALIZABLE";
  static final String TOO_LONG = "#TOO_LONG";
  static final String REFUSED = "#REFUSED";
  static final String REPLIES = "#REPLIES";
  static final String WAITS = "#WAITS";

  static final String TO_STRING = "__str__";
  static final String EQUALS = "__eq__";
  static final String HASH_CODE = "__hash__";
  static final String GET_VALUE = "#GETVALUE";

  // functions of the server
  static final String ACCEPT = "accept_connection";
  static final String CREATE = "create";
  static final String DESCRIBE = "describe";
  static final String DEPART = "depart";
  static final String ARRIVE = "arrive";
  static final String DUMMY = "dummy";
  static final String NUMBER_OF_OBJECTS = "number_of_objects";
  static final String DEBUG_INFO = "debug_info";
  static final String SHUTDOWN = "shutdown";
  static final String BATCH = "batch";

  // what a connection is for
  static final String CALLS = "calls";
  static final String CONTROL = "control";

  // on a connection for control
  static final String RELEASE = "decref"; // then identity and number, once or more
  static final String CANCEL = "cancel";
  static final String PING = "ping";

  private Wire() {}

  /// What has arrived, if it is a reply.
  @SuppressWarnings("NullAway") // an array of objects may have nulls, which no pattern says
  static @Nullable Object @Nullable [] read(@Nullable Object message) {
    return message instanceof Object[] parts && parts.length == 2 && parts[0] instanceof String
        ? parts
        : null;
  }

  static @Nullable Object[] reply(String kind, @Nullable Object value) {
    return new @Nullable Object[] {kind, value};
  }
}
