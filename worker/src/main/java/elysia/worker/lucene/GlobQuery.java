package elysia.worker.lucene;

import elysia.core.glob.Glob;
import elysia.core.glob.Glob.Range;
import elysia.core.glob.Glob.Token;
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

/// A glob as a query over the terms of a field.
final class GlobQuery {
  private static final int MAX_CHAR = Character.MAX_CODE_POINT;

  private GlobQuery() {}

  /// @throws PatternSyntaxException when it is too complex
  static Query of(String field, Glob glob) {
    return new AutomatonQuery(new Term(field, glob.text()), automaton(glob));
  }

  static Automaton automaton(Glob glob) {
    try {
      return Operations.determinize(sequence(glob.tokens()),
          Operations.DEFAULT_DETERMINIZE_WORK_LIMIT);
    } catch (TooComplexToDeterminizeException e) {
      throw new PatternSyntaxException("too many wildcards", glob.text(), -1);
    }
  }

  private static Automaton sequence(List<Token> tokens) {
    List<Automaton> parts = new ArrayList<>();
    parts.add(Automata.makeEmptyString());
    for (Token token : tokens)
      parts.add(switch (token) {
        case Token.Literal(var text) -> Automata.makeString(text);
        case Token.AnyText _ -> Automata.makeAnyString();
        case Token.AnyInSegment _ -> Operations.repeat(notSlash());
        case Token.AnyCharacter _ -> notSlash();
        case Token.CharacterClass(var negated, var ranges) -> characterClass(negated, ranges);
        case Token.Alternatives(var sequences) -> Operations
            .union(sequences.stream().map(GlobQuery::sequence).toList());
      });
    return Operations.concatenate(parts);
  }

  private static Automaton notSlash() {
    return Automata.makeCharClass(new int[]{0, '/' + 1}, new int[]{'/' - 1, MAX_CHAR});
  }

  private static Automaton characterClass(boolean negated, List<Range> ranges) {
    Automaton named = Operations.union(
        ranges.stream().map(range -> Automata.makeCharRange(range.from(), range.to())).toList());
    return negated
        ? Operations.minus(notSlash(), named, Operations.DEFAULT_DETERMINIZE_WORK_LIMIT)
        : Operations.intersection(notSlash(), named);
  }
}
