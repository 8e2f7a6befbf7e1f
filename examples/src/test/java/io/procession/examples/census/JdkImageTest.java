package io.procession.examples.census;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.classfile.ClassFile;
import java.lang.classfile.Instruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class JdkImageTest {
  private static final String MODULE = "java.logging";

  @Test
  void knowsAllModulesOfTheJdk() throws Exception {
    assertThat(JdkImage.modules())
        .isSorted()
        .containsExactlyInAnyOrderElementsOf(
            ModuleFinder.ofSystem().findAll().stream()
                .map(module -> module.descriptor().name())
                .toList());
  }

  @Test
  void opensAClassOfAnyModule() throws Exception {
    try (var object = JdkImage.open(ConstantDescs.CD_Object);
        var agent = JdkImage.open(ClassDesc.of("sun.jvm.hotspot.HSDB"))) {
      assertThat(object).isNotNull();
      assertThat(agent).isNotNull();
    }
  }

  @Test
  void hasNoClassFileOfArraysAndStrangers() {
    assertThat(JdkImage.open(ConstantDescs.CD_Object.arrayType())).isNull();
    assertThat(JdkImage.open(ClassDesc.of("java.lang.NoSuchClass"))).isNull();
    assertThat(JdkImage.open(ClassDesc.of("no.such.Type"))).isNull();
  }

  @Test
  void aCensusOfAModuleIsADirectCountOfWhatItsReaderHas() throws Exception {
    ModuleTally direct = directCount();
    List<String> paths = JdkImage.classFiles(List.of(MODULE));

    for (int workers : new int[] {1, 7}) {
      TallyBuilder sum = new TallyBuilder();
      for (Batch batch : Batch.split(paths, workers)) {
        sum.add(batch.count().tally());
      }
      assertThat(sum.build().modules()).containsOnlyKeys(MODULE).containsValue(direct);
    }
  }

  private static ModuleTally directCount() throws Exception {
    long classes = 0;
    long methods = 0;
    long instructions = 0;
    long findings = 0;
    try (ModuleReader reader = ModuleFinder.ofSystem().find(MODULE).orElseThrow().open()) {
      for (String name : reader.list().filter(entry -> entry.endsWith(".class")).toList()) {
        ByteBuffer buffer = reader.read(name).orElseThrow();
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        reader.release(buffer);
        var model = ClassFile.of().parse(bytes);
        classes++;
        methods += model.methods().size();
        instructions +=
            model.methods().stream()
                .flatMap(method -> method.code().stream())
                .flatMap(code -> code.elementList().stream())
                .filter(Instruction.class::isInstance)
                .count();
        findings += ClassFile.of().verify(bytes).size();
      }
    }
    return new ModuleTally(classes, methods, instructions, findings);
  }
}
