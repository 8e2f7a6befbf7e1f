package io.procession.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Results that this process cannot read are outcomes, too: none is left out.
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class UnreadableResultsIT {
  private static final int UNREADABLE = 5;
  private static final int CHUNK = 4;

  /// A number, once it is read; one of them cannot be.
  private static final class Holder implements Serializable {
    private static final long serialVersionUID = 1L;
    private final int number;

    Holder(int number) {
      this.number = number;
    }

    private Object readResolve() {
      if (number == UNREADABLE) {
        throw new AssertionError("it was never to be read");
      }
      return number;
    }
  }

  @Test
  void errorOfOneIsTheOutcomeOfThoseThatCameWithIt() {
    List<Object> outcomes = new ArrayList<>();
    try (ProcessPool pool = ProcessPool.open(1);
        ResultIterator<Serializable> results =
            pool.imap(
                UnreadableResultsIT::holderOf, IntStream.range(0, 12).boxed().toList(), CHUNK)) {
      while (results.hasNext()) {
        try {
          outcomes.add(results.next());
        } catch (TaskException e) {
          assertThat(e).hasCauseInstanceOf(AssertionError.class);
          outcomes.add("failed");
        }
      }
    }
    assertThat(outcomes)
        .hasSize(12)
        .startsWith(0, 1, 2, 3)
        .contains("failed")
        .endsWith(8, 9, 10, 11);
  }

  private static Serializable holderOf(int number) {
    return new Holder(number);
  }
}
