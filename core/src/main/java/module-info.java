/// Process-based parallelism for Java.
module io.procession {
  requires java.management;
  requires static jdk.jfr; // where it is, pools have events for it
  requires static java.logging; // where it is, a child's records are taken from it
  requires static org.jspecify; // annotations: who compiles against us needs them no more than we

  // do

  exports io.procession;
  exports io.procession.connection;
  exports io.procession.context;
  exports io.procession.internal.relay to
      java.logging; // it makes a handler and a configuration of ours
  exports io.procession.logging;
  exports io.procession.manager;
  exports io.procession.pool;
  exports io.procession.process;
  exports io.procession.queue;
  exports io.procession.serial;
  exports io.procession.shared;
  exports io.procession.sync;

  uses io.procession.logging.LogTarget;
}
