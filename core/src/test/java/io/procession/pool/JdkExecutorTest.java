package io.procession.pool;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// The contract that the view of a pool is held to is the JDK's.
class JdkExecutorTest extends ExecutorServiceContract {
  @Override
  ExecutorService open() {
    return Executors.newFixedThreadPool(1, Thread.ofPlatform().name("jdk-worker").factory());
  }
}
