package io.procession.internal.travel;

import io.procession.internal.arena.CellRef;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// What stands before the name of a class that travels, wherever the codec writes one: `;` the
/// shipment that has the class, `.` the number of its loader, `;`. All numbers are hexadecimal. No
/// name of a class begins like that.
///
/// @param shipment where the bytes are
/// @param loader the number of the class's loader among those of the process that shipped it
record ClassPrefix(CellRef shipment, int loader) {
  private static final char MARK = ';';

  /// Splits what [#parse] has not looked at: the name behind the prefix.
  static String nameIn(String prefixed) {
    return prefixed.substring(prefixed.indexOf(MARK, 1) + 1);
  }

  /// The prefix that a name begins with; null if it is damaged.
  static @Nullable ClassPrefix parse(String prefixed) {
    int end = prefixed.indexOf(MARK, 1);
    String[] parts = end < 0 ? new String[0] : prefixed.substring(1, end).split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    try {
      CellRef shipment =
          new CellRef(
              HexFormat.fromHexDigitsToLong(parts[0]),
              HexFormat.fromHexDigits(parts[1]),
              HexFormat.fromHexDigits(parts[2]));
      return new ClassPrefix(shipment, HexFormat.fromHexDigits(parts[3]));
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /// As it is written.
  String text() {
    return MARK
        + Long.toHexString(shipment.session())
        + '.'
        + Integer.toHexString(shipment.cell())
        + '.'
        + Integer.toHexString(shipment.generation())
        + '.'
        + Integer.toHexString(loader)
        + MARK;
  }
}
