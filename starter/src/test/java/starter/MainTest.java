package starter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.procession.Procession;
import java.util.List;
import org.junit.jupiter.api.Test;

class MainTest {
  @Test
  void countsInOtherProcesses() {
    try (var pool = Procession.pool(2)) {
      assertEquals(List.of(4, 25), pool.map(Main::primesBelow, List.of(10, 100)));
    }
  }
}
