package elysia.coordinator.repository;

import elysia.core.identity.FilePath;
import elysia.core.outcome.Problem;
import elysia.core.repository.FileFailure;
import elysia.core.repository.RepositorySettings;
import elysia.core.repository.RepositoryStatus;
import elysia.core.wire.Wire;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/// The commands of a repository. Public ones cross nodes; the others are the actor's own.
public sealed interface RepositoryCommand {
  /// The answer to a command: what was asked is durable, or the reason why not.
  sealed interface Reply extends Wire {}

  /// @param changed false when everything was already as asked
  record Answer(RepositoryStatus status, boolean changed) implements Reply {}

  record Refusal(Problem problem) implements Reply {}

  /// The files that failed.
  record Failures(List<FileFailure> failures) implements Wire {
    public Failures {
      failures = failures == null ? List.of() : List.copyOf(failures);
    }
  }

  record Add(RepositorySettings settings,
      ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record Update(RepositorySettings settings,
      ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record GetStatus(ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record GetFailures(ActorRef<Failures> replyTo) implements RepositoryCommand, Wire {}

  record GetSettings(ActorRef<SettingsReply> replyTo) implements RepositoryCommand, Wire {}

  /// @param settings empty when there is no such repository
  record SettingsReply(Optional<RepositorySettings> settings) implements Wire {}

  record Sync(boolean full, ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record Pause(ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record Resume(ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record Retry(ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record Verify(boolean deep, boolean repair,
      ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  record Remove(boolean deleteCollection,
      ActorRef<Reply> replyTo) implements RepositoryCommand, Wire {}

  /// These files were written by a worker after its lease had ended.
  record LateWrites(List<FilePath> paths) implements RepositoryCommand, Wire {
    public LateWrites {
      paths = List.copyOf(paths);
    }
  }

  /// Look whether something is due.
  enum Wake implements RepositoryCommand, Wire {
    WAKE
  }

  /// Sharding asks it to stop.
  enum Stop implements RepositoryCommand, Wire {
    STOP
  }

  record SlotGranted(Slots.Kind kind) implements RepositoryCommand {}

  /// What an activity started came back.
  ///
  /// @param generation of that activity: nobody waits for the results of earlier ones
  record Result(int generation, ActivityResult value) implements RepositoryCommand {}
}
