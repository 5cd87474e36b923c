package elysia.worker.lucene;

import elysia.core.embed.Embedding;
import elysia.core.embed.EmbeddingModel;
import elysia.core.glob.Glob;
import elysia.core.identity.CollectionName;
import elysia.core.store.Keywords;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.KnnFloatVectorQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/// Search in one collection over one reader.
final class ChunkSearch {
  private static final int RRF_K = 60;
  private static final int FUSED_AT_LEAST = 50;
  private static final int FUSED_PER_HIT = 4;
  /// Of a very long question; Lucene's bound for the clauses of a query is 1,024.
  private static final int MAX_WORDS = 512;
  /// Cosine from which two vectors count as equal, float rounding considered.
  private static final double EQUAL = 1 - 1e-6;
  private static final int[] DEPTHS_FOR_EQUAL_VECTORS = {10, 100, 1_000, 10_000};

  private record Ranked(int doc, double score) {}

  private final IndexSearcher searcher;
  private final ChunkReads reads;
  private final EmbeddingModel model;
  private final int candidates;

  ChunkSearch(IndexSearcher searcher, EmbeddingModel model, int candidates) {
    this.searcher = searcher;
    this.reads = new ChunkReads(searcher.getIndexReader());
    this.model = model;
    this.candidates = candidates;
  }

  /// @throws java.util.regex.PatternSyntaxException when the query's glob is none
  List<StoreHit> find(StoreQuery query) throws IOException {
    Query filter = filter(query);
    int depth = Math.max(FUSED_AT_LEAST, FUSED_PER_HIT * query.limit());
    List<Ranked> ranked = switch (query.mode()) {
      case VECTOR -> byVector(query.vector().orElseThrow(), filter, query.limit());
      case KEYWORD -> byKeyword(query.text(), filter, query.limit());
      case HYBRID -> fused(List.of(byVector(query.vector().orElseThrow(), filter, depth),
          byKeyword(query.text(), filter, depth)));
    };
    StoredFields stored = searcher.storedFields();
    List<StoreHit> hits = new ArrayList<>();
    for (Ranked hit : ranked.subList(0, Math.min(query.limit(), ranked.size())))
      hits.add(new StoreHit(hit.score,
          ChunkDocument.chunk(stored.document(hit.doc), Optional.empty())));
    return hits;
  }

  private static Query filter(StoreQuery query) {
    BooleanQuery.Builder all = new BooleanQuery.Builder();
    CollectionName collection = query.collection();
    if (query.repos().isEmpty())
      all.add(new TermQuery(ChunkDocument.collection(collection)), Occur.FILTER);
    else
      all.add(new TermInSetQuery(ChunkDocument.REPOSITORY, query.repos().stream()
          .map(repo -> ChunkDocument.repository(collection, repo).bytes()).toList()), Occur.FILTER);
    query.language().ifPresent(language -> all.add(
        new TermQuery(new Term(ChunkDocument.LANGUAGE_TERM, new BytesRef(language))),
        Occur.FILTER));
    query.pathGlob().map(Glob::parse).ifPresent(glob -> all.add(GlobQuery.of(
        glob.matchesFileNames() ? ChunkDocument.NAME_TERM : ChunkDocument.PATH_TERM, glob),
        Occur.FILTER));
    return all.build();
  }

  /// Candidates come from the graphs, whose vectors are rounded; their order is from the
  /// exact ones.
  private List<Ranked> byVector(Embedding vector, Query filter, int depth) throws IOException {
    List<Ranked> exact = nearest(vector, filter, Math.max(depth, candidates));
    return exact.subList(0, Math.min(depth, exact.size()));
  }

  private List<Ranked> nearest(Embedding vector, Query filter, int k) throws IOException {
    String field = ChunkDocument.vectorField(model.dimension());
    ScoreDoc[] found = searcher
        .search(new KnnFloatVectorQuery(field, vector.toArray(), k, filter), k).scoreDocs;
    List<Ranked> exact = new ArrayList<>(found.length);
    for (ScoreDoc hit : found)
      exact.add(new Ranked(hit.doc, (1 + cosine(vector, hit.doc)) / 2));
    exact.sort(Comparator.comparingDouble(Ranked::score).reversed());
    return exact;
  }

  private double cosine(Embedding a, int doc) throws IOException {
    Embedding b = reads.vector(doc, model.dimension());
    double product = 0;
    double squaresA = 0;
    double squaresB = 0;
    for (int i = 0; i < a.dimension(); i++) {
      product += (double) a.at(i) * b.at(i);
      squaresA += (double) a.at(i) * a.at(i);
      squaresB += (double) b.at(i) * b.at(i);
    }
    return product / Math.sqrt(squaresA * squaresB);
  }

  private List<Ranked> byKeyword(String text, Query filter, int depth) throws IOException {
    List<String> words = Keywords.of(text).stream().distinct().limit(MAX_WORDS).toList();
    if (words.isEmpty())
      return List.of();
    BooleanQuery.Builder any = new BooleanQuery.Builder().setMinimumNumberShouldMatch(1);
    for (String word : words)
      any.add(new TermQuery(new Term(ChunkDocument.WORDS, word)), Occur.SHOULD);
    Query query = any.add(filter, Occur.FILTER).build();
    List<Ranked> ranked = new ArrayList<>();
    for (ScoreDoc hit : searcher.search(query, depth).scoreDocs)
      ranked.add(new Ranked(hit.doc, hit.score));
    return ranked;
  }

  /// Reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
  private static List<Ranked> fused(List<List<Ranked>> rankings) {
    Map<Integer, Double> scores = new HashMap<>();
    for (List<Ranked> ranking : rankings)
      for (int i = 0; i < ranking.size(); i++)
        scores.merge(ranking.get(i).doc, 1.0 / (RRF_K + 1 + i), Double::sum);
    List<Ranked> fused = new ArrayList<>();
    scores.forEach((doc, score) -> fused.add(new Ranked(doc, score)));
    fused.sort(Comparator.comparingDouble(Ranked::score).reversed()
        .thenComparingInt(Ranked::doc));
    return fused;
  }

  /// The chunks that are stored but that a search for their own vectors does not give.
  Set<UUID> unsearchable(CollectionName collection, Collection<UUID> ids) throws IOException {
    Query filter = new TermQuery(ChunkDocument.collection(collection));
    Set<UUID> lost = new HashSet<>();
    for (UUID id : ids) {
      int doc = reads.document(ChunkDocument.key(collection, id));
      if (doc >= 0 && !searchable(doc, filter))
        lost.add(id);
    }
    return lost;
  }

  /// Looks deeper as long as all hits have an equal vector; where even the deepest look has nothing
  /// else, the chunk is one of very many equals, and any of them stands for it.
  private boolean searchable(int doc, Query filter) throws IOException {
    Embedding own = reads.vector(doc, model.dimension());
    for (int depth : DEPTHS_FOR_EQUAL_VECTORS) {
      List<Ranked> hits = nearest(own, filter, depth);
      if (hits.stream().anyMatch(hit -> hit.doc == doc))
        return true;
      if (hits.size() < depth || (hits.getLast().score < EQUAL && depth >= candidates))
        return false;
    }
    return true;
  }
}
