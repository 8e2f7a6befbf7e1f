package io.procession.internal.arena;

/// A black box: 4 KiB for each row of the participant table, with the last that its process wrote to its
/// standard error. It stays when the process dies.
///
/// ```
/// 0    tenant   int   whose words these are; another participant's: the row's present one has said nothing
/// 8    written  long  bytes that it has ever written
/// 16   bytes          4080 of them, a ring: the next goes to 16 + written % 4080
/// ```
///
/// Only the tenant writes, first the bytes, then how many they are; others read when it is dead. One
/// that dies in between leaves new bytes where the oldest were; nothing but messages depends on it. So it
/// is, too, if one that was taken for dead writes into a box that has a new tenant.
final class BlackBoxLayout {
  static final int BOX_BYTES = 4096;
  static final int TENANT_AT = 0;
  static final int WRITTEN_AT = 8;
  static final int BYTES_AT = 16;
  static final int CAPACITY = BOX_BYTES - BYTES_AT;

  private BlackBoxLayout() {}

  /// The offset of a participant's box.
  static long at(int participant) {
    return HeaderLayout.BLACK_BOXES_AT + (long) ParticipantLayout.row(participant) * BOX_BYTES;
  }
}
