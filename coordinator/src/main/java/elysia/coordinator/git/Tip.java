package elysia.coordinator.git;

import elysia.git.repository.RefName;
import java.util.Optional;

/// The position of a remote's branch.
///
/// @param branch its name; empty when the remote's HEAD names none
/// @param object that it names: the commit or a tag of it; empty for an empty repository or an
///          unborn branch
/// @param commit as far as the remote tells it
record Tip(Optional<String> branch, Optional<String> object, Optional<String> commit) {
  Tip(Optional<String> branch) {
    this(branch, Optional.empty(), Optional.empty());
  }

  /// The remote's reference to fetch.
  RefName source() {
    return branch.map(RefName::ofBranch).orElse(RefName.HEAD);
  }

  /// Our reference that follows it.
  RefName tracking() {
    return tracking(branch);
  }

  static RefName tracking(Optional<String> branch) {
    return branch.map(RefName::tracking).orElse(RemoteClone.REMOTE_HEAD);
  }

  /// The refspec of a fetch, one character per byte.
  String refspec() {
    return "+" + source().bytes() + ":" + tracking().bytes();
  }
}
