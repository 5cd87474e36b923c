package elysia.coordinator.git;

import java.util.Optional;

/// Where a remote's branch stands.
///
/// @param branch
///          its name; empty when the remote's HEAD names none
/// @param commit
///          empty for an empty repository or an unborn branch
record Tip(Optional<String> branch, Optional<String> commit) {
  /// The remote's reference to fetch.
  String source() {
    return branch.map(name -> "refs/heads/" + name).orElse("HEAD");
  }

  /// Our reference that follows it.
  String tracking() {
    return tracking(branch);
  }

  static String tracking(Optional<String> branch) {
    return branch.map(name -> "refs/remotes/origin/" + name).orElse(RemoteClone.REMOTE_HEAD);
  }
}
