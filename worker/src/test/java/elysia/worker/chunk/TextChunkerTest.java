package elysia.worker.chunk;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import elysia.core.chunk.Chunk;
import elysia.core.chunk.Chunker.Chunking;
import elysia.core.chunk.SkipReason;
import elysia.core.embed.EmbeddingModel;
import elysia.core.identity.FilePath;
import elysia.worker.onnx.OnnxEmbedder;
import elysia.worker.onnx.OnnxSettings;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextChunkerTest {
  private static final OnnxEmbedder EMBEDDER = new OnnxEmbedder(
      OnnxSettings.from(ConfigFactory.defaultReference()));
  private static final EmbeddingModel MODEL = EMBEDDER.model();
  private static final TextChunker CHUNKER = new TextChunker(EMBEDDER.tokens(), MODEL,
      ChunkSettings.from(ConfigFactory.defaultReference()));
  private static final FilePath JAVA = new FilePath("src/A.java");

  @Test
  void anyTextIsCoveredInOrderWithinTheLimit() {
    Random random = new Random(7);
    String[] words = {"foo", "class Bar {", "}", "if (x) {", "\t", "    ", "é", "漢字", "😀",
        "\u0301",
        "# Title", "===", "\u00a0", "a-b_c(d)", "x".repeat(130), "[CLS]", "/**", " * doc", "\r",
        "return 1;", "\u0001", "0123456789abcdef".repeat(40)};
    String[] ends = {"\n", "\n", "\n", "\r\n", "\n\n", "\r", "\n \n"};
    for (int run = 0; run < 400; run++) {
      StringBuilder text = new StringBuilder();
      int lines = random.nextInt(120);
      for (int i = 0; i < lines; i++) {
        text.append("  ".repeat(random.nextInt(5)));
        int length = random.nextInt(50) == 0 ? 400 : random.nextInt(8);
        for (int w = 0; w < length; w++)
          text.append(words[random.nextInt(words.length)]).append(random.nextBoolean() ? " " : "");
        text.append(ends[random.nextInt(ends.length)]);
      }
      if (!text.toString().isBlank())
        check(text.toString(), chunks(run % 2 == 0 ? JAVA : new FilePath("a.md"), text.toString()));
    }
  }

  @Test
  void aMegabyteOfAnythingTakesLessThanASecond() {
    List<String> texts = List.of("x".repeat(1 << 20), "x\n".repeat(1 << 19), "{".repeat(1 << 20),
        "\n".repeat(1 << 20) + "x", "a b ".repeat(1 << 18), "é\n".repeat(1 << 19),
        "漢".repeat(350_000),
        "  {\n".repeat(1 << 18), "😀".repeat(1 << 18), indented(1_400), " ".repeat(1 << 20) + "x",
        "[CLS".repeat(1 << 18), "# h\n".repeat(1 << 18), "é́".repeat(1 << 18));
    for (String text : texts) {
      List<Chunk> chunks = Assertions.assertTimeout(Duration.ofSeconds(4), () -> chunks(JAVA, text),
          () -> text.substring(0, 10)); // four times the aim: test machines are shared
      assertThat(chunks).isNotEmpty();
      assertThat(chunks).allSatisfy(c -> assertThat(c.content().length()).isLessThan(6_000));
    }
  }

  @Test
  void oneLongLineIsSplitWhereWordsEnd() {
    String line = "lorem ipsum dolor ".repeat(400).strip();
    List<Chunk> chunks = chunks(JAVA, line);
    assertThat(chunks).hasSizeGreaterThan(4)
        .allSatisfy(
            c -> assertThat(c.content()).matches("(lorem|ipsum|dolor).*(lorem|ipsum|dolor)"));
    assertThat(chunks.stream().map(Chunk::content).collect(Collectors.joining(" ")))
        .isEqualTo(line);
  }

  @Test
  void changingOneLineOfALongFileHardlyEverChangesMoreThanTwoChunks() {
    Random random = new Random(11);
    List<String> lines = SourceSample.lines(2_500, 5);
    Set<String> old = hashes(lines);
    int good = 0;
    int all = 0;
    for (int run = 0; run < 400; run++) {
      int at = random.nextInt(lines.size());
      if (lines.get(at).isBlank())
        continue;
      List<String> edited = new ArrayList<>(lines);
      edited.set(at, lines.get(at).replaceFirst("[a-z]+(?=[^a-z]*$)", "v" + random.nextInt(100)));
      Set<String> fresh = new HashSet<>(hashes(edited));
      fresh.removeAll(old);
      good += fresh.size() <= 2 ? 1 : 0;
      all++;
    }
    assertThat(good).as("of " + all).isGreaterThanOrEqualTo(all * 96 / 100);
  }

  @Test
  void insertingOrDeletingALineChangesFewChunks() {
    Random random = new Random(13);
    List<String> lines = SourceSample.lines(2_500, 6);
    Set<String> old = hashes(lines);
    List<Integer> counts = new ArrayList<>();
    for (int run = 0; run < 200; run++) {
      int at = random.nextInt(lines.size());
      List<String> edited = new ArrayList<>(lines);
      if (run % 2 == 0)
        edited.remove(at);
      else
        edited.add(at, "    counter.add(" + run + ");");
      Set<String> fresh = new HashSet<>(hashes(edited));
      fresh.removeAll(old);
      counts.add(fresh.size());
    }
    counts.sort(null);
    assertThat(counts.get(counts.size() / 2)).isLessThanOrEqualTo(2);
    assertThat(counts.get(counts.size() * 9 / 10)).isLessThanOrEqualTo(4);
  }

  @Test
  void chunksAreWellFilled() {
    List<Chunk> chunks = chunks(JAVA, String.join("\n", SourceSample.lines(2_500, 5)));
    double tokens = chunks.stream().mapToInt(c -> EMBEDDER.tokens().count(c.embeddedText()) + 2)
        .average().orElseThrow();
    assertThat(tokens / MODEL.maxTokens()).isBetween(0.6, 0.95);
  }

  @Test
  void contextIsTheEnclosingSignatureOrHeading() {
    String body = "    call(one, two, three, four);\n".repeat(60);
    List<Chunk> chunks = chunks(JAVA, "class Foo {\n  void bar() {\n" + body + "  }\n}\n");
    assertThat(chunks.getFirst().context()).isEmpty();
    assertThat(chunks.getLast().context()).isEqualTo("class Foo { › void bar() {");
    List<Chunk> text = chunks(new FilePath("README.md"),
        "# One\n\n" + "some words here.\n\n".repeat(100) + "Two\n---\n\n"
            + "more words.\n\n".repeat(100));
    assertThat(text.getLast().context()).isEqualTo("# One › Two");
  }

  @Test
  void whatEnclosesVeryMuchIsNoContext() {
    String method = "  void bar() {\n" + "    call(one, two, three, four);\n".repeat(60) + "  }\n";
    List<Chunk> chunks = chunks(JAVA, "class Foo {\n" + method.repeat(10) + "}\n");
    assertThat(chunks).noneMatch(chunk -> chunk.context().contains("Foo"))
        .anyMatch(chunk -> chunk.context().equals("void bar() {"));
  }

  @Test
  void filesThatAreNoTextAreSkipped() {
    assertThat(skip(new byte[0])).isEqualTo(SkipReason.BLANK);
    assertThat(skip(" \n\t\r\n".getBytes(UTF_8))).isEqualTo(SkipReason.BLANK);
    assertThat(skip("a\0b".getBytes(UTF_8))).isEqualTo(SkipReason.BINARY);
    assertThat(skip("text".getBytes(StandardCharsets.UTF_16LE))).isEqualTo(SkipReason.BINARY);
    assertThat(skip("\ufefftext\0more".getBytes(StandardCharsets.UTF_16LE)))
        .isEqualTo(SkipReason.BINARY);
    assertThat(skip(new byte[]{(byte) 0xc3, 0x28, (byte) 0x81, (byte) 0xfe, (byte) 0xff}))
        .isEqualTo(SkipReason.UNDECODABLE);
  }

  @Test
  void otherCharsetsAndMarksAreDecoded() {
    assertThat(content("\ufeffint a;\r\nint b;\r\n".getBytes(UTF_8))).isEqualTo("int a;\nint b;");
    assertThat(content("\ufeff漢字文書".getBytes(StandardCharsets.UTF_16BE))).isEqualTo("漢字文書");
    String russian = "// Это комментарий на русском языке, чтобы было что распознать.\nint a;";
    assertThat(content(russian.getBytes(Charset.forName("windows-1251")))).isEqualTo(russian);
  }

  @Test
  void utf16AndUtf32WithAMarkAreText() {
    String resource = "STRINGTABLE\r\nBEGIN\r\n  IDS_HELLO \"Grüße, 世界\"\r\nEND";
    for (Charset charset : List.of(StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE,
        StandardCharsets.UTF_32LE, StandardCharsets.UTF_32BE))
      assertThat(content(("\ufeff" + resource).getBytes(charset))).as("%s", charset)
          .isEqualTo(resource.replace("\r\n", "\n"));
  }

  @Test
  void aStrayByteInUtf8IsReplacedAndFlagged() {
    String line = "String größe = \"naïve café\"; // línea\n";
    byte[] bytes = (line.repeat(25) + "int x; // \u0000\n" + line.repeat(25)).getBytes(UTF_8);
    for (int stray : new int[]{0xff, 0xe9, 0x80, 0xc3}) {
      byte[] damaged = bytes.clone();
      damaged[new String(bytes, StandardCharsets.ISO_8859_1).indexOf('\0')] = (byte) stray;
      Chunking.Chunks chunks = (Chunking.Chunks) CHUNKER.chunk(JAVA, damaged);
      assertThat(chunks.replaced()).isTrue();
      String text = chunks.chunks().stream().map(Chunk::content)
          .collect(Collectors.joining("\n"));
      assertThat(text).contains("int x; // \ufffd", "größe = \"naïve café\"; // línea");
    }
    assertThat(((Chunking.Chunks) CHUNKER.chunk(JAVA, line.getBytes(UTF_8))).replaced()).isFalse();
  }

  @Test
  void aStrayByteInAsciiIsReplacedAndFlagged() {
    byte[] bytes = ("int count = 0; // comment\n".repeat(50) + "\u0000 x\n")
        .getBytes(StandardCharsets.ISO_8859_1);
    bytes[bytes.length - 4] = (byte) 0x81;
    Chunking.Chunks chunks = (Chunking.Chunks) CHUNKER.chunk(JAVA, bytes);
    assertThat(chunks.replaced()).isTrue();
    assertThat(chunks.chunks().getLast().content()).endsWith("\ufffd x");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      windows-1250 | // Příliš žluťoučký kůň úpěl ďábelské ódy, a potom šel spát.
      windows-1250 | // Zażółć gęślą jaźń, czyli pchnąć w tę łódź jeża lub ośm skrzyń fig.
      windows-1250 | // Árvíztűrő tükörfúrógép, amelyet mindenki ismer és használ.
      windows-1250 | // kôň, mäso, ľad, dĺžka, vŕba, ťava a šťuka
      ISO-8859-2   | // Příliš žluťoučký kůň úpěl ďábelské ódy, a potom šel spát.
      ISO-8859-2   | // Zażółć gęślą jaźń, czyli pchnąć w tę łódź jeża lub ośm skrzyń fig.
      windows-1252 | // Dès Noël où un zéphyr haï me vêt de glaçons würmiens, je dîne.
      windows-1252 | // Zwölf Boxkämpfer jagen Viktor quer über den großen Sylter Deich.
      windows-1252 | // El pingüino Wenceslao hizo kilómetros bajo exhaustiva lluvia, mañana.
      windows-1252 | // Høj bly gom vandt fræk sexquiz på wc, å ja!
      windows-1252 | // 5 m² at 20 °C: naïve “quotes” – and a café
      windows-1254 | // Pijamalı hasta yağız şoföre çabucak güvendi, öğle üzeri.
      windows-1252 | // café
      Shift_JIS    | // テストのコメントです。データを読み込みます。
      GB18030      | // 这是一个用来识别编码的中文注释，请不要删除它。
      windows-1251 | // Это комментарий на русском языке, чтобы было что распознать.
      """)
  void lettersAreThoseOfTheCharset(String charset, String text) {
    assertThat(content(text.getBytes(Charset.forName(charset)))).isEqualTo(text);
  }

  @Test
  void pointersOfGitLfsAreSkippedForWhatTheyAre() {
    assertThat(skip(("version https://git-lfs.github.com/spec/v1\noid sha256:"
        + "4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n")
        .getBytes(UTF_8))).isEqualTo(SkipReason.LFS_POINTER);
    assertThat(content("version https://git-lfs.github.com/spec/v1 is how pointers begin"
        .getBytes(UTF_8))).contains("pointers");
  }

  @Test
  void versionNamesModelAndLimits() {
    assertThat(CHUNKER.version()).isEqualTo("text-3/all-MiniLM-L6-v2/256/48");
  }

  private static void check(String text, List<Chunk> chunks) {
    String[] lines = text.replace("\r\n", "\n").split("\n", -1);
    StringBuilder all = new StringBuilder();
    int last = 0;
    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = chunks.get(i);
      assertThat(chunk.index()).isEqualTo(i);
      assertThat(EMBEDDER.tokens().count(chunk.embeddedText()) + 2).isLessThanOrEqualTo(256);
      boolean piece = chunk.startLine() == chunk.endLine()
          && !chunk.content().equals(lines[chunk.startLine() - 1]);
      assertThat(chunk.startLine()).isGreaterThanOrEqualTo(piece ? last : last + 1);
      last = chunk.endLine();
      if (piece)
        assertThat(lines[chunk.startLine() - 1]).contains(chunk.content());
      else
        assertThat(chunk.content()).isEqualTo(String.join("\n",
            List.of(lines).subList(chunk.startLine() - 1, chunk.endLine())));
      assertThat(new String(chunk.content().getBytes(UTF_8), UTF_8)).isEqualTo(chunk.content());
      all.append(chunk.content());
    }
    assertThat(visible(all.toString())).isEqualTo(visible(text));
  }

  private static String visible(String text) {
    return text.chars().filter(c -> !Character.isWhitespace(c))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static String indented(int deep) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < deep; i++)
      text.append(" ".repeat(i)).append("x\n");
    return text.toString();
  }

  private static Set<String> hashes(List<String> lines) {
    return chunks(JAVA, String.join("\n", lines)).stream().map(Chunk::vectorHash)
        .collect(Collectors.toSet());
  }

  private static List<Chunk> chunks(FilePath path, String text) {
    return ((Chunking.Chunks) CHUNKER.chunk(path, text.getBytes(UTF_8))).chunks();
  }

  private static SkipReason skip(byte[] bytes) {
    return ((Chunking.Skipped) CHUNKER.chunk(JAVA, bytes)).reason();
  }

  private static String content(byte[] bytes) {
    return ((Chunking.Chunks) CHUNKER.chunk(JAVA, bytes)).chunks().getFirst().content();
  }
}
