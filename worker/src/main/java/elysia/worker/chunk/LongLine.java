package elysia.worker.chunk;

import elysia.core.embed.TokenCounter;
import java.util.ArrayList;
import java.util.List;

/// A line that does not fit, in pieces that do.
///
/// The place of a cut is chosen by the text around it among those that leave the piece well filled,
/// so that cuts after an edit fall where they fell before.
final class LongLine {
  /// Share of the longest possible piece after which a cut may fall.
  private static final double EARLIEST = 0.6;
  private static final int HASHED = 12;
  /// How a first guess comes near the limit, and when it is near enough.
  private static final int USUAL_CHARACTERS = 3;
  private static final double AIM = 0.95;
  private static final double WELL_FILLED = 0.88;
  private static final int STEPS = 8;

  private final TokenCounter tokens;
  private final int limit;

  /// @param limit tokens of a piece
  LongLine(TokenCounter tokens, int limit) {
    this.tokens = tokens;
    this.limit = limit;
  }

  /// In order; pieces of nothing but white space are left out, as is white space where pieces meet.
  List<String> pieces(String line) {
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < line.length();) {
      int fits = longest(line, from);
      int end = fits == line.length() ? fits : cut(line, from, fits);
      // a cut word may have more tokens than the whole one, which is then unknown to the model
      if (end != fits && tokens.count(line.substring(from, end)) > limit)
        end = fits;
      String piece = line.substring(from, end);
      if (!piece.isBlank())
        pieces.add(from == 0 ? piece.stripTrailing() : piece.strip());
      from = end;
    }
    return pieces;
  }

  /// An end at which the piece fits and is nearly as long as it can be.
  private int longest(String line, int from) {
    int most = Math.min(line.length(), from + limit * SourceLines.TOKEN);
    int fits = from;
    int tooLong = most + 1;
    int to = snap(line, from, Math.min(most, from + limit * USUAL_CHARACTERS));
    for (int step = 0; fits == from || step < STEPS; step++) {
      int count = tokens.count(line.substring(from, to));
      if (count > limit)
        tooLong = to;
      else {
        fits = to;
        if (to >= most - 1 || count >= limit * WELL_FILLED)
          break;
      }
      int guess = step >= STEPS / 2
          ? (fits + Math.min(tooLong, most)) / 2
          : from + (int) ((to - from) * (limit * AIM / Math.max(1, count)));
      to = snap(line, from,
          Math.clamp(guess, Math.min(fits + 1, most), Math.min(tooLong - 1, most)));
      if (to == fits || (to >= tooLong && fits > from))
        break;
    }
    return fits;
  }

  private static int snap(String line, int from, int at) {
    return !insidePair(line, at) ? at : at - 1 > from ? at - 1 : at + 1;
  }

  private static int cut(String line, int from, int to) {
    int best = to;
    long bestRank = Long.MAX_VALUE;
    for (int at = from + Math.max(1, (int) ((to - from) * EARLIEST)); at <= to; at++) {
      if (insidePair(line, at))
        continue;
      long rank = rank(line, at);
      if (rank < bestRank) {
        best = at;
        bestRank = rank;
      }
    }
    return best;
  }

  /// White space first, then other places where no word is cut; a hash among equals.
  private static long rank(String line, int at) {
    char previous = line.charAt(at - 1);
    char next = at < line.length() ? line.charAt(at) : ' ';
    long kind = Character.isWhitespace(previous)
        ? 0
        : Character.isLetterOrDigit(previous) && Character.isLetterOrDigit(next) ? 2 : 1;
    int hash = 0x811c9dc5;
    for (int i = Math.max(0, at - HASHED); i < at; i++)
      hash = (hash ^ line.charAt(i)) * 0x01000193;
    return kind << 32 | ((hash ^ hash >>> 15) & 0xffffffffL);
  }

  private static boolean insidePair(String line, int at) {
    return at < line.length() && Character.isLowSurrogate(line.charAt(at))
        && Character.isHighSurrogate(line.charAt(at - 1));
  }
}
