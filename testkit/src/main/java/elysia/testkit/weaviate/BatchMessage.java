package elysia.testkit.weaviate;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A batch of objects as gRPC brings it, made the JSON that REST brings.
final class BatchMessage {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private BatchMessage() {}

  /// Takes one field, whose number is told, or skips it.
  @FunctionalInterface
  interface Field {
    boolean take(int number, CodedInputStream in) throws IOException;
  }

  static void fields(byte[] message, Field field) throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag())
      if (!field.take(WireFormat.getTagFieldNumber(tag), in))
        throw new IOException("field " + tag + " is not known here");
  }

  static ObjectNode objects(byte[] request) throws IOException {
    ObjectNode batch = JSON.objectNode();
    ArrayNode objects = batch.putArray("objects");
    fields(request, (number, in) -> {
      if (number != 1)
        return false;
      objects.add(object(in.readByteArray()));
      return true;
    });
    return batch;
  }

  private static ObjectNode object(byte[] message) throws IOException {
    ObjectNode object = JSON.objectNode();
    ObjectNode properties = object.putObject("properties");
    fields(message, (number, in) -> {
      switch (number) {
        case 1 -> object.put("id", in.readStringRequireUtf8());
        case 3 -> properties(in.readByteArray(), properties);
        case 4 -> object.put("class", in.readStringRequireUtf8());
        case 6 -> {
          ArrayNode vector = object.putArray("vector");
          ByteBuffer floats = ByteBuffer.wrap(in.readByteArray()).order(ByteOrder.LITTLE_ENDIAN);
          while (floats.hasRemaining())
            vector.add(floats.getFloat());
        }
        default -> {
          return false;
        }
      }
      return true;
    });
    return object;
  }

  private static void properties(byte[] message, ObjectNode into) throws IOException {
    fields(message, (number, in) -> {
      switch (number) {
        case 1 -> struct(in.readByteArray(), into);
        case 6 -> texts(in.readByteArray(), into);
        default -> {
          return false;
        }
      }
      return true;
    });
  }

  private static void struct(byte[] message, ObjectNode into) throws IOException {
    fields(message, (number, in) -> {
      if (number != 1)
        return false;
      String[] key = new String[1];
      fields(in.readByteArray(), (part, entry) -> {
        if (part == 1)
          key[0] = entry.readStringRequireUtf8();
        else if (part == 2)
          value(entry.readByteArray(), key[0], into);
        return part <= 2;
      });
      return true;
    });
  }

  /// The server makes integers of the numbers of integer properties.
  private static void value(byte[] message, String key, ObjectNode into) throws IOException {
    fields(message, (number, in) -> {
      switch (number) {
        case 2 -> {
          double value = in.readDouble();
          if (value == Math.rint(value))
            into.put(key, (long) value);
          else
            into.put(key, value);
        }
        case 3 -> into.put(key, in.readStringRequireUtf8());
        default -> {
          return false;
        }
      }
      return true;
    });
  }

  private static void texts(byte[] message, ObjectNode into) throws IOException {
    ArrayNode values = JSON.arrayNode();
    fields(message, (number, in) -> {
      switch (number) {
        case 1 -> values.add(in.readStringRequireUtf8());
        case 2 -> into.set(in.readStringRequireUtf8(), values);
        default -> {
          return false;
        }
      }
      return true;
    });
  }
}
