package elysia.deploy.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import elysia.testkit.git.GitRepository;
import elysia.testkit.index.IndexCheck;
import elysia.testkit.node.Api;
import elysia.testkit.node.NodeProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Every kind of change that a commit can make, one sync each; after each the index is exact.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EveryChange {
  static final long MAX_SIZE = 20_000;

  private Path folder = Path.of("");
  private NodeProcess node = NodeProcess.cheap(folder);
  private IndexCheck index = new IndexCheck(node);
  private GitRepository repository = new GitRepository(folder);
  private String name = "";
  private final Map<String, GitRepository> repositories = new HashMap<>();

  /// The node, not yet started.
  abstract NodeProcess node(Path folder) throws IOException;

  final NodeProcess node() {
    return node;
  }

  /// Those of the tests that ran, by name.
  final Map<String, GitRepository> repositories() {
    return repositories;
  }

  @BeforeAll
  void startNode(@TempDir Path temporary) throws IOException {
    folder = temporary;
    node = node(folder).start();
    index = new IndexCheck(node);
  }

  @AfterAll
  void endNode() {
    node.close();
  }

  @BeforeEach
  void addRepository(TestInfo test) throws IOException {
    name = test.getTestMethod().orElseThrow().getName();
    repository = GitRepository.create(folder.resolve(name));
    repository.write("Stays.java", "class Stays {\n  int field = 1;\n}\n");
    repository.write("Other.java", "class Other {\n  int field = 2;\n}\n");
    repository.commit("Start");
    node.ok("repo", "add", repository.folder().toString(), "--name", name, "--max-file-size",
        Long.toString(MAX_SIZE));
    repositories.put(name, repository);
    exact();
  }

  private void exact() {
    index.verifiedByApi(name);
    index.equalsTree(name, repository, repository.head(), MAX_SIZE, Integer.MAX_VALUE);
  }

  private JsonNode synced() {
    JsonNode status = node.api().sync(name, repository.head());
    exact();
    return status;
  }

  private JsonNode committed(String message) {
    repository.commit(message);
    return synced();
  }

  private long documents(JsonNode status) {
    return status.path("documents").asLong();
  }

  private long embedded(JsonNode status) {
    return Api.last(status, "chunks_embedded");
  }

  @Test
  void editsAndDeletes() throws IOException {
    repository.write("Other.java", "class Other {\n  int field = 3;\n}\n");
    assertThat(embedded(committed("Edit"))).isEqualTo(1);
    Files.delete(repository.folder().resolve("Other.java"));
    assertThat(documents(committed("Delete"))).isEqualTo(1);
    Files.delete(repository.folder().resolve("Stays.java"));
    assertThat(documents(committed("Delete the last"))).isZero();
    repository.write("Other.java", "class Other {\n  int field = 3;\n}\n");
    assertThat(embedded(committed("Bring it back"))).isZero();
  }

  @Test
  void modesEmptyCommitsAndCase() throws IOException {
    Files.setPosixFilePermissions(repository.folder().resolve("Other.java"),
        PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThat(embedded(committed("Executable"))).isZero();
    assertThat(embedded(committed("Nothing"))).isZero();
    repository.git("mv", "Other.java", "OTHER.java");
    JsonNode renamed = committed("Case only");
    assertThat(embedded(renamed)).isZero();
    assertThat(documents(renamed)).isEqualTo(2);
  }

  @Test
  void fileAndLinkTakeTurns() throws IOException {
    Path file = repository.folder().resolve("Other.java");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("Stays.java"));
    assertThat(documents(committed("Link"))).isEqualTo(1);
    Files.delete(file);
    repository.write("Other.java", "class Other {\n  int field = 2;\n}\n");
    JsonNode back = committed("File again");
    assertThat(documents(back)).isEqualTo(2);
    assertThat(embedded(back)).isZero();
  }

  @Test
  void fileAndFolderTakeTurns() throws IOException {
    Files.delete(repository.folder().resolve("Other.java"));
    repository.write("Other.java/Inner.java", "class Inner {}\n");
    assertThat(documents(committed("Folder"))).isEqualTo(2);
    Files.delete(repository.folder().resolve("Other.java/Inner.java"));
    Files.delete(repository.folder().resolve("Other.java"));
    repository.write("Other.java", "class Other {\n  int field = 4;\n}\n");
    assertThat(documents(committed("File"))).isEqualTo(2);
  }

  @Test
  void submoduleEntryIsNoFile() {
    repository.git("update-index", "--add", "--cacheinfo",
        "160000," + "1".repeat(40) + ",module");
    repository.commitIndex("Submodule");
    assertThat(documents(synced())).isEqualTo(2);
    repository.git("rm", "-q", "--cached", "module");
    repository.stage("module".getBytes(StandardCharsets.US_ASCII), "100644", "now a file\n");
    repository.commitIndex("File instead");
    assertThat(documents(synced())).isEqualTo(3);
  }

  @Test
  void binaryBecomesTextAndBack() throws IOException {
    byte[] binary = "class Other { /* \0 */ }\n".getBytes(StandardCharsets.US_ASCII);
    repository.write("Other.java", binary);
    assertThat(documents(committed("Binary"))).isEqualTo(1);
    repository.write("Other.java", "class Other { /* text */ }\n");
    assertThat(documents(committed("Text"))).isEqualTo(2);
    repository.write("Other.java", binary);
    assertThat(documents(committed("Binary again"))).isEqualTo(1);
    repository.write("Other.java", "  \n\t\n");
    assertThat(documents(committed("Blank"))).isEqualTo(1);
    repository.write("Other.java", "");
    assertThat(documents(committed("Empty"))).isEqualTo(1);
  }

  @Test
  void fileGrowsOverTheMaximumAndShrinksBelowIt() throws IOException {
    String small = "line of a file that grows\n".repeat(100);
    repository.write("Grows.txt", small);
    assertThat(documents(committed("Small"))).isEqualTo(3);
    repository.write("Grows.txt", small.repeat(10));
    assertThat(documents(committed("Too large"))).isEqualTo(2);
    repository.write("Grows.txt", "x".repeat((int) MAX_SIZE) + "\n");
    assertThat(documents(committed("One byte too large"))).isEqualTo(2);
    repository.write("Grows.txt", "x".repeat((int) MAX_SIZE));
    assertThat(documents(committed("Just small enough"))).isEqualTo(3);
    repository.write("Grows.txt", small);
    assertThat(embedded(committed("Small again"))).isZero();
  }

  @Test
  void pathsOfAllKinds() throws IOException {
    int count = 2;
    for (String path : new String[]{"with space.txt", "quote\".txt", "back\\slash.txt",
        "new\nline.txt", "tab\there.txt", "ünï/cødé.txt", "日本語.txt", "emoji 😀.txt",
        "glob[a-z]*{x}?.txt", "-dash.txt", "--option=x.txt", "trailing .txt ", "...dots.txt",
        ":(exclude)magic.txt", "\"quoted\".txt", "e\u0301 decomposed.txt", "$(touch x).txt"}) {
      repository.write(path, "content of file number " + count++ + "\n");
    }
    assertThat(documents(committed("Odd paths"))).isEqualTo(count);
    repository.stage(bytes("latin-caf\u00e9.txt"), "100644", "not UTF-8 in its path\n");
    repository.stage(bytes("dir-\u00ff/file.txt"), "100755", "not UTF-8 in its folder\n");
    repository.commitIndex("Bytes");
    assertThat(documents(synced())).isEqualTo(count + 2);
    repository.git("rm", "-q", "--cached", "-r", ".");
    repository.stage(bytes("moved-caf\u00e9.txt"), "100644", "not UTF-8 in its path\n");
    repository.commitIndex("Renamed bytes");
    JsonNode renamed = synced();
    assertThat(documents(renamed)).isEqualTo(1);
    assertThat(embedded(renamed)).isZero();
  }

  private static byte[] bytes(String latin) {
    return latin.getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  void lineEndsAndCharsets() throws IOException {
    repository.write("Dos.txt", "first\r\nsecond\r\n\r\nthird\r\n");
    repository.write("Mark.txt", "\ufeffwith a byte order mark\nsecond\n");
    repository.write("Latin.txt", bytes("""
        Die Größe der Tür überrascht die Gäste, die früh über die Straße kamen.
        Später würden sie die Höhe der Bäume rühmen und Äpfel und Öl kaufen.
        """));
    repository.write("NoEnd.txt", "no line end at the end");
    assertThat(documents(committed("Charsets"))).isEqualTo(6);
    repository.write("Dos.txt", "first\nsecond\n\nthird\n");
    committed("Line ends");
    repository.write("Dos.txt", "first\r\nsecond\n\r\nthird");
    committed("Mixed line ends");
  }

  @Test
  void attributesChangeNothing() throws IOException {
    repository.write(".gitattributes",
        "* text=auto eol=crlf ident filter=rot\n*.java working-tree-encoding=UTF-16 export-ignore\n");
    repository.write("Ident.txt", "$Id$\nsecond line\n");
    repository.git("-c", "core.attributesFile=/dev/null", "add", ".gitattributes");
    repository.stage(bytes("Ident.txt"), "100644", "$Id$\nsecond line\n");
    repository.commitIndex("Attributes");
    assertThat(documents(synced())).isEqualTo(4);
  }
}
