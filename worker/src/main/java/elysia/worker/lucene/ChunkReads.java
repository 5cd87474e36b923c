package elysia.worker.lucene;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.CollectionName;
import elysia.core.identity.FilePath;
import elysia.core.identity.RepositoryName;
import elysia.core.store.ChunkHeader;
import elysia.core.store.Counts;
import elysia.core.store.StoredChunk;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.lucene.index.FloatVectorValues;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.KnnVectorValues;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.MultiBits;
import org.apache.lucene.index.MultiTerms;
import org.apache.lucene.index.PostingsEnum;
import org.apache.lucene.index.ReaderUtil;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.DocIdSetIterator;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.apache.lucene.util.StringHelper;
import org.jspecify.annotations.Nullable;

/// Reads of what is stored, other than by search, over one reader.
final class ChunkReads {
  private interface Found {
    void at(LeafReader leaf, int doc, String term) throws IOException;
  }

  private final IndexReader reader;

  ChunkReads(IndexReader reader) {
    this.reader = reader;
  }

  /// Visits the live documents that have one of the terms of a field; sorted terms walk each
  /// segment's dictionary in one direction.
  private void each(Collection<Term> terms, Found found) throws IOException {
    TreeMap<BytesRef, String> sorted = new TreeMap<>();
    String field = "";
    for (Term term : terms) {
      sorted.put(term.bytes(), term.text());
      field = term.field();
    }
    for (LeafReaderContext context : reader.leaves()) {
      LeafReader leaf = context.reader();
      Terms dictionary = leaf.terms(field);
      if (dictionary == null)
        continue;
      TermsEnum entries = dictionary.iterator();
      PostingsEnum docs = null;
      for (Map.Entry<BytesRef, String> term : sorted.entrySet()) {
        if (!entries.seekExact(term.getKey()))
          continue;
        docs = entries.postings(docs, PostingsEnum.NONE);
        for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc())
          if (live(leaf.getLiveDocs(), doc))
            found.at(leaf, doc, term.getValue());
      }
    }
  }

  private static boolean live(@Nullable Bits liveDocs, int doc) {
    return liveDocs == null || liveDocs.get(doc);
  }

  List<ChunkHeader> headers(CollectionName collection, RepositoryName repo,
      Collection<FilePath> paths) throws IOException {
    List<ChunkHeader> headers = new ArrayList<>();
    headers(paths.stream().map(path -> ChunkDocument.file(collection, repo, path)).toList(),
        headers::add);
    return headers;
  }

  void list(CollectionName collection, RepositoryName repo, Consumer<ChunkHeader> visitor)
      throws IOException {
    headers(List.of(ChunkDocument.repository(collection, repo)), visitor);
  }

  private void headers(Collection<Term> terms, Consumer<ChunkHeader> visitor) throws IOException {
    Map<LeafReader, StoredFields> stored = new HashMap<>();
    each(terms, (leaf, doc, _) -> {
      StoredFields fields = stored.get(leaf);
      if (fields == null) {
        fields = leaf.storedFields();
        stored.put(leaf, fields);
      }
      visitor.accept(ChunkDocument.header(fields.document(doc, ChunkDocument.HEADER_FIELDS)));
    });
  }

  List<StoredChunk> chunks(CollectionName collection, EmbeddingModel model, RepositoryName repo,
      FilePath path) throws IOException {
    List<StoredChunk> chunks = new ArrayList<>();
    each(List.of(ChunkDocument.file(collection, repo, path)),
        (leaf, doc, _) -> chunks.add(ChunkDocument.chunk(leaf.storedFields().document(doc),
            Optional.of(vector(leaf, doc, model.dimension())))));
    chunks.sort(Comparator.comparingInt(StoredChunk::chunk));
    return chunks;
  }

  Map<String, Embedding> vectors(EmbeddingModel model, Set<String> hashes) throws IOException {
    Map<String, String> byTerm = new HashMap<>();
    List<Term> terms = new ArrayList<>();
    for (String hash : hashes) {
      Term term = ChunkDocument.vectorHash(model, hash);
      terms.add(term);
      byTerm.put(term.text(), hash);
    }
    Map<String, Embedding> found = new HashMap<>();
    each(terms, (leaf, doc, term) -> {
      String hash = byTerm.get(term);
      if (hash != null && !found.containsKey(hash))
        found.put(hash, vector(leaf, doc, model.dimension()));
    });
    return found;
  }

  private static Embedding vector(LeafReader leaf, int doc, int dimension) throws IOException {
    FloatVectorValues vectors = leaf.getFloatVectorValues(ChunkDocument.vectorField(dimension));
    if (vectors == null)
      throw new IllegalStateException("segment without vectors of dimension " + dimension);
    KnnVectorValues.DocIndexIterator docs = vectors.iterator();
    if (docs.advance(doc) != doc)
      throw new IllegalStateException("chunk without a vector");
    return Embedding.of(vectors.vectorValue(docs.index()).clone());
  }

  /// The vector of any document of the reader.
  Embedding vector(int doc, int dimension) throws IOException {
    LeafReaderContext context = reader.leaves().get(ReaderUtil.subIndex(doc, reader.leaves()));
    return vector(context.reader(), doc - context.docBase, dimension);
  }

  /// The document of a chunk in this reader; -1 when it is not stored.
  int document(Term key) throws IOException {
    for (LeafReaderContext context : reader.leaves()) {
      PostingsEnum docs = context.reader().postings(key, PostingsEnum.NONE);
      if (docs == null)
        continue;
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc())
        if (live(context.reader().getLiveDocs(), doc))
          return context.docBase + doc;
    }
    return -1;
  }

  List<RepositoryName> repositories(CollectionName collection) throws IOException {
    List<RepositoryName> repositories = new ArrayList<>();
    String prefix = ChunkDocument.repositoryPrefix(collection);
    eachLiveTerm(ChunkDocument.REPOSITORY, prefix, (term, _) -> repositories
        .add(new RepositoryName(term.substring(prefix.length()))));
    return repositories;
  }

  Counts count(CollectionName collection, Optional<RepositoryName> repo) throws IOException {
    String prefix = repo.map(name -> ChunkDocument.filePrefix(collection, name))
        .orElse(ChunkDocument.repositoryPrefix(collection));
    long[] counts = new long[2];
    eachLiveTerm(ChunkDocument.FILE, prefix, (_, chunks) -> {
      counts[0]++;
      counts[1] += chunks;
    });
    return new Counts(counts[0], counts[1]);
  }

  private interface LiveTerm {
    void found(String term, int documents);
  }

  private void eachLiveTerm(String field, String prefix, LiveTerm visitor) throws IOException {
    Terms terms = MultiTerms.getTerms(reader, field);
    if (terms == null)
      return;
    Bits liveDocs = MultiBits.getLiveDocs(reader);
    BytesRef start = new BytesRef(prefix);
    TermsEnum entries = terms.iterator();
    if (entries.seekCeil(start) == TermsEnum.SeekStatus.END)
      return;
    PostingsEnum docs = null;
    for (BytesRef term = entries.term(); term != null
        && StringHelper.startsWith(term, start); term = entries.next()) {
      docs = entries.postings(docs, PostingsEnum.NONE);
      int live = 0;
      for (int doc = docs.nextDoc(); doc != DocIdSetIterator.NO_MORE_DOCS; doc = docs.nextDoc())
        if (live(liveDocs, doc))
          live++;
      if (live > 0)
        visitor.found(term.utf8ToString(), live);
    }
  }
}
