package elysia.bench.micro;

import com.typesafe.config.ConfigFactory;
import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.identity.FilePath;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Real source files in memory, and the chunks that the product makes of them.
@State(Scope.Benchmark)
public class Corpus {
  /// Files that are generated from others count as no code.
  private static final String GENERATED = ".*(\\.map|/dist/.*|/META-INF/.*)";

  /// Folder of unpacked code.
  @Param("")
  public String corpora = "";

  private final Chunker chunker = chunker();
  private final Map<FilePath, byte[]> files = new LinkedHashMap<>();
  private final Map<FilePath, List<Chunk>> chunks = new LinkedHashMap<>();

  private static Chunker chunker() {
    var config = ConfigFactory.load();
    var embedder = new OnnxEmbedder(OnnxSettings.from(config)); // loads no model for this
    return new TextChunker(embedder.tokens(), embedder.model(), ChunkSettings.from(config));
  }

  /// Reads the files and cuts them once.
  @Setup
  public void read() {
    Path root = Path.of(corpora);
    try (Stream<Path> found = Files.walk(root)) {
      for (Path file : found.filter(Files::isRegularFile).sorted().toList())
        add(new FilePath(root.relativize(file).toString()), Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (files.isEmpty())
      throw new IllegalStateException("no code in " + root);
  }

  private void add(FilePath path, byte[] content) {
    if (!path.value().matches(GENERATED)
        && chunker.chunk(path, content) instanceof Chunker.Chunking.Chunks(_, var cut, _)) {
      files.put(path, content);
      chunks.put(path, cut);
    }
  }

  /// As the product makes it of its defaults.
  Chunker productsChunker() {
    return chunker;
  }

  /// Content by path.
  Map<FilePath, byte[]> files() {
    return files;
  }

  Map<FilePath, List<Chunk>> chunks() {
    return chunks;
  }

  /// The texts that are embedded.
  List<String> texts() {
    List<String> texts = new ArrayList<>();
    chunks.values().forEach(cut -> cut.forEach(chunk -> texts.add(chunk.embeddedText())));
    return texts;
  }
}
