package io.procession.internal.travel;

import io.procession.internal.arena.CellRef;
import io.procession.internal.arena.Session;
import java.io.StreamCorruptedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// All that one process has sent of its classes, as far as it is known here.
final class Chain {
  private final CellRef first;
  private volatile CellRef newest;
  private final List<CellRef> unread = new ArrayList<>(); // guarded by Arrivals
  private final Map<Question, ShipmentLayout.Entry> answers = new ConcurrentHashMap<>();

  private record Question(int loader, String name) {}

  Chain(CellRef first) {
    this.first = first;
    this.newest = first;
  }

  CellRef first() {
    return first;
  }

  /// The last shipment that is known here: who is told of it knows all before.
  CellRef newest() {
    return newest;
  }

  void setNewest(CellRef shipment) {
    newest = shipment;
  }

  void addUnread(CellRef shipment) {
    unread.add(shipment);
    newest = shipment;
  }

  void readAll(Session session) throws StreamCorruptedException {
    for (CellRef shipment : unread) {
      add(ShipmentLayout.read(session, shipment));
    }
    unread.clear();
  }

  void add(ShipmentLayout.Shipment shipment) {
    for (ShipmentLayout.Entry entry : shipment.entries()) {
      answers.put(new Question(entry.loader(), entry.name()), entry);
    }
  }

  /// What a loader answers; null if nothing was said about the name.
  ShipmentLayout.@Nullable Entry answer(int loader, String name) {
    return answers.get(new Question(loader, name));
  }
}
