package elysia.worker.lucene;

import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.store.CollectionInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.IndexableField;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;

/// The collections: a document of the index for each, and a copy of all in memory.
final class CollectionCatalog {
  private static final Term KIND = new Term("kind", "collection");
  private static final String NAME = "collection_name";
  private static final String VECTORIZER = "vectorizer";
  private static final String MODEL = "model";
  private static final String DIMENSION = "dimension";
  private static final String MAX_TOKENS = "max_tokens";

  private final Map<CollectionName, CollectionInfo> all = new ConcurrentSkipListMap<>();

  static CollectionCatalog read(IndexSearcher searcher) throws IOException {
    CollectionCatalog catalog = new CollectionCatalog();
    StoredFields stored = searcher.storedFields();
    Query query = new TermQuery(KIND);
    int count = Math.max(1, searcher.count(query));
    for (ScoreDoc hit : searcher.search(query, count).scoreDocs) {
      Document doc = stored.document(hit.doc);
      catalog.add(new CollectionInfo(new CollectionName(field(doc, NAME).stringValue()),
          new EmbeddingModel(field(doc, VECTORIZER).stringValue(), field(doc, MODEL).stringValue(),
              field(doc, DIMENSION).numericValue().intValue(),
              field(doc, MAX_TOKENS).numericValue().intValue())));
    }
    return catalog;
  }

  /// Tells a collection's document.
  static Term term(CollectionName name) {
    return new Term(NAME, name.value());
  }

  static Document document(CollectionInfo info) {
    Document doc = new Document();
    doc.add(new StringField(KIND.field(), KIND.text(), Field.Store.NO));
    doc.add(new StringField(NAME, info.name().value(), Field.Store.YES));
    doc.add(new StoredField(VECTORIZER, info.model().vectorizer()));
    doc.add(new StoredField(MODEL, info.model().name()));
    doc.add(new StoredField(DIMENSION, info.model().dimension()));
    doc.add(new StoredField(MAX_TOKENS, info.model().maxTokens()));
    return doc;
  }

  private static IndexableField field(Document doc, String name) {
    IndexableField value = doc.getField(name);
    if (value == null)
      throw new IllegalStateException("collection without " + name);
    return value;
  }

  Optional<CollectionInfo> find(CollectionName name) {
    return Optional.ofNullable(all.get(name));
  }

  List<CollectionInfo> all() {
    return List.copyOf(all.values());
  }

  void add(CollectionInfo info) {
    all.put(info.name(), info);
  }

  void remove(CollectionName name) {
    all.remove(name);
  }
}
