package elysia.cli.repository;

import elysia.cli.process.Failure;
import elysia.core.repository.AddRepository;
import elysia.core.repository.Globs;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options of a repository that is added, on the command line or on a line of a batch.
final class AddOptions {
  static final String WATCH = "30m";

  @Option(names = "--name", paramLabel = "NAME", description = "its name in the index (default: from the URL or path)")
  @Nullable
  String name;

  @Option(names = "--collection", paramLabel = "C", description = "collection, may be shared (default: its own)")
  @Nullable
  String collection;

  @Option(names = "--branch", paramLabel = "B", description = "branch (default: the remote's)")
  @Nullable
  String branch;

  @Option(names = "--provider", paramLabel = "P", description = "mgit provider to pull with")
  @Nullable
  String provider;

  @Option(names = "--watch", description = "sync every 30 minutes")
  boolean watch;

  @Option(names = "--schedule", paramLabel = "CRON", description = "when to sync: five-field cron, or an interval such as 2h")
  @Nullable
  String schedule;

  @Option(names = "--include-pattern", paramLabel = "GLOBS", description = "only these files; comma separated, repeatable")
  List<String> include = new ArrayList<>();

  @Option(names = "--exclude-pattern", paramLabel = "GLOBS", description = "not these files")
  List<String> exclude = new ArrayList<>();

  @Option(names = "--max-file-size", paramLabel = "SIZE", converter = Size.class, description = "skip larger files, such as 1MB or 500k (default 1MB)")
  @Nullable
  Long maxFileSize;

  @Option(names = "--vectorizer", paramLabel = "V", description = "embedded, openai or a module of Weaviate")
  @Nullable
  String vectorizer;

  @Option(names = "--model", paramLabel = "M", description = "model of the vectorizer")
  @Nullable
  String model;

  AddRepository request(String location) {
    if (watch && schedule != null)
      throw Failure.usage("--watch and --schedule say both when to sync",
          "--watch is the same as --schedule " + WATCH);
    return new AddRepository(location, Optional.ofNullable(name), Optional.ofNullable(collection),
        Optional.ofNullable(branch), Optional.ofNullable(provider),
        watch ? Optional.of(WATCH) : Optional.ofNullable(schedule), globs(include), globs(exclude),
        Optional.ofNullable(maxFileSize), Optional.ofNullable(vectorizer),
        Optional.ofNullable(model));
  }

  static List<String> globs(List<String> typed) {
    return typed.stream().flatMap(globs -> Globs.split(globs).stream()).toList();
  }
}
