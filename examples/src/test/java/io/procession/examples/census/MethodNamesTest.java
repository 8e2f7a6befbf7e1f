package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MethodNamesTest {
  @Test
  void areShortToRead() {
    String full =
        MethodNames.full("java/util/Map", "put", "(Ljava/lang/Object;[I)Ljava/lang/Object;");

    assertThat(full).isEqualTo("java/util/Map.put(Ljava/lang/Object;[I)Ljava/lang/Object;");
    assertThat(MethodNames.readable(full)).isEqualTo("java.util.Map.put(Object,int[])");
  }

  @Test
  void keepConstructorsAndArrays() {
    assertThat(MethodNames.readable("java/lang/Object.<init>()V"))
        .isEqualTo("java.lang.Object.<init>()");
    assertThat(MethodNames.readable("[I.clone()Ljava/lang/Object;")).isEqualTo("[I.clone()");
  }
}
