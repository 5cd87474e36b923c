package elysia.cli.session;

import elysia.cli.output.Format;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/// The options that every command has.
public final class GlobalOptions {
  @Option(names = "--server", paramLabel = "URL", scope = ScopeType.INHERIT, order = 100, description = "the node to talk to (env ELYSIACTL_SERVER, default http://127.0.0.1:3030)")
  @Nullable
  String server;

  @Option(names = "--token", paramLabel = "T", scope = ScopeType.INHERIT, order = 101, description = "bearer token; seen by others in the list of processes: better ELYSIACTL_TOKEN or --token-file")
  @Nullable
  String token;

  @Option(names = "--token-file", paramLabel = "FILE", scope = ScopeType.INHERIT, order = 101, description = "file with the bearer token, - for standard input (env ELYSIACTL_TOKEN_FILE)")
  @Nullable
  String tokenFile;

  @Option(names = "--ca-file", paramLabel = "FILE", scope = ScopeType.INHERIT, order = 101, description = "PEM certificates of the authorities that an https node is trusted by, instead of those that Java knows (env ELYSIACTL_CA_FILE)")
  @Nullable
  String caFile;

  @Option(names = "--home", paramLabel = "DIR", scope = ScopeType.INHERIT, order = 102, description = "home folder of the node (env ELYSIACTL_HOME, default ~/.elysiactl)")
  @Nullable
  String home;

  @Option(names = {"-o",
      "--output"}, paramLabel = "FORMAT", scope = ScopeType.INHERIT, order = 103, description = "table, json or jsonl (default table)")
  Format format = Format.TABLE;

  @Option(names = {"-q",
      "--quiet"}, scope = ScopeType.INHERIT, order = 104, description = "no notes and no progress")
  boolean quiet;

  @Option(names = {"-v",
      "--verbose"}, scope = ScopeType.INHERIT, order = 105, description = "more detail, and the causes of errors")
  boolean verbose;

  @Option(names = {"-h",
      "--help"}, usageHelp = true, scope = ScopeType.INHERIT, order = 106, description = "show this help")
  boolean help;

  @Option(names = {"-V",
      "--version"}, versionHelp = true, scope = ScopeType.INHERIT, order = 107, description = "show the version")
  boolean version;
}
