package elysia.worker.weaviate;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// A protobuf message that is being written. One thread.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>; those of a `Struct` stand in
/// Google's `struct.proto`.
final class MessageDraft {
  private static final int STRUCT_FIELDS = 1;
  private static final int ENTRY_KEY = 1;
  private static final int ENTRY_VALUE = 2;
  private static final int VALUE_NUMBER = 2;
  private static final int VALUE_TEXT = 3;

  private final ByteArrayOutputStream bytes;
  private final CodedOutputStream out;

  /// @param size about how long it will be
  MessageDraft(int size) {
    bytes = new ByteArrayOutputStream(size);
    out = CodedOutputStream.newInstance(bytes, Math.clamp(size, 64, 4_096));
  }

  /// How a field begins on the wire.
  static int tag(int field, int wireType) {
    return field << 3 | wireType;
  }

  /// Texts, bytes and messages look alike.
  MessageDraft put(int field, byte[] value) throws IOException {
    out.writeByteArray(field, value);
    return this;
  }

  /// @throws CharacterCodingException when it is not valid Unicode
  MessageDraft put(int field, String text) throws IOException {
    return put(field, utf8(text));
  }

  MessageDraft put(int field, long number) throws IOException {
    out.writeInt64(field, number);
    return this;
  }

  MessageDraft put(int field, boolean value) throws IOException {
    out.writeBool(field, value);
    return this;
  }

  byte[] end() throws IOException {
    out.flush();
    return bytes.toByteArray();
  }

  /// An entry of a `Struct`.
  MessageDraft property(String name, String text) throws IOException {
    byte[] value = utf8(text);
    entry(name, CodedOutputStream.computeByteArraySize(VALUE_TEXT, value));
    return put(VALUE_TEXT, value);
  }

  /// An entry of a `Struct`.
  MessageDraft property(String name, long number) throws IOException {
    entry(name, CodedOutputStream.computeDoubleSize(VALUE_NUMBER, number));
    out.writeDouble(VALUE_NUMBER, number);
    return this;
  }

  private void entry(String name, int valueSize) throws IOException {
    out.writeTag(STRUCT_FIELDS, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(CodedOutputStream.computeStringSize(ENTRY_KEY, name)
        + CodedOutputStream.computeTagSize(ENTRY_VALUE)
        + CodedOutputStream.computeUInt32SizeNoTag(valueSize) + valueSize);
    out.writeString(ENTRY_KEY, name);
    out.writeTag(ENTRY_VALUE, WireFormat.WIRETYPE_LENGTH_DELIMITED);
    out.writeUInt32NoTag(valueSize);
  }

  private static byte[] utf8(String text) throws CharacterCodingException {
    ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
    byte[] bytes = new byte[encoded.remaining()];
    encoded.get(bytes);
    return bytes;
  }
}
