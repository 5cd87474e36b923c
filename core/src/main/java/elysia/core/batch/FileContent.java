package elysia.core.batch;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;

/// A file's bytes on their way to a worker. Compared by value.
public final class FileContent {
  private final byte[] bytes;

  private FileContent(byte[] bytes) {
    this.bytes = bytes;
  }

  /// Takes the array over: the caller must not change it afterwards.
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static FileContent of(byte[] bytes) {
    return new FileContent(bytes);
  }

  /// The bytes themselves, not a copy: not to be changed.
  @JsonValue
  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FileContent c && Arrays.equals(bytes, c.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return "FileContent[" + bytes.length + "]";
  }
}
