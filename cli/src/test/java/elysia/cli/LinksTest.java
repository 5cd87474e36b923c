package elysia.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Links in repositories, folders that are closed or are none any more, and lines that name what
/// lies outside of all allowed folders.
class LinksTest extends IndexFixture {
  private static final String OUTSIDE = "content_ref: outside of the allowed folders";

  private Path tree;

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectories(folder.resolve("shop"));
    Files.writeString(Files.createDirectories(folder.resolve("other/sub")).resolve("secret"), "s");
    Files.writeString(tree.resolve("a.py"), "a");
    link("link.txt", "../other/sub/secret");
    link("linkdir", "../other");
    link("inlink.py", "a.py");
    link("nowhere", "../other/none");
    link("loop", "loop");
    cli.workingDirectory = tree;
    api.raw(CHANGES, 200, TYPE, OK);
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(tree.resolve(name), Path.of(target));
  }

  private void git(String script) throws IOException {
    Process git = new ProcessBuilder("sh", "-ec", "git() { command git -c user.name=a"
        + " -c user.email=a@example.org -c commit.gpgsign=false \"$@\"; }\n" + script)
        .directory(tree.toFile()).redirectErrorStream(true).start();
    cli.input = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.onExit().join().exitValue()).as(cli.input).isZero();
  }

  private Cli.Result sync(String... more) {
    List<String> command = new ArrayList<>(
        List.of("index", "sync", "--collection", "code"));
    command.addAll(List.of(more));
    return cli.run(command.toArray(String[]::new));
  }

  /// Why a `content_ref` was refused.
  private String refused(String ref) {
    cli.input = "{\"repo\":\"r\",\"op\":\"add\",\"path\":\"p\",\"content_ref\":\"" + ref + "\"}\n";
    Cli.Result result = sync("--content-root", tree.toString());
    assertThat(result.exitCode()).as(ref).isEqualTo(1);
    assertThat(api.requests).isEmpty();
    return result.err().lines().findFirst().orElse("");
  }

  @Test
  void listedLinksAndWhatLiesBehindThemArePassedOverWithTheReason() {
    cli.input = "link.txt\nlinkdir/sub/secret\nlinkdir\ninlink.py\nlinkdir/\nlinkdir/sub/\na.py\n";
    Cli.Result result = sync("--stdin");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("""
        Processing 7 changes...
        [SKIP]   link.txt (a symbolic link)
        [SKIP]   linkdir/sub/secret (outside of its repository, behind a link)
        [SKIP]   linkdir (a symbolic link)
        [SKIP]   inlink.py (a symbolic link)
        [SKIP]   linkdir (a symbolic link)
        [SKIP]   linkdir/sub (outside of its repository, behind a link)
        [UPDATE] a.py (0.0kb)
        """, "Skipped: 6", "Errors: 0");
    assertThat(api.requests).singleElement().asString().contains("\"path\":\"a.py\"");
  }

  @Test
  void linksInACommitAreNoErrors() throws IOException {
    git("git init -q . && rm nowhere loop && mkdir conf && echo x > conf/x && git add -A "
        + "&& git commit -qm one && rm -r conf && ln -s ../other/sub conf && cp a.py conf/x "
        + "&& echo b > a.py && ln -sf link.txt inlink.py && git add -A && git commit -qm two "
        + "&& git diff --name-only HEAD~1");
    assertThat(cli.input.lines()).containsExactly("a.py", "conf", "conf/x", "inlink.py");
    Cli.Result result = sync("--stdin");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("""
        [UPDATE] a.py (0.0kb)
        [SKIP]   conf (a symbolic link)
        [SKIP]   conf/x (outside of its repository, behind a link)
        [SKIP]   inlink.py (a symbolic link)
        """);
  }

  @Test
  void pathsOfADocumentAreTreatedAlike() {
    cli.workingDirectory = folder;
    cli.input = "[{\"path\":\"shop\",\"changes\":[\"link.txt\",\"linkdir/sub/secret\",\"a.py\"]}]";
    Cli.Result result = sync("--json");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("[SKIP]   link.txt (a symbolic link)",
        "[SKIP]   linkdir/sub/secret (outside of its repository", "Skipped: 2");
  }

  @Test
  void nobodyLearnsFromARefusalWhatIsThereOutside() {
    for (String ref : List.of("../other/sub/secret", "../other/sub/none", "../other/none/x",
        "none/../../other/none", folder + "/none", "link.txt", "linkdir/sub/secret",
        "linkdir/sub/none", "nowhere", "x/".repeat(3_000) + "../".repeat(3_001) + "none"))
      assertThat(refused(ref)).startsWith("line 1: p: " + OUTSIDE);
  }

  @Test
  void whatCannotBeReadInAnAllowedFolderIsSaidInWords() throws IOException {
    assertThat(refused("none")).endsWith("content_ref: cannot be read: there is no such file");
    assertThat(refused("none/../none")).endsWith("cannot be read: there is no such file");
    assertThat(refused("a.py/x")).endsWith("cannot be read: Not a directory");
    assertThat(refused("loop")).endsWith("cannot be read: Too many levels of symbolic links");
    assertThat(refused(".")).endsWith("content_ref: a folder");
  }

  @Test
  void whatCannotBeSeenIsNotTakenForDeleted() throws IOException {
    Path closed = Files.createDirectories(tree.resolve("closed"));
    Files.writeString(closed.resolve("x"), "x");
    api.raw("GET /v1/collections/code/files?repo=shop", 200, "application/x-ndjson",
        "{\"path\":\"closed/x\",\"file_hash\":\"h\"}\n");
    Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("---------"));
    try {
      assumeFalse(Files.isReadable(closed), "nobody can be kept out");
      assertThat(refused("closed/x")).endsWith("cannot be read: permission denied");
      cli.input = "closed/x\n";
      Cli.Result result = sync("--stdin", "--root", tree.toString(), "--delete-missing");
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err()).contains("closed/x: cannot be read: permission denied");
      assertThat(api.requests).noneMatch(request -> request.contains("\"delete\""));
    } finally {
      Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  @Test
  void filesThatAreLinksNowAreGone() {
    api.raw("GET /v1/collections/code/files?repo=shop", 200, "application/x-ndjson",
        """
            {"path":"link.txt","file_hash":"h"}
            {"path":"linkdir/sub/secret","file_hash":"h"}
            {"path":"a.py","file_hash":"h"}
            """);
    cli.input = "a.py\n";
    Cli.Result result = sync("--stdin", "--root", tree.toString(), "--delete-missing");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("[DELETE] link.txt", "[DELETE] linkdir/sub/secret")
        .doesNotContain("[DELETE] a.py");
  }

  @Test
  void filesOfAFolderThatIsAFileNowAreGone() {
    api.raw("GET /v1/collections/code/files?repo=shop", 200, "application/x-ndjson",
        "{\"path\":\"a.py/old\",\"file_hash\":\"h\"}\n{\"path\":\"a.py\",\"file_hash\":\"h\"}\n");
    cli.input = "a.py\n";
    Cli.Result result = sync("--stdin", "--root", tree.toString(), "--delete-missing");
    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("[UPDATE] a.py", "[DELETE] a.py/old");
    cli.input = "a.py/listed\n";
    assertThat(sync("--stdin", "--root", tree.toString()).out())
        .contains("[SKIP]   a.py/listed (deleted; --delete-missing");
  }
}
