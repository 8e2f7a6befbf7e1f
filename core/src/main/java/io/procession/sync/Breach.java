package io.procession.sync;

/// Why a barrier broke.
enum Breach {
  /// It is not known any more, since something else has happened at the barrier meanwhile.
  FORGOTTEN(0, "why is not known any more"),
  PARTY_DIED(1, "a party died"),
  TIMED_OUT(2, "the time limit of a party passed"),
  INTERRUPTED(3, "a waiting thread was interrupted"),
  ABORTED(4, "it was aborted"),
  ACTION_FAILED(5, "its action failed"),
  RESET(6, "it was reset while parties waited");

  private final int code;
  private final String sentence;

  Breach(int code, String sentence) {
    this.code = code;
    this.sentence = sentence;
  }

  /// Its number in the barrier's words.
  int code() {
    return code;
  }

  static Breach of(int code) {
    for (Breach breach : values()) {
      if (breach.code == code) {
        return breach;
      }
    }
    return FORGOTTEN;
  }

  /// For messages.
  String sentence() {
    return sentence;
  }
}
