package elysia.bench.limit;

import com.typesafe.config.Config;
import elysia.core.embed.Embedder.Embedded;
import elysia.core.embed.Embedding;
import elysia.core.outcome.Outcome;
import elysia.testkit.git.GitRepository;
import elysia.worker.constant.ConstantEmbedder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.FSDirectory;

/// Lucene alone: text, vector and key of each chunk, two threads, one commit at the end.
public final class BareLucene {
  private static final int DIMENSION = 384;

  private BareLucene() {}

  /// The texts of a work tree as the constant embedder has them cut.
  public static List<String> chunks(GitRepository repository, Config config) {
    return List.copyOf(Chunks
        .texts(repository, new ConstantEmbedder(DIMENSION, Duration.ZERO), config).values());
  }

  /// @param documents how many; the texts of the repository are taken again and again
  public static double documentsPerSecond(Path folder, GitRepository repository, Config config,
      int documents) {
    List<String> texts = chunks(repository, config);
    List<float[]> vectors = vectors(documents);
    AtomicInteger next = new AtomicInteger();
    long start = System.nanoTime();
    try (FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory,
            new IndexWriterConfig(new StandardAnalyzer()).setRAMBufferSizeMB(32))) {
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < Runtime.getRuntime().availableProcessors(); t++)
        threads.add(Thread.ofPlatform().start(() -> {
          for (int i = next.getAndIncrement(); i < documents; i = next.getAndIncrement())
            add(writer, i, texts.get(i % texts.size()), vectors.get(i));
        }));
      for (Thread thread : threads)
        thread.join();
      writer.commit();
      return documents / ((System.nanoTime() - start) / 1e9);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static List<float[]> vectors(int count) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++)
      names.add("vector " + i);
    try (ConstantEmbedder embedder = new ConstantEmbedder(DIMENSION, Duration.ZERO)) {
      if (!(embedder.embed(names) instanceof Outcome.Ok<List<Embedded>>(var embedded)))
        throw new IllegalStateException("the constant embedder fails");
      return embedded.stream().map(e -> e instanceof Embedded.Vector(Embedding vector)
          ? vector.toArray()
          : new float[DIMENSION]).toList();
    }
  }

  private static void add(IndexWriter writer, int number, String text, float[] vector) {
    Document document = new Document();
    document.add(new StringField("key", "chunk" + number, Field.Store.YES));
    document.add(new TextField("content", text, Field.Store.YES));
    document.add(new KnnFloatVectorField("vector", vector, VectorSimilarityFunction.DOT_PRODUCT));
    try {
      writer.addDocument(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
