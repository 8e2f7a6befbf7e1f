package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;

class ConnectionOptionsTest {
  private static final ConnectionOptions DEFAULTS = ConnectionOptions.defaults();
  private static final AuthKey KEY = AuthKey.of("key");

  @Test
  void whatWasSetCanBeTakenBack() throws Exception {
    TlsOptions tls = TlsOptions.of(SSLContext.getDefault()).withClientCertificate(true);
    assertThat(tls.needsClientCertificate()).isTrue();
    ConnectionOptions options =
        DEFAULTS
            .withAuthKey(KEY)
            .withTls(tls)
            .withObjectsFromAnyone(true)
            .withMd5(false)
            .withMaxMessageBytes(10);
    assertThat(options.authKey()).isEqualTo(KEY);
    assertThat(options.tls()).isEqualTo(tls);
    assertThat(options.receivesObjectsFromAnyone()).isTrue();
    assertThat(options.acceptsMd5()).isFalse();
    assertThat(options.maxMessageBytes()).isEqualTo(10);
    assertThat(
            options
                .withAuthKey(null)
                .withTls((TlsOptions) null)
                .withObjectsFromAnyone(false)
                .withMd5(true)
                .withMaxMessageBytes(ConnectionOptions.MAX_MESSAGE_BYTES))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void limitsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withHandshakeLimit(Duration.ZERO))
        .withMessage("handshakeLimit must be positive: handshakeLimit=PT0S; 10 s are the default");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DEFAULTS.withMaxMessageBytes(Integer.MAX_VALUE))
        .withMessageContaining("maxMessageBytes must be from 1 to ");
  }
}
