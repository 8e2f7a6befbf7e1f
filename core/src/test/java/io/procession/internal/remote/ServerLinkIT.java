package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.Procession;
import io.procession.manager.SyncManager;
import io.procession.pool.ProcessPool;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A process that is sent objects of many managers, one after the other, keeps connections to those that
/// are there.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public class ServerLinkIT {
  @Test
  void serversThatHaveEndedAreLetGo() throws Exception {
    try (ProcessPool pool = Procession.pool(1)) {
      for (int i = 0; i < 3; i++) {
        try (SyncManager manager = Procession.manager()) {
          List<Integer> list = manager.list(List.of(i));
          int links = pool.apply(() -> linksOfWhoHas(list));
          assertThat(links).isEqualTo(1);
        }
      }
    }
  }

  public static int linksOfWhoHas(List<Integer> list) {
    assertThat(list).hasSize(1);
    return ServerLink.links().size();
  }
}
