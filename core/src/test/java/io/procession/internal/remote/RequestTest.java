package io.procession.internal.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.procession.serial.ByteSink;
import io.procession.serial.Codec;
import io.procession.serial.NotSendableException;
import java.net.Socket;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestTest {
  private static String refusal(Object second) {
    var request = new Request("map-1", "put", new @Nullable Object[] {"a", second}, 1);
    NotSendableException refusal =
        catchThrowableOfType(
            NotSendableException.class,
            () -> Codec.standard().encode(request.message(), new ByteSink()));
    NotSendableException explained = request.explained(refusal);
    assertThat(explained).hasCause(refusal.getCause());
    return String.valueOf(explained.getMessage());
  }

  @Test
  void callerReadsWhichArgumentOfWhichMethodCannotBeSent() {
    String what = "argument 2 (java.net.Socket) of put; open it where it is used";
    assertThat(refusal(new Socket())).isEqualTo("not serializable: " + what);
    assertThat(refusal(List.of(new Socket())))
        .startsWith("not serializable: element 0 (java.net.Socket) of java.util.ImmutableColl")
        .endsWith(
            ", argument 2 (java.util.ImmutableCollections$List12) of put; open it where it is"
                + " used");
  }

  @Test
  void refusalThatNamesNoArgumentIsLeft() {
    var request = new Request(null, "put", new @Nullable Object[0], 1);
    var refusal = new NotSendableException("value too large for one message");
    assertThat(request.explained(refusal)).isSameAs(refusal);
  }
}
