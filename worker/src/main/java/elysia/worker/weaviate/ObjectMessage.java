package elysia.worker.weaviate;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import elysia.core.embed.Embedding;
import elysia.core.store.StoredChunk;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Chunks as messages of `weaviate.v1`: `BatchObject`, whose properties are a
/// `google.protobuf.Struct`, `BatchObjectsRequest` and `BatchObjectsReply`.
///
/// Source: <https://protobuf.dev/programming-guides/encoding/>; the numbers of the fields stand in
/// Weaviate's `batch.proto`, `base.proto` and Google's `struct.proto`.
final class ObjectMessage {
  private static final int REQUEST_OBJECTS = 1;
  private static final int OBJECT_UUID = 1;
  private static final int OBJECT_PROPERTIES = 3;
  private static final int OBJECT_COLLECTION = 4;
  private static final int OBJECT_VECTOR_BYTES = 6;
  private static final int PROPERTIES_STRUCT = 1;
  private static final int PROPERTIES_TEXTS = 6;
  private static final int TEXTS_VALUES = 1;
  private static final int TEXTS_NAME = 2;
  private static final int REPLY_ERRORS = 2;
  private static final int ERROR_INDEX = 1;
  private static final int ERROR_TEXT = 2;

  private ObjectMessage() {}

  /// One object of a batch; empty when its text is not valid Unicode.
  static Optional<byte[]> object(String className, StoredChunk chunk) {
    try {
      int size = 3 * chunk.content().length() + 1_024;
      MessageDraft properties = new MessageDraft(size).put(PROPERTIES_STRUCT, struct(chunk, size));
      if (!chunk.symbols().isEmpty())
        properties.put(PROPERTIES_TEXTS, texts("symbols", chunk.symbols()));
      MessageDraft object = new MessageDraft(
          size + 4 * chunk.vector().map(Embedding::dimension).orElse(0))
          .put(OBJECT_UUID, chunk.id().toString()).put(OBJECT_PROPERTIES, properties.end())
          .put(OBJECT_COLLECTION, className);
      if (chunk.vector().isPresent()) // a module leaves alone what has one
        object.put(OBJECT_VECTOR_BYTES, floats(chunk.vector().get()));
      return Optional.of(object.end());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] struct(StoredChunk chunk, int size) throws IOException {
    return new MessageDraft(size).property("repo", chunk.repo().value())
        .property("path", chunk.path().value()).property("language", chunk.language())
        .property("commit", chunk.commit()).property("chunk", chunk.chunk())
        .property("start_line", chunk.startLine()).property("end_line", chunk.endLine())
        .property("content", chunk.content())
        .property("terms", ChunkJson.terms(chunk.content(), chunk.path().value()))
        .property("content_hash", chunk.contentHash())
        .property("vector_hash", chunk.vectorHash()).property("file_hash", chunk.fileHash())
        .property("size_bytes", chunk.sizeBytes())
        .property("last_indexed", chunk.lastIndexed().toString())
        .property("metadata", chunk.metadata()).end();
  }

  private static byte[] texts(String name, List<String> values) throws IOException {
    MessageDraft texts = new MessageDraft(256);
    for (String value : values)
      texts.put(TEXTS_VALUES, value);
    return texts.put(TEXTS_NAME, name).end();
  }

  private static byte[] floats(Embedding vector) {
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES * vector.dimension())
        .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < vector.dimension(); i++)
      bytes.putFloat(vector.at(i));
    return bytes.array();
  }

  /// A request of these objects.
  static byte[] request(List<byte[]> objects) {
    try {
      MessageDraft request = new MessageDraft(
          objects.stream().mapToInt(object -> object.length + 8).sum());
      for (byte[] object : objects)
        request.put(REQUEST_OBJECTS, object);
      return request.end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What an answer says of the objects that failed, by their place in the request.
  ///
  /// @throws IOException when it is no such answer
  static Map<Integer, String> errors(byte[] reply) throws IOException {
    Map<Integer, String> errors = new HashMap<>();
    CodedInputStream in = CodedInputStream.newInstance(reply);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == MessageDraft.tag(REPLY_ERRORS, WireFormat.WIRETYPE_LENGTH_DELIMITED))
        error(in.readByteArray(), errors);
      else
        in.skipField(tag);
    }
    return errors;
  }

  /// An index of 0 is left out on the wire.
  private static void error(byte[] message, Map<Integer, String> errors) throws IOException {
    int index = 0;
    String text = "failed";
    CodedInputStream in = CodedInputStream.newInstance(message);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      if (tag == MessageDraft.tag(ERROR_INDEX, WireFormat.WIRETYPE_VARINT))
        index = in.readInt32();
      else if (tag == MessageDraft.tag(ERROR_TEXT, WireFormat.WIRETYPE_LENGTH_DELIMITED))
        text = in.readStringRequireUtf8();
      else
        in.skipField(tag);
    }
    errors.put(index, text);
  }

}
