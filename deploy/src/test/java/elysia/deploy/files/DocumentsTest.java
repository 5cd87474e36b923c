package elysia.deploy.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DocumentsTest {
  private static final Path ROOT = Path.of("..");
  private static final int LONGEST_LINE = 160;
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:\\s]*)(#[^)\\s]+)?\\)");
  private static final Pattern FENCED = Pattern.compile("(?ms)^\\s*```.*?^\\s*```");
  private static final Pattern TYPE = Pattern
      .compile("`([A-Z][A-Za-z0-9]*[a-z][A-Za-z0-9]*)(\\.[A-Za-z]+)?`");
  private static final Pattern IN_PICTURE = Pattern.compile("\\b[A-Z][a-z]+(?:[A-Z][a-z]+)+\\b");
  private static final Pattern DECLARED = Pattern
      .compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

  @Test
  void noLineIsLongerThanAScreen() throws IOException {
    List<String> longer = new ArrayList<>();
    for (Path page : pages()) {
      List<String> lines = Files.readAllLines(page);
      for (int i = 0; i < lines.size(); i++)
        if (lines.get(i).length() > LONGEST_LINE)
          longer.add(page + ":" + (i + 1));
    }
    assertThat(longer).isEmpty();
  }

  @Test
  void everyLinkLeadsToAFileAndAHeading() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(FENCED.matcher(Files.readString(page)).replaceAll(""));
      while (link.find()) {
        Path target = link.group(1).isEmpty()
            ? page
            : page.resolveSibling(link.group(1)).normalize();
        if (!Files.exists(target)
            || (link.group(2) != null && !headings(target).contains(link.group(2))))
          broken.add(page + ": " + link.group());
      }
    }
    assertThat(broken).isEmpty();
  }

  @Test
  void everyTypeThatTheArchitectureNamesIsInTheCode() throws IOException {
    Set<String> declared = declared();
    String text = Files.readString(ROOT.resolve("docs/architecture.md"));
    TreeSet<String> named = new TreeSet<>();
    TYPE.matcher(text).results().forEach(type -> named.add(type.group(1)));
    FENCED.matcher(text).results().forEach(picture -> IN_PICTURE.matcher(picture.group()).results()
        .forEach(type -> named.add(type.group())));

    assertThat(named).contains("RepositoryActor", "Dispatcher");
    assertThat(declared).containsAll(named);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    for (String folder : new String[]{"", "docs", "bench", "deploy"})
      try (Stream<Path> files = Files.walk(ROOT.resolve(folder), folder.isEmpty() ? 1 : 3)) {
        files
            .filter(
                file -> file.toString().endsWith(".md") && !file.toString().contains("/target/"))
            .forEach(pages::add);
      }
    assertThat(pages).hasSizeGreaterThan(10);
    return pages;
  }

  /// As GitHub makes anchors of headings.
  private static Set<String> headings(Path page) throws IOException {
    Set<String> anchors = new HashSet<>();
    for (String line : Files.readAllLines(page))
      if (line.startsWith("#"))
        anchors.add("#" + line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'));
    return anchors;
  }

  private static Set<String> declared() throws IOException {
    Set<String> names = new HashSet<>();
    try (Stream<Path> files = Files.find(ROOT, 12,
        (file, _) -> file.toString().endsWith(".java") && file.toString().contains("/src/"))) {
      for (Path file : files.toList()) {
        Matcher type = DECLARED.matcher(Files.readString(file));
        while (type.find())
          names.add(type.group(1));
      }
    }
    return names;
  }
}
