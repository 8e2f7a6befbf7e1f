package io.procession.examples.guide;

import io.procession.Procession;
import io.procession.shared.ShareableList;
import java.util.List;

/// Lists of mixed types.
public final class Lists {
  private Lists() {}

  public static void main(String[] args) throws Exception {
    Part.of("list", Lists::list);
    Part.of("room", Lists::room);
  }

  private static void list() throws InterruptedException {
    // [list]
    try (var list = Procession.shareableList("howdy", 42, 2.5, true, null)) {
      var child =
          Procession.start(() -> {
            list.set(0, "hello");
            list.set(4, "it fits");
          });
      child.join();
      System.out.println(list + " " + list.indexOf(42));
      list.unlink();
    }
    // [end]
  }

  private static void room() {
    // [room]
    try (var list = ShareableList.create(List.of("abc", 1))) {
      list.set(0, "eight by"); // 8 bytes, the room of the first element
      try {
        list.set(0, "more than eight");
      } catch (IllegalArgumentException e) {
        System.out.println(e.getMessage());
      }
      System.out.println(list + " " + list.format());
    }
    // [end]
  }
}
