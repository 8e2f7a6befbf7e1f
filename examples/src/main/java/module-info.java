/// Programs that use Procession as its users do: through what it exports.
module io.procession.examples {
  requires io.procession;
  requires io.procession.junit;
  requires java.logging;
  requires info.picocli;
  requires me.tongfei.progressbar;
  requires static org.jspecify;

  opens io.procession.examples.guide to
      io.procession; // for its records, in shared structs
}
