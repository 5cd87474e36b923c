package elysia.worker.lucene;

import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.PatternSyntaxException;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.AutomatonQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.util.automaton.Automata;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.apache.lucene.util.automaton.TooComplexToDeterminizeException;

/// A path glob as a query over the terms of a field.
final class PathGlob {
  private static final int MAX_CHAR = Character.MAX_CODE_POINT;
  private final String glob;
  private int at;

  private PathGlob(String glob) {
    this.glob = glob;
  }

  /// Matches terms as `java.nio`'s glob matcher matches paths.
  ///
  /// @throws PatternSyntaxException
  ///           when it is no glob, or one too complex
  static Query query(String field, String glob) {
    return new AutomatonQuery(new Term(field, glob), automaton(glob));
  }

  static Automaton automaton(String glob) {
    var _ = FileSystems.getDefault().getPathMatcher("glob:" + glob); // refuses what is no glob
    try {
      return Operations.determinize(new PathGlob(glob).sequence(false),
          Operations.DEFAULT_DETERMINIZE_WORK_LIMIT);
    } catch (TooComplexToDeterminizeException e) {
      throw new PatternSyntaxException("too many wildcards", glob, -1);
    }
  }

  private Automaton sequence(boolean inGroup) {
    List<Automaton> parts = new ArrayList<>();
    parts.add(Automata.makeEmptyString());
    while (at < glob.length()) {
      int c = glob.codePointAt(at);
      if (inGroup && (c == ',' || c == '}'))
        break;
      at += Character.charCount(c);
      parts.add(switch (c) {
        case '*' -> star();
        case '?' -> notSlash();
        case '[' -> characterClass();
        case '{' -> group();
        case '\\' -> Automata.makeChar(take());
        default -> Automata.makeChar(c);
      });
    }
    return Operations.concatenate(parts);
  }

  private Automaton star() {
    if (at == glob.length() || glob.charAt(at) != '*')
      return Operations.repeat(notSlash());
    at++;
    return Automata.makeAnyString();
  }

  private static Automaton notSlash() {
    return Automata.makeCharClass(new int[]{0, '/' + 1}, new int[]{'/' - 1, MAX_CHAR});
  }

  private Automaton group() {
    List<Automaton> alternatives = new ArrayList<>();
    boolean more = true;
    while (more) {
      alternatives.add(sequence(true));
      more = take() == ',';
    }
    return Operations.union(alternatives);
  }

  private Automaton characterClass() {
    boolean not = glob.charAt(at) == '!';
    if (not)
      at++;
    List<Automaton> members = new ArrayList<>();
    while (glob.charAt(at) != ']') {
      int from = take();
      int to = from;
      boolean range = at + 1 < glob.length() && glob.charAt(at) == '-'
          && glob.charAt(at + 1) != ']';
      if (range) {
        at++;
        to = take();
      }
      members.add(Automata.makeCharRange(from, to));
    }
    at++;
    Automaton named = Operations.union(members);
    return not
        ? Operations.minus(notSlash(), named, Operations.DEFAULT_DETERMINIZE_WORK_LIMIT)
        : Operations.intersection(notSlash(), named);
  }

  private int take() {
    int c = glob.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }
}
