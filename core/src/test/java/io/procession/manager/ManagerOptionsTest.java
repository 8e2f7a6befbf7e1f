package io.procession.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.procession.connection.Address;
import io.procession.connection.AuthKey;
import io.procession.process.LaunchOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ManagerOptionsTest {
  private static final ManagerOptions DEFAULTS = ManagerOptions.defaults();
  private static final AuthKey KEY = AuthKey.of("key");

  @Test
  void eachWithChangesOneThing() {
    var options =
        DEFAULTS
            .withAddress(Address.tcp("localhost", 1))
            .withAuthKey(KEY)
            .withAllowed(Thread.class)
            .withAllowed(String.class)
            .withMaxMessageBytes(10)
            .withKeepAlive(Duration.ofSeconds(1))
            .withShutdownLimit(Duration.ofSeconds(2))
            .withLaunch(LaunchOptions.defaults().withNiceness(1));
    assertThat(options.address()).isEqualTo(Address.tcp("localhost", 1));
    assertThat(options.authKey()).isEqualTo(KEY);
    assertThat(options.allowed()).containsExactlyInAnyOrder("java.lang.Thread", "java.lang.String");
    assertThat(options.maxMessageBytes()).isEqualTo(10);
    assertThat(options.keepAlive()).isEqualTo(Duration.ofSeconds(1));
    assertThat(options.shutdownLimit()).isEqualTo(Duration.ofSeconds(2));
    assertThat(options.launch().niceness()).isEqualTo(1);
    assertThat(options.withAddress(null).withAuthKey(null).withTls(null).withCodec(null))
        .isEqualTo(
            DEFAULTS
                .withAllowed(Thread.class, String.class)
                .withMaxMessageBytes(10)
                .withKeepAlive(Duration.ofSeconds(1))
                .withShutdownLimit(Duration.ofSeconds(2))
                .withLaunch(LaunchOptions.defaults().withNiceness(1)));
  }

  @Test
  void silenceIsFifteenSecondsUnlessSomebodySaysOtherwise() {
    assertThat(DEFAULTS.keepAlive()).isEqualTo(Duration.ofSeconds(15));
  }

  @Test
  void whatCannotBeIsRefusedByItsName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withMaxMessageBytes(Integer.MAX_VALUE))
        .withMessage(
            "maxMessageBytes must be from 1 to 2147483639: maxMessageBytes=" + Integer.MAX_VALUE);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withMaxMessageBytes(0))
        .withMessageEndingWith("maxMessageBytes=0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withKeepAlive(Duration.ZERO))
        .withMessage("keepAlive must be positive: keepAlive=PT0S; 15 s are the default");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withShutdownLimit(Duration.ofSeconds(-1)))
        .withMessage("shutdownLimit must be positive: shutdownLimit=PT-1S; 5 s are the default");
  }
}
