package elysia.core.change;

import java.util.Arrays;

/// Bytes that nobody changes any more.
public final class Bytes {
  private final byte[] value;

  private Bytes(byte[] value) {
    this.value = value;
  }

  /// These bytes themselves, not a copy: the caller gives them away.
  public static Bytes of(byte... value) {
    return new Bytes(value);
  }

  public int size() {
    return value.length;
  }

  /// The bytes themselves, not a copy; not to be written to.
  public byte[] array() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes that && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return value.length + " bytes";
  }
}
