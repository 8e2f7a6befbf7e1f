package io.procession.internal.travel;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import java.io.StreamCorruptedException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;

/// The loaders of this process for classes that travel: its own, from which they were sent, and those
/// made of shipments. One for each loader of the sender, so that classes that were one another's
/// neighbours there are here.
final class Arrivals {
  /// The chain that each shipment belongs to. Guarded by this class.
  private static final Map<CellRef, Chain> CHAINS = new HashMap<>();

  private static final Map<LoaderId, WeakReference<ClassLoader>> LOADERS = new HashMap<>();

  /// A loader of the session: the first shipment of its process, and its number there.
  private record LoaderId(CellRef first, int number) {}

  private Arrivals() {}

  /// Notes a loader of this process, before anything of it is sent.
  static synchronized void depart(CellRef first, int number, ClassLoader loader) {
    LOADERS.put(new LoaderId(first, number), new WeakReference<>(loader));
  }

  /// Notes a shipment of this process. It is read only if its loader is gone and it comes back.
  static synchronized void departed(CellRef ref, CellRef first) {
    Chain chain = CHAINS.get(first);
    if (chain == null) {
      chain = new Chain(first);
      CHAINS.put(first, chain);
    }
    chain.addUnread(ref);
    CHAINS.put(ref, chain);
  }

  /// The loader that a prefix means.
  ///
  /// @throws IllegalStateException if there is no such shipment, with the reason
  static synchronized ClassLoader loader(ClassPrefix prefix) throws StreamCorruptedException {
    Chain chain = chain(prefix.shipment());
    LoaderId id = new LoaderId(chain.first(), prefix.loader());
    WeakReference<ClassLoader> known = LOADERS.get(id);
    ClassLoader loader = known == null ? null : known.get();
    if (loader == null) {
      chain.readAll(Session.ofJvm());
      loader = new TravelLoader(chain, prefix.loader());
      LOADERS.put(id, new WeakReference<>(loader));
    }
    return loader;
  }

  private static Chain chain(CellRef shipment) throws StreamCorruptedException {
    Chain known = CHAINS.get(shipment);
    if (known != null) {
      return known;
    }
    Session session = Session.ofJvm();
    Map<CellRef, ShipmentLayout.Shipment> read = new HashMap<>();
    CellRef at = shipment;
    while (known == null) {
      ShipmentLayout.Shipment last = ShipmentLayout.read(session, at);
      read.put(at, last);
      known = last.previous().equals(at) ? new Chain(last.first()) : CHAINS.get(last.previous());
      at = last.previous();
      if (known == null && read.containsKey(at)) {
        throw new StreamCorruptedException("shipments of classes in a circle: cell=" + at.cell());
      }
    }
    for (Map.Entry<CellRef, ShipmentLayout.Shipment> entry : read.entrySet()) {
      known.add(entry.getValue());
      CHAINS.put(entry.getKey(), known);
    }
    known.setNewest(shipment);
    return known;
  }
}
