package elysia.cli.feed.input;

import elysia.core.identity.FilePath;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// Recognises the format of an input by its first line.
final class FormatDetector {
  private record Known(InputFormat format, Pattern line) {}

  private record Refused(Pattern line, String what, String instead) {}

  private static final String STATUS = "[ACDMRTUXB][0-9]{0,3}";
  private static final String NAMES = "git diff --name-status HEAD~1 | elysiactl index sync";
  private static final String PROGRESS = "Detecting changes...";
  static final String EVENT = "(?:ACCESS|MODIFY|ATTRIB|CLOSE_WRITE|CLOSE_NOWRITE|CLOSE|OPEN"
      + "|MOVED_TO|MOVED_FROM|MOVE_SELF|MOVE|CREATE|DELETE_SELF|DELETE|UNMOUNT|IGNORED|ISDIR"
      + "|Q_OVERFLOW)";

  private static final List<Known> KNOWN = List.of(
      known(InputFormat.RAW, ":[0-7]{6} [0-7]{6} [0-9a-f.]{4,64} [0-9a-f.]{4,64} " + STATUS
          + "(\\t.+)?"),
      known(InputFormat.NAME_STATUS, "[RC][0-9]{0,3}\\t[^\\t]+\\t.+|" + STATUS + "\\t.+"),
      known(InputFormat.STATUS_V2, "[12u] [.MTADRCU]{2} [NS][.CMU]{3} [0-7]{6} .+|[?!] .+"
          + "|# (branch|stash)[. ].*"),
      known(InputFormat.LS_TREE, "[0-7]{6} (blob|tree|commit) [0-9a-f]{4,64}( +[0-9-]+)?\\t.+"),
      known(InputFormat.LS_FILES, "([HSMRCK?] )?[0-7]{6} [0-9a-f]{4,64} [0-3]\\t.+"),
      known(InputFormat.INOTIFY, ".+/ " + EVENT + "(," + EVENT + ")*( .*)?|\\S+ " + EVENT
          + "(," + EVENT + ")*"));
  private static final Known STATUS_V1 = known(InputFormat.STATUS_V1,
      "([ MTADRCU][MTADRCU]|[MTADRCU][ MTADRCU]|\\?\\?|!!) .+|## .+");
  private static final Known NUL_NAME_STATUS = known(InputFormat.NAME_STATUS, STATUS);

  private static final List<Refused> REFUSED = List.of(
      refused("diff --.*|diff -.*|--- .*|\\+\\+\\+ .*|@@ .*|Index: .*|From [0-9a-f]{40,64} .*",
          "a patch", NAMES),
      refused("::+[0-7]{6} .*", "a combined diff of a merge", NAMES),
      refused("commit [0-9a-f]{40,64}.*|[0-9a-f]{40,64}", "a list of commits",
          "git log --name-status --format= HEAD~1.. | elysiactl index sync"),
      refused("On branch .*|HEAD detached .*|Not currently on any branch.*",
          "git status in words", "git status --porcelain | elysiactl index sync"),
      refused(" .+ \\| +([0-9]+( [+-]*)?|Bin .*)|([0-9]+|-)\\t([0-9]+|-)\\t.+"
          + "| (create|delete|mode|rename|copy) .+", "a summary of changes in figures", NAMES),
      refused("total [0-9.]+[kKMG]?|[-dlbcps][-rwxsStT]{9}[.+@]? .*"
          + "| *[0-9]+ +[0-9]+ [-dlbcps][-rwxsStT]{9} .*", "a listing with details",
          "find . -type f | elysiactl index sync"),
      refused("\\.:|\\./.*:", "a listing by folders", "find . -type f | elysiactl index sync"),
      refused("[<>ch.*][fdLDS][-.+cstpoguaxbnTZ?]{9} .+", "itemized changes of rsync",
          "rsync --out-format=%n … | elysiactl index sync"),
      refused(".+/,\"?" + EVENT + ".*", "events of inotifywait --csv",
          "inotifywait -m -r . | elysiactl index sync --continuous"),
      refused("[ADMRC?!~] {6,}\\S.*", "svn status",
          "svn status | cut -c9- | elysiactl index sync --delete-missing"),
      refused("[MAR!] \\S.*", "hg status",
          "hg status --no-status | elysiactl index sync --delete-missing"),
      refused("\\{\\s*|\\[\\s*|\\[\\s*\\{.*|\\{\\s*\"repositories\".*",
          "one JSON document over several lines or of repositories",
          "read it with --json: elysiactl index sync --json"));

  private FormatDetector() {}

  private static Known known(InputFormat format, String line) {
    return new Known(format, Pattern.compile(line, Pattern.DOTALL));
  }

  private static Refused refused(String line, String what, String instead) {
    return new Refused(Pattern.compile(line, Pattern.DOTALL), what, instead);
  }

  /// @param lines the first lines, one char per byte
  /// @param nul they ended with NUL
  /// @param exists tells whether a line is the path of a file
  /// @throws UnusableInput it is recognised and of no use
  static InputFormat detect(List<String> lines, boolean nul, Predicate<FilePath> exists)
      throws UnusableInput {
    String first = first(lines);
    if (first.isEmpty())
      return InputFormat.PATHS;
    if (!nul && first.indexOf('\0') >= 0)
      throw new UnusableInput("the input is separated by NUL", "add -z");
    byte[] bytes = first.getBytes(StandardCharsets.ISO_8859_1);
    if (exists.test(FilePath.ofBytes(bytes)))
      return InputFormat.PATHS;
    for (Refused refused : REFUSED)
      if (refused.line().matcher(first).matches())
        throw new UnusableInput("the input is " + refused.what() + " (expected: paths, lines of"
            + " the change format, or what git diff --name-status says)", refused.instead());
    for (Known known : KNOWN)
      if (known.line().matcher(first).matches())
        return known.format();
    if (nul && NUL_NAME_STATUS.line().matcher(first).matches() && lines.size() > 1)
      return NUL_NAME_STATUS.format();
    if (STATUS_V1.line().matcher(first).matches())
      return STATUS_V1.format();
    return object(first) ? InputFormat.OBJECTS : InputFormat.PATHS;
  }

  private static String first(List<String> lines) {
    for (String line : lines)
      if (!line.isBlank() && !line.startsWith(PROGRESS))
        return line;
    return "";
  }

  /// A path such as `{{name}}/file` begins with a brace, too.
  private static boolean object(String line) {
    String text = line.strip();
    return text.startsWith("{")
        && (text.length() == 1 || " \t'}\"".indexOf(text.charAt(1)) >= 0 || text.contains("\""));
  }
}
