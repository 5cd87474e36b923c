package elysia.worker.lucene;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.ChunkHeader;
import elysia.core.store.StoredChunk;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.util.BytesRef;

/// A chunk as a document of the index, and back.
///
/// All collections share the index: terms that tell files and repositories apart begin with the
/// collection's name, so that the terms of one collection stand beside each other.
final class ChunkDocument {
  static final String COLLECTION = "c";
  static final String REPOSITORY = "r";
  static final String FILE = "f";
  static final String WORDS = "w";
  static final String PATH_TERM = "p";
  static final String NAME_TERM = "n";
  static final String LANGUAGE_TERM = "l";
  private static final String KEY = "k";
  private static final String VECTOR_HASH_TERM = "v";
  private static final String SEPARATOR = "\0";
  /// Well below Lucene's own limit of 32,766 bytes for a term.
  private static final int MAX_TERM_BYTES = 16_384;

  private static final String ID = "id";
  private static final String REPO = "repo";
  private static final String PATH = "path";
  private static final String LANGUAGE = "language";
  private static final String COMMIT = "commit";
  private static final String CHUNK = "chunk";
  private static final String START = "start_line";
  private static final String END = "end_line";
  private static final String CONTENT = "content";
  private static final String CONTENT_HASH = "content_hash";
  private static final String VECTOR_HASH = "vector_hash";
  private static final String FILE_HASH = "file_hash";
  private static final String SIZE = "size_bytes";
  private static final String INDEXED = "last_indexed";
  private static final String SYMBOLS = "symbols";
  private static final String METADATA = "metadata";
  static final Set<String> HEADER_FIELDS = Set.of(ID, PATH, CHUNK, START, END, CONTENT_HASH,
      VECTOR_HASH, FILE_HASH, METADATA);
  static final Set<String> VECTOR_HASH_ONLY = Set.of(VECTOR_HASH);

  private static final FieldType WORDS_TYPE = new FieldType();
  static {
    WORDS_TYPE.setTokenized(true);
    WORDS_TYPE.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    WORDS_TYPE.freeze();
  }

  private ChunkDocument() {}

  static Term collection(CollectionName collection) {
    return new Term(COLLECTION, collection.value());
  }

  static Term repository(CollectionName collection, RepositoryName repo) {
    return new Term(REPOSITORY, repositoryPrefix(collection) + repo.value());
  }

  static String repositoryPrefix(CollectionName collection) {
    return collection.value() + SEPARATOR;
  }

  static Term file(CollectionName collection, RepositoryName repo, FilePath path) {
    return new Term(FILE, filePrefix(collection, repo) + path.value());
  }

  static String filePrefix(CollectionName collection, RepositoryName repo) {
    return repositoryPrefix(collection) + repo.value() + SEPARATOR;
  }

  static Term key(CollectionName collection, UUID id) {
    byte[] name = collection.value().getBytes(StandardCharsets.UTF_8);
    ByteBuffer key = ByteBuffer.allocate(16 + name.length).putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits()).put(name);
    return new Term(KEY, new BytesRef(key.array()));
  }

  /// The vectors of one text by one model, in all collections.
  static Term vectorHash(EmbeddingModel model, String hash) {
    return new Term(VECTOR_HASH_TERM, model.vectorizer() + SEPARATOR + model.name() + SEPARATOR
        + model.dimension() + SEPARATOR + hash);
  }

  /// Vectors of one dimension share a field.
  static String vectorField(int dimension) {
    return "vector" + dimension;
  }

  /// Why a chunk can never be stored in a collection of this model.
  static Optional<String> rejection(EmbeddingModel model, StoredChunk chunk) {
    if (chunk.vector().isEmpty())
      return Optional.of("vector: absent (expected: one of " + model + ")");
    Embedding vector = chunk.vector().get();
    if (vector.dimension() != model.dimension())
      return Optional
          .of("vector: " + vector.dimension() + " numbers (expected: " + model.dimension() + ")");
    double squares = 0;
    for (int i = 0; i < vector.dimension(); i++)
      squares += (double) vector.at(i) * vector.at(i);
    if (!(squares > Float.MIN_NORMAL && squares < Float.MAX_VALUE))
      return Optional.of("vector: zero, too long or not finite (expected: one with a direction)");
    for (String term : List.of(chunk.path().value(), chunk.language(), chunk.vectorHash()))
      if (term.length() > MAX_TERM_BYTES / 3)
        return Optional.of("path, language or hash: " + term.length()
            + " characters (expected: at most " + MAX_TERM_BYTES / 3 + ")");
    return Optional.empty();
  }

  static Document of(CollectionName collection, EmbeddingModel model, StoredChunk chunk) {
    Document doc = new Document();
    doc.add(term(key(collection, chunk.id())));
    doc.add(term(collection(collection)));
    doc.add(term(repository(collection, chunk.repo())));
    doc.add(term(file(collection, chunk.repo(), chunk.path())));
    doc.add(term(vectorHash(model, chunk.vectorHash())));
    doc.add(term(new Term(PATH_TERM, chunk.path().text())));
    doc.add(term(new Term(NAME_TERM, chunk.path().fileName())));
    doc.add(term(new Term(LANGUAGE_TERM, chunk.language())));
    List<String> texts = new ArrayList<>(chunk.symbols());
    texts.add(chunk.path().value());
    texts.add(chunk.content());
    doc.add(new Field(WORDS, new WordStream(texts), WORDS_TYPE));
    doc.add(new KnnFloatVectorField(vectorField(model.dimension()),
        chunk.vector().orElseThrow().toArray(), VectorSimilarityFunction.COSINE));

    doc.add(new StoredField(ID, bytes(chunk.id())));
    doc.add(new StoredField(REPO, chunk.repo().value()));
    doc.add(new StoredField(PATH, chunk.path().value()));
    doc.add(new StoredField(CHUNK, chunk.chunk()));
    doc.add(new StoredField(START, chunk.startLine()));
    doc.add(new StoredField(END, chunk.endLine()));
    doc.add(new StoredField(CONTENT_HASH, chunk.contentHash()));
    doc.add(new StoredField(VECTOR_HASH, chunk.vectorHash()));
    doc.add(new StoredField(FILE_HASH, chunk.fileHash()));
    doc.add(new StoredField(LANGUAGE, chunk.language()));
    doc.add(new StoredField(COMMIT, chunk.commit()));
    doc.add(new StoredField(SIZE, chunk.sizeBytes()));
    doc.add(new StoredField(INDEXED, chunk.lastIndexed().toString()));
    for (String symbol : chunk.symbols())
      doc.add(new StoredField(SYMBOLS, symbol));
    doc.add(new StoredField(METADATA, chunk.metadata()));
    doc.add(new StoredField(CONTENT, chunk.content()));
    return doc;
  }

  private static StringField term(Term term) {
    return new StringField(term.field(), term.bytes(), Field.Store.NO);
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(16).putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits()).array();
  }

  static StoredChunk chunk(Document doc, Optional<Embedding> vector) {
    return new StoredChunk(id(doc), new RepositoryName(text(doc, REPO)),
        new FilePath(text(doc, PATH)), text(doc, LANGUAGE), text(doc, COMMIT), number(doc, CHUNK),
        number(doc, START), number(doc, END), text(doc, CONTENT), text(doc, CONTENT_HASH),
        text(doc, VECTOR_HASH), text(doc, FILE_HASH), stored(doc, SIZE).numericValue().longValue(),
        Instant.parse(text(doc, INDEXED)),
        List.of(doc.getValues(SYMBOLS)), text(doc, METADATA), vector);
  }

  static ChunkHeader header(Document doc) {
    return new ChunkHeader(id(doc), new FilePath(text(doc, PATH)), number(doc, CHUNK),
        number(doc, START), number(doc, END), text(doc, CONTENT_HASH), text(doc, VECTOR_HASH),
        text(doc, FILE_HASH), text(doc, METADATA));
  }

  private static UUID id(Document doc) {
    BytesRef bytes = stored(doc, ID).binaryValue();
    ByteBuffer buffer = ByteBuffer.wrap(bytes.bytes, bytes.offset, bytes.length);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static int number(Document doc, String field) {
    return stored(doc, field).numericValue().intValue();
  }

  private static String text(Document doc, String field) {
    return stored(doc, field).stringValue();
  }

  private static IndexableField stored(Document doc, String field) {
    IndexableField value = doc.getField(field);
    if (value == null)
      throw new IllegalStateException("document without " + field);
    return value;
  }
}
