package io.procession.process;

import io.procession.connection.Pipe;
import io.procession.internal.arena.CellKind;
import io.procession.internal.arena.Directory;
import io.procession.internal.arena.Session;
import io.procession.serial.ByteSink;
import io.procession.serial.ByteSource;
import io.procession.serial.Codec;
import io.procession.sync.SharedLock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/// What a training child does so that the archive has what children use: everything that is costly
/// when a JVM does it for the first time. Nothing of the user's runs.
final class TrainingTask {
  private static final String OURS = "io/procession/";
  private static final String CLASS = ".class";

  private TrainingTask() {}

  /// What a child loads of the JDK to find a class in a folder or a jar of its user's, where training
  /// has neither.
  private static final List<String> OF_USERS_PATHS =
      List.of(
          "java.io.FileInputStream$1",
          "java.util.ArrayList$SubList",
          "jdk.internal.loader.URLClassPath$FileLoader",
          "jdk.internal.loader.URLClassPath$FileLoader$1");

  static void run() throws IOException, ClassNotFoundException, InterruptedException {
    loadOwnClasses();
    for (String name : OF_USERS_PATHS) {
      load(name);
    }
    sendEverydayValues();
    sendException();
    useLock();
    useArena();
    sendThroughPipe();
  }

  private static void load(String name) {
    try {
      Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      // another JDK does it in another way
    }
  }

  private static void loadOwnClasses() throws IOException, ClassNotFoundException {
    Path jar = LaunchCommand.ownJar();
    if (jar == null) {
      return;
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      Enumeration<JarEntry> entries = file.entries();
      while (entries.hasMoreElements()) {
        String name = entries.nextElement().getName();
        if (name.startsWith(OURS) && name.endsWith(CLASS)) {
          String type = name.substring(0, name.length() - CLASS.length()).replace('/', '.');
          Class.forName(type, false, TrainingTask.class.getClassLoader());
        }
      }
    }
  }

  static void sendEverydayValues() throws IOException, ClassNotFoundException {
    List<Object> values = new ArrayList<>();
    values.add(1);
    values.add("text");
    values.add(new byte[8]);
    values.add(new int[8]);
    values.add(new HashMap<>(Map.of("key", 1.5)));
    values.add(new DeathCertificate(1, "name", 0, null, DeathCause.ENDED, "sentence", "", ""));
    send(values);
  }

  /// By the JDK's own serialization, which is the slowest thing to start of all that is done here.
  static void sendException() throws IOException, ClassNotFoundException {
    send(new IllegalStateException("sent by the JDK's own serialization"));
  }

  private static void send(Object value) throws IOException, ClassNotFoundException {
    ByteSink sink = new ByteSink();
    Codec.standard().encode(value, sink);
    Codec.standard().decode(new ByteSource(sink.toByteArray()));
  }

  static void useLock() throws InterruptedException {
    SharedLock lock = SharedLock.create();
    lock.lock();
    try {
      lock.isLocked();
    } finally {
      lock.unlock();
    }
    lock.destroy();
  }

  static void sendThroughPipe() throws IOException, InterruptedException {
    Pipe pipe = Pipe.duplex();
    pipe.second().send("warm");
    var _ = pipe.first().recv();
    pipe.first().close();
    pipe.second().close();
  }

  static void useArena() {
    Session session = Session.current();
    int cell = session.directory().allocate(CellKind.LOCK, "training");
    session.waiting().wake(Directory.body(cell), 1);
    session.units().allocate(cell, 1);
    session.directory().free(session.directory().ref(cell));
  }
}
