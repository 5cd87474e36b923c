package elysia.bench.limit;

import com.typesafe.config.Config;
import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.embed.Embedder;
import elysia.core.identity.FilePath;
import elysia.testkit.git.GitRepository;
import elysia.worker.chunk.ChunkSettings;
import elysia.worker.chunk.TextChunker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;

/// The texts that the product embeds for a work tree.
public final class Chunks {
  private Chunks() {}

  /// By hash, each once, in order of the paths.
  ///
  /// @param repository with a clean work tree
  public static Map<String, String> texts(GitRepository repository, Embedder embedder,
      Config config) {
    Chunker chunker = new TextChunker(embedder.tokens(), embedder.model(),
        ChunkSettings.from(config));
    Map<String, String> texts = new LinkedHashMap<>();
    for (String path : repository.files())
      if (chunker.chunk(new FilePath(path),
          bytes(repository, path)) instanceof Chunker.Chunking.Chunks(_, var chunks, _))
        for (Chunk chunk : chunks)
          texts.putIfAbsent(chunk.vectorHash(), chunk.embeddedText());
    return texts;
  }

  private static byte[] bytes(GitRepository repository, String path) {
    try {
      return Files.readAllBytes(repository.folder().resolve(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
