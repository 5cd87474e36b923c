package elysia.testkit.store;

import static elysia.testkit.store.StoreContract.assertRefused;
import static elysia.testkit.store.TestChunks.REPO;
import static elysia.testkit.store.TestChunks.at;
import static elysia.testkit.store.TestChunks.chunk;
import static elysia.testkit.store.TestChunks.with;
import static elysia.testkit.store.TestChunks.withoutVector;
import static org.assertj.core.api.Assertions.assertThat;

import elysia.core.embed.Embedding;
import elysia.core.identity.CollectionName;
import elysia.core.identity.RepositoryName;
import elysia.core.store.SearchMode;
import elysia.core.store.StoreHit;
import elysia.core.store.StoreQuery;
import elysia.core.store.StoredChunk;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Search in all its modes.
public interface StoreSearchContract extends StoreContract {
  private List<StoreHit> search(CollectionName name, String text, SearchMode mode, int limit) {
    return store().search(query(name, text, mode, Optional.empty(), limit)).orElseThrow();
  }

  private StoreQuery query(CollectionName name, String text, SearchMode mode,
      Optional<String> glob, int limit) {
    Optional<Embedding> vector = mode == SearchMode.KEYWORD ? Optional.empty() : Optional.of(at(0));
    return new StoreQuery(name, text, vector, mode, List.of(), glob, Optional.empty(), limit);
  }

  private List<String> keyword(CollectionName name, String text) {
    return paths(search(name, text, SearchMode.KEYWORD, 10));
  }

  private static List<String> paths(List<StoreHit> hits) {
    return hits.stream().map(hit -> hit.chunk().path().value()).toList();
  }

  private List<String> matching(CollectionName name, String glob) {
    List<String> byKeyword = paths(store()
        .search(query(name, "needle", SearchMode.KEYWORD, Optional.of(glob), 50)).orElseThrow());
    List<String> byVector = paths(store()
        .search(query(name, "needle", SearchMode.VECTOR, Optional.of(glob), 50)).orElseThrow());
    assertThat(byVector).containsExactlyInAnyOrderElementsOf(byKeyword);
    return byKeyword;
  }

  @Test
  default void vectorSearchRanksByAngle() {
    CollectionName name = freshCollection();
    StoredChunk near = with(chunk(name, "near", "x"), at(5));
    StoredChunk middle = with(chunk(name, "middle", "x"), at(40));
    StoredChunk far = with(chunk(name, "far", "x"), at(120));
    write(name, far, near, middle);
    List<StoreHit> hits = search(name, "x", SearchMode.VECTOR, 10);
    assertThat(hits).extracting(StoreHit::chunk)
        .containsExactly(withoutVector(near), withoutVector(middle), withoutVector(far));
    assertThat(hits).extracting(StoreHit::score).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(paths(search(name, "x", SearchMode.VECTOR, 2))).containsExactly("near", "middle");
  }

  @Test
  default void theLengthOfAVectorDoesNotMatter() {
    CollectionName name = freshCollection();
    float[] tall = at(50).toArray();
    for (int i = 0; i < tall.length; i++)
      tall[i] *= 30;
    write(name, with(chunk(name, "tall", "x"), Embedding.of(tall)),
        with(chunk(name, "near", "x"), at(10)));
    assertThat(paths(search(name, "x", SearchMode.VECTOR, 10))).containsExactly("near", "tall");
  }

  @Test
  default void keywordSearchRanksByWords() {
    CollectionName name = freshCollection();
    StoredChunk often = chunk(name, "often", "zebra zebra zebra");
    StoredChunk once = chunk(name, "once", "the zebra and the lion and the antelope at a river");
    write(name, once, often, chunk(name, "none", "nothing of it"));
    List<StoreHit> hits = search(name, "zebra", SearchMode.KEYWORD, 10);
    assertThat(hits).extracting(StoreHit::chunk)
        .containsExactly(withoutVector(often), withoutVector(once));
    assertThat(hits).extracting(StoreHit::score).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(keyword(name, "Antelope ZEBRA lion")).containsExactly("once", "often");
    assertThat(keyword(name, "absent")).isEmpty();
  }

  @Test
  default void keywordSearchKnowsThePartsOfIdentifiers() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "camel", "void parseHTTPHeader2(Url targetHost)"),
        chunk(name, "snake", "max_retry_count = 3"), chunk(name, "digits", "sha256sum(x)"),
        chunk(name, "shout", "final int DEFAULT_PORT_NUMBER;"));
    assertThat(keyword(name, "header")).containsExactly("camel");
    assertThat(keyword(name, "http")).containsExactly("camel");
    assertThat(keyword(name, "host")).containsExactly("camel");
    assertThat(keyword(name, "parseHTTPHeader2")).first().isEqualTo("camel");
    assertThat(keyword(name, "retry")).containsExactly("snake");
    assertThat(keyword(name, "maxRetryCount")).containsExactly("snake");
    assertThat(keyword(name, "max_retry_count")).containsExactly("snake");
    assertThat(keyword(name, "sha")).containsExactly("digits");
    assertThat(keyword(name, "256")).containsExactly("digits");
    assertThat(keyword(name, "defaultPortNumber")).containsExactly("shout");
    assertThat(keyword(name, "port number")).containsExactly("shout");
  }

  @Test
  default void keywordSearchKnowsTheWordsOfThePath() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "src/billing/InvoicePrinter.java", "class X {}"),
        chunk(name, "src/users/Login.java", "class Y {}"));
    assertThat(keyword(name, "billing")).containsExactly("src/billing/InvoicePrinter.java");
    assertThat(keyword(name, "printer")).containsExactly("src/billing/InvoicePrinter.java");
    assertThat(keyword(name, "login")).containsExactly("src/users/Login.java");
  }

  @Test
  default void keywordSearchKnowsAllScripts() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "de", "die Größe ändern"), chunk(name, "ja", "設定を読む"),
        chunk(name, "ru", "Прочитать файл"));
    assertThat(keyword(name, "GRÖßE")).containsExactly("de");
    assertThat(keyword(name, "読")).containsExactly("ja");
    assertThat(keyword(name, "файл")).containsExactly("ru");
  }

  @Test
  default void anyTextIsAQuery() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "a", "alpha beta"));
    assertThat(keyword(name, "?!* ()")).isEmpty();
    assertThat(keyword(name, "beta:[ AND \"alpha OR -( ~^ \\ {\u0000}")).containsExactly("a");
    assertThat(keyword(name, "alpha ".repeat(1_600))).containsExactly("a");
    StringBuilder many = new StringBuilder("alpha");
    for (int i = 0; i < 1_500; i++)
      many.append(" w").append(i);
    assertThat(keyword(name, many.toString())).containsExactly("a");
  }

  /// With k = 60: both at rank 2 is 0.0323; first and 20th is 0.0289; first in one only is 0.0164.
  @Test
  default void hybridSearchFusesTheRanks() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    chunks.add(
        with(chunk(name, "both", "the zebra and the lion and the antelope at a river"), at(2)));
    chunks.add(with(chunk(name, "words", "zebra zebra zebra"), at(90)));
    chunks.add(with(chunk(name, "vector", "nothing of it"), at(1)));
    for (int i = 0; i < 17; i++)
      chunks.add(with(chunk(name, "filler" + i, "something else " + i), at(10 + i)));
    write(name, chunks);
    List<StoreHit> hits = search(name, "zebra", SearchMode.HYBRID, 3);
    assertThat(paths(hits)).containsExactly("both", "words", "vector");
    assertThat(hits).extracting(StoreHit::score).isSortedAccordingTo(Comparator.reverseOrder());
    assertThat(hits.getFirst().chunk()).isEqualTo(withoutVector(chunks.getFirst()));
    assertThat(paths(search(name, "zebra", SearchMode.HYBRID, 1))).containsExactly("both");
    assertThat(search(name, "zebra", SearchMode.HYBRID, 100)).hasSize(20)
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  default void filtersLeaveOnlyWhatTheyName(SearchMode mode) {
    CollectionName name = freshCollection();
    RepositoryName other = new RepositoryName("github.com/o/n");
    List<StoredChunk> chunks = new ArrayList<>();
    for (int i = 0; i < 60; i++) // nearer than all that the filters name
      chunks.add(with(chunk(name, "src/n" + i + ".java", "needle"), at(i / 60.0)));
    chunks.add(with(chunk(name, REPO, "src/script.py", 0, "needle in it"), at(60)));
    chunks.add(with(chunk(name, other, "src/n1.java", 0, "needle over there"), at(70)));
    chunks.add(with(chunk(name, other, "lib/script.py", 0, "one more needle"), at(80)));
    write(name, chunks);
    Optional<String> any = Optional.empty();
    assertThat(filtered(name, mode, List.of(), any, Optional.of("python"), 10))
        .containsExactlyInAnyOrder("src/script.py", "lib/script.py");
    assertThat(filtered(name, mode, List.of(other), any, any, 10))
        .containsExactlyInAnyOrder("src/n1.java", "lib/script.py");
    assertThat(filtered(name, mode, List.of(other, REPO), any, Optional.of("python"), 10))
        .containsExactlyInAnyOrder("src/script.py", "lib/script.py");
    assertThat(filtered(name, mode, List.of(), Optional.of("lib/*"), any, 10))
        .containsExactly("lib/script.py");
    assertThat(filtered(name, mode, List.of(REPO), Optional.of("*.py"), Optional.of("python"), 10))
        .containsExactly("src/script.py");
    assertThat(filtered(name, mode, List.of(), any, Optional.of("cobol"), 10)).isEmpty();
    assertThat(filtered(name, mode, List.of(new RepositoryName("none")), any, any, 10)).isEmpty();
    assertThat(filtered(name, mode, List.of(), any, any, 7)).hasSize(7);
    assertThat(filtered(name, mode, List.of(), any, any, 1_000)).hasSize(63);
  }

  private List<String> filtered(CollectionName name, SearchMode mode, List<RepositoryName> repos,
      Optional<String> glob, Optional<String> language, int limit) {
    return paths(store().search(new StoreQuery(name, "needle", Optional.of(at(0)), mode, repos,
        glob, language, limit)).orElseThrow());
  }

  @Test
  default void pathGlobsMatchAsTheQuerySays() {
    CollectionName name = freshCollection();
    List<StoredChunk> chunks = new ArrayList<>();
    List<String> all = List.of("A.java", "src/A.java", "src/main/B.java", "src/main/deep/C.java",
        "src/main/c.py", "test/A.java", "docs/a b.md", "docs/\u00fc.md", "odd/[x].txt",
        "odd/x.txt", "odd/\uD83D\uDE00.txt");
    for (String path : all)
      chunks.add(chunk(name, path, "needle"));
    write(name, chunks);
    assertThat(matching(name, "*.java")).containsExactlyInAnyOrder("A.java", "src/A.java",
        "src/main/B.java", "src/main/deep/C.java", "test/A.java");
    assertThat(matching(name, "A.java"))
        .containsExactlyInAnyOrder("A.java", "src/A.java", "test/A.java");
    assertThat(matching(name, "src/*.java")).containsExactly("src/A.java");
    assertThat(matching(name, "src/**.java"))
        .containsExactlyInAnyOrder("src/A.java", "src/main/B.java", "src/main/deep/C.java");
    assertThat(matching(name, "src/main/**"))
        .containsExactlyInAnyOrder("src/main/B.java", "src/main/deep/C.java", "src/main/c.py");
    assertThat(matching(name, "**/deep/*")).containsExactly("src/main/deep/C.java");
    assertThat(matching(name, "{src,test}/A.{java,py}"))
        .containsExactlyInAnyOrder("src/A.java", "test/A.java");
    assertThat(matching(name, "[B-D].java"))
        .containsExactlyInAnyOrder("src/main/B.java", "src/main/deep/C.java");
    assertThat(matching(name, "[!B-D].java"))
        .containsExactlyInAnyOrder("A.java", "src/A.java", "test/A.java");
    assertThat(matching(name, "docs/a ?.md")).containsExactly("docs/a b.md");
    assertThat(matching(name, "\u00fc.*")).containsExactly("docs/\u00fc.md");
    assertThat(matching(name, "odd/\\[x].txt")).containsExactly("odd/[x].txt");
    assertThat(matching(name, "odd/?.txt")).contains("odd/x.txt");
    assertThat(matching(name, "**")).hasSameSizeAs(all);
    assertThat(matching(name, "a.JAVA")).isEmpty();
    assertThat(matching(name, "src")).isEmpty();
  }

  @Test
  default void pathGlobsLookAtNamesThatAreNoTextWithoutTheirQuotes() {
    CollectionName name = freshCollection();
    String top = "\"caf\\351 \\377.py\"";
    String deep = "\"src/\\303\\274 \\351.py\"";
    String odd = "\"\\\"x\\\\y.c\"";
    String plain = "src/a.py";
    List<StoredChunk> chunks = new ArrayList<>();
    for (String path : List.of(top, deep, odd, plain))
      chunks.add(chunk(name, path, "needle"));
    write(name, chunks);
    assertThat(matching(name, "*.py")).containsExactlyInAnyOrder(top, deep, plain);
    assertThat(matching(name, "**.py")).containsExactlyInAnyOrder(top, deep, plain);
    assertThat(matching(name, "src/**")).containsExactlyInAnyOrder(deep, plain);
    assertThat(matching(name, "caf? ?.py")).containsExactly(top);
    assertThat(matching(name, "caf*")).containsExactly(top);
    assertThat(matching(name, "src/\u00fc ?.py")).containsExactly(deep);
    assertThat(matching(name, "[!a] ?.py")).containsExactly(deep);
    assertThat(matching(name, "\"x\\\\y.c")).containsExactly(odd);
    assertThat(matching(name, "*.py\"")).isEmpty();
    assertThat(matching(name, "*351*")).isEmpty();
  }

  @Test
  default void aGlobThatIsNoneIsRefused() {
    CollectionName name = freshCollection();
    write(name, chunk(name, "a", "needle"));
    for (String glob : List.of("[a", "{a,b", "a\\", "[z-a]", "{a,{b,c}}"))
      assertRefused(store().search(query(name, "needle", SearchMode.KEYWORD, Optional.of(glob), 5)),
          "invalid_glob");
  }
}
