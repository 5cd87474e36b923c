package elysia.coordinator.mgit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A stand-in that does what mgit 0.13.0 was recorded to do.
class RecordedMgitIT extends MgitTraps {
  /// Looks for folders named `.git`; skips with status 0 what `git status` shows as dirty and what
  /// has no remote `origin`; a bare `git pull` does the rest, and one that fails makes status 1.
  private static final String SYNC = """
      #!/bin/sh
      broken() { grep -q 'a: \\[' "$HOME/.config/mgit/config.yaml" 2>/dev/null; }
      if [ -z "$HOME" ] || [ ! -w "$HOME" ] || broken; then
        echo 'Traceback (most recent call last):' >&2
        exit 1
      fi
      if [ "$1" = --version ]; then
        echo 'mgit version: 0.13.0'
        exit 0
      fi
      [ "$1" = sync ] || exit 2
      case " $* " in *' --concurrency 0 '*) sleep 1000 ;; esac
      if [ ! -d "$2" ]; then
        seq 180 >&2
        exit 1
      fi
      mkdir -p "$HOME/.azure-devops"
      echo "Local sync scan: $2"
      total=0 pulled=0 dirty=0 unknown=0 failed=0
      for git in $(find -L "$2" -mindepth 1 -maxdepth 3 -type d -name .git -prune); do
        total=$((total + 1))
        cd "${git%/.git}"
        if ! state=$(git status --porcelain 2>/dev/null); then
          failed=$((failed + 1))
        elif [ -n "$state" ]; then
          dirty=$((dirty + 1))
        elif ! git remote | grep -qx origin; then
          unknown=$((unknown + 1))
        elif git pull >/dev/null 2>&1; then
          pulled=$((pulled + 1))
        else
          failed=$((failed + 1))
        fi
      done
      echo "INFO     Local sync summary: total=$total pulled=$pulled skipped_dirty=$dirty \\
      skipped_no_remote=$unknown failed=$failed" >&2
      [ "$failed" = 0 ]
      """;

  @Override
  Path program(Path place) throws IOException {
    Path program = Files.writeString(place.resolve("recorded-mgit"), SYNC);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    return program;
  }

  @Test
  void concurrencyWithWhichItHangsIsNoSetting() {
    assertThatThrownBy(() -> new MgitSettings(Optional.empty(), Optional.empty(),
        Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ZERO, 1, 0))
        .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("concurrency");
  }
}
