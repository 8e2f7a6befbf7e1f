package io.procession.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.procession.connection.Connection;
import io.procession.connection.Pipe;
import io.procession.crash.Base;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A pipe of which a message had the last end goes with the message, whatever becomes of that.
@Tag("platforms")
class PipesInQueuesTest {
  static Stream<Named<Consumer<SharedQueue<Connection>>>> waysOfDiscarding() {
    return Stream.of(
        Named.of("clear", SharedQueue::clear),
        Named.of(
            "remove",
            queue ->
                queue.removeIf(end -> {
                  end.close(); // to look at it was to receive it
                  return true;
                })),
        Named.of("shut down", queue -> queue.shutdown(true)),
        Named.of("close", SharedQueue::close),
        Named.of("destroy", SharedQueue::destroy));
  }

  @ParameterizedTest
  @MethodSource("waysOfDiscarding")
  void goesWithItsMessage(Consumer<SharedQueue<Connection>> way) throws Exception {
    Base base = Base.now();
    SharedQueue<Connection> queue = SharedQueue.create();
    try (Pipe pipe = Pipe.duplex()) {
      queue.put(pipe.first());
    }
    assertThat(Base.now().cells()).isEqualTo(base.cells() + 3);
    way.accept(queue);
    queue.destroy();
    base.awaitAgain();
  }
}
