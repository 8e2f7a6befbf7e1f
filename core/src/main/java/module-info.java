/// Process-based parallelism for Java.
module io.procession {
  requires java.management;
  requires static org.jspecify; // annotations: who compiles against us needs them no more than we

  // do

  exports io.procession;
  exports io.procession.connection;
  exports io.procession.context;
  exports io.procession.pool;
  exports io.procession.process;
  exports io.procession.queue;
  exports io.procession.serial;
  exports io.procession.shared;
  exports io.procession.sync;
}
