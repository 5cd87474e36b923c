package elysia.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The size of source files, imports and constructors (CONTRIBUTING, How the code reads).
class SourceFilesTest {
  private static final Path ROOT = Path.of("..");
  private static final int LINES = 400;
  private static final int IMPORTS = 40;
  private static final int PARAMETERS = 7;
  /// Over a limit, and by how much at most: only ever less.
  private static final Map<String, Integer> LINES_LEFT = Map.of("cli/feed/state/RunState", 401);
  private static final Map<String, Integer> IMPORTS_LEFT = Map.of(
      "coordinator/feed/ShardedChanges", 47, "deploy/node/Node", 88, "deploy/feed/FeedNode", 46,
      "deploy/feed/FeedRig", 69, "http/feed/FeedRoutes", 42, "http/server/HttpServer", 48,
      "http/server/FakePorts", 44, "http/server/OpenApiTest", 41, "worker/lucene/LuceneStore", 43,
      "worker/pool/WorkerPoolActor", 43);
  private static final Map<String, Integer> PARAMETERS_LEFT = Map.of(
      "elysia.coordinator.repository.ShardedRepositories", 9,
      "elysia.coordinator.feed.ShardedChanges", 11, "elysia.cli.feed.upload.Uploader", 8,
      "elysia.deploy.access.StoredTokens", 8);

  private static List<Path> sources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      return modules.map(module -> module.resolve("src")).filter(Files::isDirectory)
          .flatMap(SourceFilesTest::java).toList();
    }
  }

  private static Stream<Path> java(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path file) {
    return file.toString().replaceFirst(".*/elysia/", "").replaceFirst("\\.java$", "");
  }

  private static long lines(Path file, Predicate<String> wanted) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.filter(wanted).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noFileHasMoreThan400Lines() throws IOException {
    assertThat(sources()).hasSizeGreaterThan(500)
        .filteredOn(file -> lines(file, _ -> true) > LINES_LEFT.getOrDefault(name(file), LINES))
        .isEmpty();
  }

  @Test
  void noFileHasMoreThan40Imports() throws IOException {
    assertThat(sources()).filteredOn(file -> lines(file, line -> line
        .startsWith("import ")) > IMPORTS_LEFT.getOrDefault(name(file), IMPORTS)).isEmpty();
  }

  /// A record's canonical constructor is its data; enums get a name and an ordinal beside theirs.
  @Test
  void noConstructorHasMoreThanSevenParameters() {
    List<String> large = new ClassFileImporter()
        .withImportOption(location -> !location.contains("/test-classes/")).importPackages("elysia")
        .stream().filter(type -> !type.isRecord() && !type.isEnum())
        .flatMap(type -> type.getConstructors().stream()).filter(SourceFilesTest::large)
        .map(JavaConstructor::getFullName).toList();
    assertThat(large).isEmpty();
  }

  private static boolean large(JavaConstructor constructor) {
    JavaClass type = constructor.getOwner();
    int outer = type.isInnerClass() || type.isLocalClass() ? 1 : 0;
    return !type.isAnonymousClass() && constructor.getRawParameterTypes().size()
        - outer > PARAMETERS_LEFT.getOrDefault(type.getName(), PARAMETERS);
  }
}
