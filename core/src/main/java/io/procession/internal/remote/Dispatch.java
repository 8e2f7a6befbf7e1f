package io.procession.internal.remote;

import io.procession.internal.call.MethodTable;
import io.procession.internal.swap.Stead;
import io.procession.serial.Codec;
import io.procession.serial.StandInException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Carries out requests: says of each what the reply is. Safe for all threads.
final class Dispatch {
  private static final ThreadLocal<@Nullable Dispatch> READING = new ThreadLocal<>();

  private final Map<String, Kind> kinds = new ConcurrentHashMap<>();
  private final ObjectTable objects = new ObjectTable();
  private final Staff staff = new Staff();
  private final Codec codec = Codec.standard();
  private final Runnable shutdown;

  /// @param shutdown what a caller's wish to end the server does
  Dispatch(Collection<ServedType> types, Runnable shutdown) {
    for (ServedType type : types) {
      kinds.put(type.name(), Kind.of(type));
    }
    this.shutdown = shutdown;
  }

  /// The server whose requests this thread reads.
  static @Nullable Dispatch reading() {
    return READING.get();
  }

  /// From now on this thread reads requests to this server.
  void reads() {
    READING.set(this);
  }

  ObjectTable objects() {
    return objects;
  }

  Staff staff() {
    return staff;
  }

  /// Carries out a request.
  ///
  /// @param request null if there came none
  /// @param loop that of the request, if its answer may come later
  /// @param granted gets what the reply gives the peer stubs of, so that it can be taken back if the
  ///     reply cannot be sent
  /// @return null if the answer comes later
  @Nullable Object @Nullable [] reply(
      Peer peer, @Nullable Request request, List<ServedObject> granted, @Nullable CallLoop loop) {
    if (request == null) {
      return Wire.reply(Wire.TRACEBACK, "a request is {ident, method, arguments, caller}");
    }
    Caller.enter(new Caller(peer, request.thread()));
    try {
      @Nullable Object[] arguments = request.arguments();
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] instanceof Ref ref) {
          arguments[i] = objects.take(ref.ident());
        }
      }
      Answers answers = new Answers(peer, granted, loop);
      String ident = request.ident();
      return ident == null
          ? answers.serve(request.method(), arguments)
          : answers.call(objects.get(ident), request.method(), arguments);
    } catch (RequestException e) {
      return Wire.reply(Wire.TRACEBACK, e.getMessage());
    } catch (Throwable t) {
      return Wire.reply(Wire.ERROR, StandInException.sendable(t, codec));
    } finally {
      Caller.leave();
    }
  }

  private Kind kind(@Nullable Object name) throws RequestException {
    Kind kind = name instanceof String known ? kinds.get(known) : null;
    if (kind == null) {
      throw new RequestException(
          "no such type: type=" + name + "; the server has registered " + kinds.keySet());
    }
    return kind;
  }

  /// The answers to one request.
  private final class Answers {
    private final Peer peer;
    private final List<ServedObject> granted;

    private final @Nullable CallLoop loop;

    Answers(Peer peer, List<ServedObject> granted, @Nullable CallLoop loop) {
      this.peer = peer;
      this.granted = granted;
      this.loop = loop;
    }

    @SuppressWarnings("ReferenceEquality") // of an object that does not say when it equals another
    @Nullable Object @Nullable [] call(
        ServedObject object, String method, @Nullable Object[] arguments) throws Throwable {
      Object referent = object.referent();
      return switch (method) {
        case Wire.TO_STRING -> Wire.reply(Wire.RETURN, object.text());
        case Wire.HASH_CODE ->
            Wire.reply(
                Wire.RETURN,
                object.isOpen() ? referent.hashCode() : System.identityHashCode(referent));
        case Wire.EQUALS ->
            Wire.reply(
                Wire.RETURN,
                object.isOpen() ? referent.equals(arguments[0]) : referent == arguments[0]);
        case Wire.GET_VALUE -> copy(object);
        default -> invoke(object, method, arguments);
      };
    }

    /// The object itself, to be copied as it is sent. What it holds of other objects of the server
    /// stays that.
    private @Nullable Object[] copy(ServedObject object) throws RequestException {
      if (!object.isOpen()) { // it may show what no method shows
        throw new RequestException(
            "not exposed: copies of an object of which some methods only are exposed, type="
                + object.kind().name());
      }
      Object copied =
          switch (object.referent()) {
            case List<?> list -> new ArrayList<>(list);
            case Set<?> set -> new LinkedHashSet<>(set);
            case ConcurrentMap<?, ?> map -> new ConcurrentHashMap<>(map);
            case Map<?, ?> map -> new LinkedHashMap<>(map); // in its order, with its nulls
            case Object other -> other;
          };
      return Wire.reply(Wire.RETURN, copied);
    }

    private @Nullable Object @Nullable [] invoke(
        ServedObject object, String method, @Nullable Object[] arguments) throws Throwable {
      Method called = object.kind().find(method, arguments);
      if (loop != null
          && object.referent() instanceof Deferring waiting
          && waiting.defers(called)) {
        Deferred deferred = loop.defer();
        waiting.begin(deferred);
        if (!deferred.isDone()) {
          loop.sayWaits();
        }
        return deferred.pend();
      }
      Object result = MethodTable.invoke(called, object.referent(), arguments);
      String type = object.kind().served().returns().get(method);
      if (type == null || result == null) {
        return value(result);
      }
      Kind kind = kind(type);
      var adapter = kind.served().adapter();
      Object served = adapter == null ? result : adapter.apply(result);
      return Wire.reply(Wire.PROXY, grant(added(kind, served)));
    }

    @Nullable Object[] serve(String function, @Nullable Object[] arguments) throws Throwable {
      return switch (function) {
        case Wire.CREATE ->
            create(kind(arguments[0]), Arrays.copyOfRange(arguments, 1, arguments.length));
        case Wire.DESCRIBE -> Wire.reply(Wire.RETURN, description(kind(arguments[0])));
        case Wire.DEPART ->
            Wire.reply(Wire.RETURN, objects.depart(ident(arguments[0]), peer.departures()));
        case Wire.ARRIVE -> {
          String ident = ident(arguments[0]);
          Token _ = grant(objects.held(ident));
          if (arguments[1] instanceof Long departure) {
            objects.arrived(ident, departure);
          }
          yield Wire.reply(Wire.RETURN, null);
        }
        case Wire.NUMBER_OF_OBJECTS -> Wire.reply(Wire.RETURN, objects.size());
        case Wire.DEBUG_INFO -> Wire.reply(Wire.RETURN, DebugInfo.of(objects));
        case Wire.SHUTDOWN -> {
          shutdown.run();
          yield Wire.reply(Wire.RETURN, null);
        }
        default -> throw new RequestException("no such function of a server: function=" + function);
      };
    }

    private static @Nullable Object[] description(Kind kind) {
      ServedType type = kind.served();
      return new @Nullable Object[] {type.type(), type.stub(), kind.methods().exposed()};
    }

    private static String ident(@Nullable Object argument) throws RequestException {
      if (argument instanceof String ident) {
        return ident;
      }
      throw new RequestException("no identity of an object: " + argument);
    }

    private @Nullable Object[] create(Kind kind, @Nullable Object[] arguments) throws Exception {
      var factory = kind.served().factory();
      if (factory == null) {
        throw new RequestException(
            "objects of this type cannot be asked for: type="
                + kind.name()
                + "; register it with a factory");
      }
      Object referent = factory.apply(Arrays.asList(arguments));
      if (referent == null) {
        throw new RequestException("the factory has made nothing: type=" + kind.name());
      }
      Token token = grant(added(kind, referent));
      return Wire.reply(Wire.RETURN, new Object[] {token.ident(), kind.methods().exposed()});
    }

    private @Nullable Object[] value(@Nullable Object result) throws RequestException {
      ServedObject known = result == null ? null : known(result);
      return known == null ? Wire.reply(Wire.RETURN, result) : Wire.reply(Wire.PROXY, grant(known));
    }

    private ServedObject added(Kind kind, Object referent) throws RequestException {
      staff.add(referent);
      return objects.add(kind, referent);
    }

    private Token grant(ServedObject object) {
      return Dispatch.this.grant(peer, object, granted);
    }
  }

  /// Has this thread encode something for a peer: stubs come in the place of what is an object of the
  /// server, wherever it is.
  <T extends @Nullable Object> T encoding(
      Peer peer, List<ServedObject> granted, Object reply, ServerLink.Talk<T> talk)
      throws IOException, InterruptedException {
    if (!objects.hasTaken()) {
      return talk.run();
    }
    Stead before = Stead.heed(new Stubs(peer, granted, reply));
    try {
      return talk.run();
    } finally {
      Stead _ = Stead.heed(before);
    }
  }

  /// Lets a process have an object that is held for that.
  private Token grant(Peer peer, ServedObject object, List<ServedObject> granted) {
    if (peer.grant(object)) {
      granted.add(object);
    }
    objects.drop(object);
    return object.token();
  }

  /// What is an object of the server, held, as far as that can be met in a result.
  private @Nullable ServedObject known(Object result) throws RequestException {
    if (result instanceof Remote remote) { // a worker of a managed pool may have returned it
      return ObjectServer.isServed(remote.reference(), this)
          ? objects.held(remote.reference().ident())
          : null;
    }
    return objects.hasTaken() ? objects.findPassed(result) : null;
  }

  /// Stubs in the place of objects, but for the result itself: that is sent as it is, as a copy.
  private final class Stubs implements Stead {
    private final Peer peer;
    private final List<ServedObject> granted;
    private final @Nullable Object result;

    Stubs(Peer peer, List<ServedObject> granted, Object reply) {
      this.peer = peer;
      this.granted = granted;
      this.result = reply instanceof Object[] parts && parts.length == 2 ? parts[1] : null;
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // what is meant
    public boolean isFor(Object object) {
      return object != result && objects.wasPassed(object);
    }

    @Override
    public Object of(Object object) {
      ServedObject known = objects.findPassed(object);
      if (known == null) {
        return object; // dropped meanwhile
      }
      Token token = grant(peer, known, granted);
      return new Token.Nested(token.type(), token.ident());
    }
  }
}
