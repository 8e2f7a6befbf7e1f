package io.procession.internal.travel;

import static java.util.Objects.requireNonNull;

import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/// What this process has sent along of its classes.
final class Shipments {
  private static final Shipments OURS = new Shipments();

  /// A loader whose classes travel, and what has been said about it.
  private static final class Origin {
    final int number;

    /// The prefix of each class that was sent; empty for a name that is another loader's.
    final Map<String, String> prefixes = new HashMap<>();

    /// Hash codes of the class files that were sent.
    final Map<String, Integer> files = new HashMap<>();

    Origin(int number) {
      this.number = number;
    }
  }

  // guarded by this
  private final Map<ClassLoader, Origin> origins = new WeakHashMap<>();
  private int loaders;
  private @Nullable CellRef first;
  private @Nullable CellRef last;

  private Shipments() {}

  /// Sends a class along, with all that it needs, unless it was before.
  ///
  /// @return its prefix
  static String send(Class<?> type, ClassLoader loader) {
    if (loader instanceof TravelLoader arrived) {
      return arrived.prefix();
    }
    String known = OURS.prefixOf(loader, type.getName());
    if (known != null) {
      return known;
    }
    // without a lock, since loaders are asked, which have locks of their own
    List<Closure.Answer> answers = Closure.of(type, OURS);
    return OURS.ship(type, loader, answers);
  }

  /// As [#send], for classes whose methods may have been defined anew since they were sent. No loader
  /// can have them a second time, so who gets them has a new loader for all of them then.
  static String sendAsItIs(Class<?> type, ClassLoader loader) {
    OURS.forgetIfChanged(loader);
    return send(type, loader);
  }

  private void forgetIfChanged(ClassLoader loader) {
    Map<String, Integer> sent = filesSent(loader);
    for (Map.Entry<String, Integer> file : sent.entrySet()) {
      byte[] now;
      try {
        now = Closure.file(file.getKey(), loader);
      } catch (IOException e) {
        continue; // what was sent has to do
      }
      if (Arrays.hashCode(now) != file.getValue()) {
        forget(loader);
        return;
      }
    }
  }

  private synchronized Map<String, Integer> filesSent(ClassLoader loader) {
    Origin origin = origins.get(loader);
    return origin == null ? Map.of() : Map.copyOf(origin.files);
  }

  private synchronized void forget(ClassLoader loader) {
    origins.remove(loader);
  }

  /// The prefix of a class that has been sent.
  synchronized @Nullable String prefixOf(ClassLoader loader, String name) {
    Origin origin = origins.get(loader);
    String prefix = origin == null ? null : origin.prefixes.get(name);
    return prefix == null || prefix.isEmpty() ? null : prefix;
  }

  /// Whether it has been said what a loader answers for a name.
  synchronized boolean isAnswered(ClassLoader loader, String name) {
    Origin origin = origins.get(loader);
    return origin != null && origin.prefixes.containsKey(name);
  }

  /// An answer of one of our loaders that nobody has been told yet.
  private record News(Origin origin, Closure.Answer answer) {}

  private synchronized String ship(
      Class<?> type, ClassLoader loader, List<Closure.Answer> answers) {
    Session session = Session.ofJvm();
    CellRef ref =
        session.directory().ref(session.directory().allocate(CellKind.CLASSES, "classes"));
    CellRef head = first == null ? ref : first;
    boolean written = false;
    try {
      List<News> news = news(answers);
      List<ShipmentLayout.Entry> entries = new ArrayList<>();
      for (News each : news) {
        entries.add(entry(each.origin, each.answer, ref));
      }
      ShipmentLayout.write(session, ref, head, last == null ? ref : last, entries);
      boolean _ = session.directory().markSent(ref); // it outlives this process
      written = true;
      Arrivals.departed(ref, head);
      first = head;
      last = ref;
      for (News each : news) {
        String prefix = each.answer.definer() == null ? text(ref, each.origin) : "";
        each.origin.prefixes.put(each.answer.name(), prefix);
        byte[] file = each.answer.file();
        if (file != null) {
          each.origin.files.put(each.answer.name(), Arrays.hashCode(file));
        }
        Arrivals.depart(head, each.origin.number, each.answer.asked());
      }
    } finally {
      if (!written) {
        session.directory().free(ref);
      }
    }
    return requireNonNull(prefixOf(loader, type.getName()), "not in its own shipment");
  }

  private List<News> news(List<Closure.Answer> answers) {
    List<News> news = new ArrayList<>();
    for (Closure.Answer answer : answers) {
      Origin origin = origin(answer.asked());
      if (!origin.prefixes.containsKey(answer.name())) { // another thread may have been faster
        news.add(new News(origin, answer));
      }
    }
    return news;
  }

  private Origin origin(ClassLoader loader) {
    return origins.computeIfAbsent(loader, _ -> new Origin(++loaders));
  }

  private ShipmentLayout.Entry entry(Origin origin, Closure.Answer answer, CellRef ref) {
    Class<?> definer = answer.definer();
    if (definer == null) {
      int kind = answer.file() == null ? ShipmentLayout.ABSENT : ShipmentLayout.BYTES;
      return new ShipmentLayout.Entry(
          origin.number, answer.name(), kind, answer.file(), answer.absence());
    }
    return new ShipmentLayout.Entry(
        origin.number, answer.name(), ShipmentLayout.ELSEWHERE, null, place(definer, ref));
  }

  /// Where a class is that another loader has: sent before, or in this shipment.
  private String place(Class<?> definer, CellRef ref) {
    ClassLoader loader = definer.getClassLoader();
    if (loader instanceof TravelLoader arrived) {
      return arrived.prefix();
    }
    String known = prefixOf(loader, definer.getName());
    return known == null
        ? text(ref, requireNonNull(origins.get(loader), "not in this shipment"))
        : known;
  }

  private static String text(CellRef ref, Origin origin) {
    return new ClassPrefix(ref, origin.number).text();
  }
}
