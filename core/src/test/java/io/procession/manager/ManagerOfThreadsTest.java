package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.procession.Procession;
import io.procession.connection.Address;
import io.procession.context.Context;
import io.procession.process.JvmProcess;
import io.procession.process.ProcessException;
import io.procession.sync.SharedEvent;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A manager whose server is a thread, and whose callers are.
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManagerOfThreadsTest {
  @Test
  void objectsAreCalledFromProcessesThatAreThreads() throws Exception {
    Context context = Procession.dummy();
    try (SyncManager manager = context.manager();
        SharedEvent owns = SharedEvent.create()) {
      List<String> list = manager.list(List.of("first"));
      Map<String, Integer> map = manager.map();
      Lock lock = manager.lock();
      JvmProcess caller =
          context.start(
              "caller",
              () -> {
                list.add(JvmProcess.currentProcess().name());
                map.put("answer", 42);
                lock.lock();
                owns.set();
              });
      owns.await();
      caller.join();
      assertThat(caller.exitCode()).hasValue(0);
      assertThat(list).containsExactly("first", "caller");
      assertThat(map).containsEntry("answer", 42);
      assertThat(lock.tryLock(60, TimeUnit.SECONDS)).as("free when its owner has ended").isTrue();
      lock.unlock();
    }
  }

  @Test
  void listensAtAnAddressToo() throws Exception {
    var options =
        ManagerOptions.defaults()
            .withAddress(Address.tcp(InetAddress.getLoopbackAddress().getHostAddress(), 0))
            .withAuthKey(io.procession.connection.AuthKey.random());
    try (SyncManager manager = Procession.dummy().manager(options)) {
      List<Integer> list = manager.list(List.of(1));
      var same = new SyncManager(options.withAddress(manager.address().orElseThrow()));
      same.connect();
      list.add(2);
      assertThat(same.numberOfObjects()).isOne();
      same.close();
    }
  }

  @Test
  void endOfTheServerIsTold() throws Exception {
    try (SyncManager manager = Procession.dummy().manager()) {
      List<Integer> list = manager.list(List.of(1));
      JvmProcess server = manager.process().orElseThrow();
      server.terminate();
      server.join();
      assertThatThrownBy(list::size).isInstanceOf(ProcessException.class);
    }
  }
}
