/// For tests of programs of many processes.
module io.procession.junit {
  requires java.management;
  requires static org.junit.jupiter.api; // crash points need none
  requires static org.jspecify;

  exports io.procession.junit;

  provides org.junit.jupiter.api.extension.Extension with
      io.procession.junit.LeakCheck,
      io.procession.junit.HangWatch;
}
