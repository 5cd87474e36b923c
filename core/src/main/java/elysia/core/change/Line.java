package elysia.core.change;

import elysia.core.identity.FilePath;
import elysia.core.identity.Printable;
import elysia.core.identity.RepositoryName;
import java.util.List;
import java.util.Optional;

/// One line of the input, understood.
public sealed interface Line {
  LinePosition position();

  /// A change of one file.
  ///
  /// @param unknown names of fields that the format does not know and that had no effect: a
  ///          misspelling, or a later version; at most 16
  record ChangeLine(Change change, List<String> unknown) implements Line {
    public ChangeLine {
      unknown = List.copyOf(unknown);
    }

    @Override
    public LinePosition position() {
      return change.position();
    }
  }

  /// A folder that stands for all files in it that are new.
  ///
  /// @param repo empty as in [Change#repo()]
  /// @param path without a slash at its end; as in [Change#path()]
  record Folder(LinePosition position, Optional<RepositoryName> repo,
      FilePath path) implements Line {}

  /// A producer's note of where a repository stands now.
  ///
  /// @param commit as given; mgit leaves it out for a repository without commits, and its commit
  ///          need not be HEAD
  record Marker(LinePosition position, RepositoryName repo, Optional<String> commit,
      Optional<String> branch) implements Line {}

  /// Nothing to do, and nothing wrong.
  record Ignored(LinePosition position, Reason reason) implements Line {}

  /// Why a line is passed over.
  enum Reason {
    /// Empty, or only spaces and tabs.
    BLANK,
    /// An event that is about no file, such as `batch_start`.
    EVENT,
    /// mgit's progress display, which it writes before the lines on standard output.
    PROGRESS
  }

  /// The line cannot be understood; the others are not affected.
  ///
  /// @param offset of the fault in the input, bytes: where the line starts if it is not at one place
  /// @param wrong what is wrong, safe to print
  /// @param expected what would be right
  record BadLine(LinePosition position, long offset, String wrong,
      String expected) implements Line {
    /// All of it for one line of a terminal or log.
    public String text() {
      return "line " + position.line() + ", byte " + offset + ": " + wrong + " (expected: "
          + expected
          + ")";
    }

    static BadLine of(LinePosition position, long offset, String wrong, String expected) {
      return new BadLine(position, offset, Printable.of(wrong), expected);
    }
  }
}
