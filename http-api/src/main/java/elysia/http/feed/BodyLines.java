package elysia.http.feed;

import elysia.core.change.Change;
import elysia.core.change.ChangeDecoder;
import elysia.core.change.ChangeSettings;
import elysia.core.change.Line;
import elysia.core.change.LineFormat;
import elysia.core.identity.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// Reads the lines of a body that comes in pieces, each with the fingerprint of the body up to its
/// end. Holds one line at most. Not thread-safe.
final class BodyLines {
  /// @param fingerprint SHA-256 of the body up to the end of the line, hex; empty where none
  ///          is wanted
  record BodyLine(Line line, String fingerprint) {
    long number() {
      return line.position().line();
    }

    Optional<Change> change() {
      return line instanceof Line.ChangeLine(var change, _)
          ? Optional.of(change)
          : Optional.empty();
    }
  }

  private final boolean fingerprints;
  private final MessageDigest digest = Sha256.digest();
  private final List<Line> read = new ArrayList<>();
  private final ChangeDecoder decoder;
  /// Bytes of the body that are in the digest.
  private long digested;

  BodyLines(ChangeSettings settings, boolean fingerprints) {
    this.fingerprints = fingerprints;
    this.decoder = new ChangeDecoder(settings, LineFormat.REMOTE_OBJECTS, read::add);
  }

  /// The lines that end in the next piece of the body.
  List<BodyLine> feed(byte[] piece) {
    read.clear();
    decoder.feed(piece, 0, piece.length);
    if (!fingerprints)
      return read.stream().map(line -> new BodyLine(line, "")).toList();
    List<BodyLine> lines = new ArrayList<>();
    int from = 0;
    for (Line line : read) {
      int to = from + (int) (line.position().end() - digested);
      lines.add(digested(line, piece, from, to));
      from = to;
    }
    update(piece, from, piece.length);
    return lines;
  }

  /// The last line, where it has no line end.
  List<BodyLine> finish() {
    read.clear();
    decoder.finish();
    return read.stream().map(line -> new BodyLine(line, fingerprints ? fingerprint() : ""))
        .toList();
  }

  private BodyLine digested(Line line, byte[] piece, int from, int to) {
    update(piece, from, to);
    return new BodyLine(line, fingerprint());
  }

  private void update(byte[] piece, int from, int to) {
    digest.update(piece, from, to - from);
    digested += to - from;
  }

  private String fingerprint() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the platform's SHA-256 can be copied", e);
    }
  }
}
