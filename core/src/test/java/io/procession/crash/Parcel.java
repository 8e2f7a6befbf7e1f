package io.procession.crash;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/// A message that shows who sent it, in which place, and that it is whole.
///
/// @param sender its sender's number
/// @param number its place among the sender's messages, from 0
public record Parcel(int sender, int number) {
  private static final int HEADER = 16;

  public byte[] toBytes() {
    byte[] bytes = new byte[HEADER + payload()];
    for (int i = HEADER; i < bytes.length; i++) {
      bytes[i] = (byte) (i * 31 + number);
    }
    ByteBuffer header = ByteBuffer.wrap(bytes);
    header.putInt(sender).putInt(number).putLong(checksum(bytes));
    return bytes;
  }

  /// Most are small, some take a good part of a segment, some are larger than one.
  private int payload() {
    if (number % 64 == 63) {
      return 66_000 + number % 1_000;
    }
    return number % 8 == 7 ? 9_000 : Math.floorMod(number * 7919, 700);
  }

  public static Parcel of(byte[] bytes) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    Parcel parcel = new Parcel(header.getInt(), header.getInt());
    if (header.getLong() != checksum(bytes) || bytes.length != HEADER + parcel.payload()) {
      throw new AssertionError("torn message: " + parcel + ", length=" + bytes.length);
    }
    return parcel;
  }

  /// The same as text of one byte a character.
  String toText() {
    return new String(toBytes(), StandardCharsets.ISO_8859_1);
  }

  static Parcel of(String text) {
    return of(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static long checksum(byte[] bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, 8);
    checksum.update(bytes, HEADER, bytes.length - HEADER);
    return checksum.getValue();
  }
}
