package elysia.deploy.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A node's configuration: the environment, before the file of `--config` (or `config.conf` in the
/// home), before the defaults.
final class NodeConfig {
  private static final String MASK = "********";
  /// Secrets that may lie in a file which a variable of this name and `_FILE` names, as containers
  /// are given them.
  private static final Map<String, String> SECRETS = Map.of(
      "ELYSIACTL_DB_URL", "elysia.journal.url",
      "ELYSIACTL_DB_USER", "elysia.journal.user",
      "ELYSIACTL_DB_PASSWORD", "elysia.journal.password",
      "ELYSIACTL_BOOTSTRAP_TOKEN", "elysia.access.bootstrap-token",
      "WEAVIATE_API_KEY", "elysia.worker.weaviate.api-key",
      "ELYSIACTL_EMBEDDINGS_KEY", "elysia.worker.openai.key");
  private static final int LARGEST_SECRET = 64 << 10;

  private NodeConfig() {}

  /// @param file of `--config`
  /// @param home of `--home`
  /// @param idleExit of `--idle-exit`
  /// @throws IllegalArgumentException naming the file, the line and what is allowed
  static Config load(Optional<Path> file, Optional<Path> home, Optional<String> idleExit) {
    try {
      Config environment = secretFiles(
          ConfigFactory.parseResources("environment.conf").resolve(), System.getenv());
      Config arguments = ConfigFactory.empty();
      if (home.isPresent())
        arguments = arguments.withValue("elysia.node.home",
            ConfigValueFactory.fromAnyRef(home.get().toString()));
      if (idleExit.isPresent())
        arguments = arguments.withValue("elysia.node.idle-exit",
            ConfigValueFactory.fromAnyRef(idleExit.get()));
      Config defaults = ConfigFactory.load();
      Config above = arguments.withFallback(environment);
      Path folder = Path.of(above.withFallback(defaults).getString("elysia.node.home"));
      Path read = file.orElse(folder.resolve("config.conf"));
      Config written = ConfigFactory.empty();
      if (Files.exists(read))
        written = ConfigFactory.parseFile(read.toFile()).resolve();
      else if (file.isPresent())
        throw new IllegalArgumentException("--config: " + read + " (expected: a file that exists)");
      check(written, defaults);
      return above.withFallback(written).withFallback(ConfigFactory.defaultOverrides())
          .withFallback(ConfigFactory.parseResources("application.conf"))
          .withFallback(ConfigFactory.defaultReference()).resolve();
    } catch (ConfigException e) {
      throw new IllegalArgumentException("configuration: " + e.getMessage(), e);
    }
  }

  private static Config secretFiles(Config environment, Map<String, String> variables) {
    Config with = environment;
    for (Map.Entry<String, String> secret : SECRETS.entrySet()) {
      String variable = secret.getKey() + "_FILE";
      String file = variables.getOrDefault(variable, "");
      if (file.isEmpty())
        continue;
      if (!variables.getOrDefault(secret.getKey(), "").isEmpty())
        throw new IllegalArgumentException(
            variable + " and " + secret.getKey() + " (expected: one of them)");
      with = with.withValue(secret.getValue(),
          ConfigValueFactory.fromAnyRef(read(variable, Path.of(file)), "file of " + variable));
    }
    return with;
  }

  private static String read(String variable, Path file) {
    try {
      if (Files.size(file) <= LARGEST_SECRET)
        return Files.readString(file).strip();
    } catch (IOException e) { // told below
    }
    throw new IllegalArgumentException(
        variable + ": " + file + " (expected: a file with the secret, which this user can read)");
  }

  /// Every key of ours in the file must be one that exists, of the same type.
  private static void check(Config written, Config defaults) {
    for (Map.Entry<String, ConfigValue> entry : written.entrySet()) {
      String key = entry.getKey();
      if (!key.startsWith("elysia.") && !key.startsWith("pekko.") && !key.startsWith("jdbc-"))
        throw new IllegalArgumentException(
            entry.getValue().origin().description() + ": unknown setting " + key
                + " (expected: settings of elysiactl begin with \"elysia.\")");
      if (key.startsWith("elysia.") && !defaults.hasPathOrNull(key))
        throw new IllegalArgumentException(
            entry.getValue().origin().description() + ": unknown setting " + key
                + " (expected: one that `elysiactl server start --print-config` shows)");
    }
  }

  /// The settings in force, secrets masked, one `key = value` a line.
  static String print(Config config) {
    StringBuilder out = new StringBuilder();
    config.getConfig("elysia").entrySet().stream().sorted(Map.Entry.comparingByKey())
        .forEach(entry -> {
          boolean secret = secret(entry.getKey()) && !entry.getValue().unwrapped().equals("");
          String value = secret
              ? "\"" + MASK + "\""
              : masked(entry.getValue().render(ConfigRenderOptions.concise()));
          out.append("elysia.").append(entry.getKey()).append(" = ").append(value).append("  # ")
              .append(entry.getValue().origin().description()).append('\n');
        });
    return out.toString();
  }

  private static boolean secret(String key) {
    String last = key.substring(key.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return (last.equals("key") && !key.endsWith("tls.key")) || last.endsWith("api-key")
        || last.contains("password")
        || last.contains("secret") || last.endsWith("token");
  }

  /// Secrets inside URLs.
  private static String masked(String value) {
    return value.replaceAll("(?i)(password=)[^&;\"]*", "$1" + MASK)
        .replaceAll("//([^/@:\"]*):[^\"]*@", "//$1:" + MASK + "@");
  }
}
