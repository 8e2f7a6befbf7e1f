package io.procession.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The forms of addresses.
class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "localhost:80,localhost,80",
    "127.0.0.1:0,127.0.0.1,0",
    "[::1]:65535,::1,65535",
    "[fe80::1%lo]:1,fe80::1%lo,1"
  })
  void portsOfHosts(String text, String host, int port) {
    assertThat(Address.of(text)).isEqualTo(Address.tcp(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @CsvSource({"/a/b,/a/b", "./b,./b", "a/b:1,a/b:1", "unix:b,b", "unix:/a/b,/a/b"})
  void paths(String text, String path) {
    assertThat(Address.of(text)).isEqualTo(Address.unix(Path.of(path))).isEqualTo(again(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"\0name", "unix:@name"})
  void namesWithoutAFile(String text) {
    assertThat(Address.of(text)).isEqualTo(new Address.Unix("\0name")).hasToString("unix:@name");
  }

  private static Address again(String text) {
    return Address.of(Address.of(text).toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "localhost", ":80", "::1:80", "host:", "host:x", "[]:1", "unixb"})
  void otherFormsAreRefused(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.of(text))
        .withMessageContaining("host");
  }

  @Test
  void valuesOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.of("host:65536"))
        .withMessage("port must be from 0 to 65535: port=65536");
    assertThatIllegalArgumentException().isThrownBy(() -> Address.tcp("host", -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Address.Unix(""));
    assertThatIllegalArgumentException().isThrownBy(() -> new Address.Unix("\0"));
    assertThatIllegalArgumentException().isThrownBy(() -> new Address.Unix("a\0b"));
  }

  @Test
  void pathsThatTheSystemCannotTakeAreRefusedWithItsLimit() {
    assertThat(new Address.Unix("a".repeat(107)).path()).hasSize(107);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.of("/" + "a".repeat(107)))
        .withMessageStartingWith(
            "the path of a Unix domain socket has at most 107 bytes: bytes=108");
    assertThatIllegalArgumentException().isThrownBy(() -> Address.of("/" + "\u00e4".repeat(54)));
  }

  @Test
  void whatIsNearlyAnAddressIsToldWhatToWrite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.of("tcp://host:1"))
        .withMessageStartingWith("an address is no URL: address=tcp://host:1; write host:port");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.of("@name"))
        .withMessageEndingWith("write unix:@name");
    assertThat(Address.of("unix:///tmp/x")).isEqualTo(new Address.Unix("///tmp/x"));
  }

  @Test
  void pipesOfWindowsAreRecognisedAndRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Address.of("\\\\.\\pipe\\name"))
        .withMessageStartingWith("named pipes of Windows cannot be used here");
  }
}
