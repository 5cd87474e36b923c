package elysia.worker.chunk;

import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker;
import elysia.core.chunk.Language;
import elysia.core.embed.EmbeddingModel;
import elysia.core.embed.TokenCounter;
import elysia.core.identity.FilePath;
import java.util.ArrayList;
import java.util.List;

/// Cuts any text at the structure that it shows.
public final class TextChunker implements Chunker {
  /// To be raised with every change of what comes out.
  private static final int RULES = 3;

  private final TokenCounter tokens;
  private final int limit;
  private final int contextTokens;
  private final String version;

  /// @param tokens of the same model
  public TextChunker(TokenCounter tokens, EmbeddingModel model, ChunkSettings settings) {
    this.tokens = tokens;
    int maxTokens = Math.min(settings.maxTokens(), model.maxTokens());
    limit = maxTokens - tokens.special();
    contextTokens = Math.min(settings.contextTokens(), limit / 4);
    version = "text-" + RULES + "/" + model.name() + "/" + maxTokens + "/"
        + settings.contextTokens();
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Chunking chunk(FilePath path, byte[] content) {
    return switch (Decoding.of(content)) {
      case Decoding.Not(var reason, var detail) -> new Chunking.Skipped(reason, detail);
      case Decoding.Text(var text, var replaced) -> {
        String language = Language.of(path);
        yield new Chunking.Chunks(language, new Cut(text, Language.isMarkup(language)).chunks(),
            replaced);
      }
    };
  }

  /// One text being cut.
  private final class Cut {
    private final SourceLines lines;
    private final Context context;
    private final Joiner joiner;
    private final List<Chunk> chunks = new ArrayList<>();

    Cut(String text, boolean markup) {
      lines = SourceLines.of(text, tokens);
      Outline outline = Outline.of(lines, markup);
      context = new Context(lines, outline, contextTokens);
      joiner = new Joiner(lines, outline, context, limit * SourceLines.TOKEN);
    }

    List<Chunk> chunks() {
      for (Joiner.Range range : joiner.ranges())
        add(range);
      return chunks;
    }

    /// The sum of the lines is what a word piece tokenizer counts for the whole; others may differ,
    /// so the text itself is counted before it is accepted.
    private void add(Joiner.Range range) {
      String around = context.of(range.from());
      Chunk chunk = chunk(range, lines.content(range.from(), range.to()), around);
      if (joiner.fits(range.from(), range.to()) && tokens.count(chunk.embeddedText()) <= limit)
        chunks.add(chunk);
      else if (range.from() < range.to()) {
        int cut = joiner.cut(range);
        add(new Joiner.Range(range.from(), cut - 1));
        add(new Joiner.Range(cut, range.to()));
      } else
        addPieces(range, around);
    }

    private void addPieces(Joiner.Range line, String around) {
      int left = limit - (context.cost(line.from()) + SourceLines.TOKEN - 1) / SourceLines.TOKEN;
      for (String piece : new LongLine(tokens, left)
          .pieces(lines.content(line.from(), line.to())))
        chunks.add(chunk(line, piece, around));
    }

    private Chunk chunk(Joiner.Range range, String content, String around) {
      return new Chunk(chunks.size(), lines.number[range.from()], lines.number[range.to()], content,
          around);
    }
  }
}
