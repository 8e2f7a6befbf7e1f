package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ClassFileCounterTest {
  private static final MethodTypeDesc VOID = MethodTypeDesc.of(ConstantDescs.CD_void);
  private static final MethodTypeDesc INT = MethodTypeDesc.of(ConstantDescs.CD_int);

  @Test
  void countsMethodsInstructionsAndCalls() {
    Tally tally =
        count(code -> {
          for (int i = 0; i < 2; i++) {
            code.aconst_null().invokevirtual(ConstantDescs.CD_String, "length", INT).pop();
          }
          code.return_();
        });

    assertThat(tally.modules()).isEqualTo(Map.of("some.module", new ModuleTally(1, 2, 7, 0)));
    assertThat(tally.calls()).isEqualTo(Map.of("java/lang/String.length()I", 2L));
    assertThat(tally.largest()).isEqualTo(new SizedMethod("example/C.m()V", 7));
  }

  @Test
  void countsWhatTheVerifierFinds() {
    Tally tally = count(code -> code.iconst_0().areturn());

    assertThat(tally.total().findings()).isEqualTo(1);
    assertThat(tally.total().instructions()).isEqualTo(2);
  }

  @Test
  void verifiesAgainstModulesThatThisJvmHasNotLoaded() throws Exception {
    assertThat(ModuleLayer.boot().findModule("jdk.hotspot.agent")).isEmpty();
    TallyBuilder tally = new TallyBuilder();
    new ClassFileCounter()
        .count(
            "jdk.hotspot.agent",
            JdkImage.read("/modules/jdk.hotspot.agent/sun/jvm/hotspot/HSDB.class"),
            tally);

    assertThat(tally.build().total().findings()).isZero();
  }

  @Test
  void refusesWhatIsNoClassFile() {
    ClassFileCounter counter = new ClassFileCounter();
    TallyBuilder tally = new TallyBuilder();

    assertThatThrownBy(() -> counter.count("some.module", new byte[] {1, 2, 3}, tally))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// Counts a class with an abstract method and one with this code.
  private static Tally count(Consumer<CodeBuilder> code) {
    byte[] bytes =
        ClassFile.of()
            .build(
                ClassDesc.of("example.C"),
                type ->
                    type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT)
                        .withMethod(
                            "none",
                            VOID,
                            ClassFile.ACC_PUBLIC | ClassFile.ACC_ABSTRACT,
                            method -> {})
                        .withMethodBody("m", VOID, ClassFile.ACC_STATIC, code));
    TallyBuilder tally = new TallyBuilder();
    new ClassFileCounter().count("some.module", bytes, tally);
    return tally.build();
  }
}
