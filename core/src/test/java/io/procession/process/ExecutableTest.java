package io.procession.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What of a command line is the program, and what its arguments.
class ExecutableTest {
  @Test
  void argumentsAreTakenFromTheEnd() {
    assertThat(program(List.of("app", "-x", "a", "a b"), "a", "a b")).containsExactly("app", "-x");
  }

  @Test
  void emptyOnesAsWell() {
    assertThat(program(List.of("app", "", "a", ""), "", "a", "")).containsExactly("app");
  }

  @Test
  void wordsThatALauncherKeepsToItselfStay() {
    assertThat(program(List.of("app", "-x", "a"), "added", "a")).containsExactly("app", "-x");
  }

  @Test
  void thoseThatWereDecodedInAnotherWayAreTaken() {
    assertThat(program(List.of("app", "a", "\u00e9t\u00e9"), "a", "??t??")).containsExactly("app");
  }

  private static List<String> program(List<String> words, String... args) {
    return Executable.withoutArguments(words, args);
  }
}
