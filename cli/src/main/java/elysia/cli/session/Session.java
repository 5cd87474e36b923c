package elysia.cli.session;

import elysia.cli.api.Api;
import elysia.cli.api.Connections;
import elysia.cli.api.NodeAddress;
import elysia.cli.api.Trust;
import elysia.cli.home.HomeNode;
import elysia.cli.output.Console;
import elysia.cli.output.Format;
import elysia.cli.output.Output;
import elysia.cli.process.Environment;
import elysia.cli.process.ExitCode;
import elysia.cli.process.Failure;
import elysia.core.identity.Redacted;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One run of the command line: its environment together with its global options. Parts are made
/// when they are first needed, after the options have been parsed.
public final class Session implements AutoCloseable {
  private static final int MAX_TOKEN = 64 << 10;
  private final Environment environment;
  private final GlobalOptions globals = new GlobalOptions();
  private final Connections connections = new Connections(this::trust);
  private @Nullable Console console;
  private @Nullable Output output;
  private @Nullable Api api;

  public Session(Environment environment) {
    this.environment = environment;
  }

  public Environment environment() {
    return environment;
  }

  public GlobalOptions globals() {
    return globals;
  }

  public boolean verbose() {
    return globals.verbose;
  }

  public Instant now() {
    return environment.clock().instant();
  }

  public synchronized Console console() {
    if (console == null)
      console = new Console(environment.out(), environment.err(), interactive(), colour(),
          globals.quiet, columns());
    return console;
  }

  public synchronized Output output() {
    if (output == null)
      output = new Output(console(), globals.format);
    return output;
  }

  /// Whether nothing but the data may stand on standard output.
  public boolean machineReadable() {
    return globals.format != Format.TABLE;
  }

  /// The node that this run talks to; started on the first call when there is none and the user
  /// named none.
  public synchronized Api api() {
    if (api == null) {
      NodeAddress address = namedServer().map(NodeAddress::fixed).orElseGet(this::homeNode);
      api = new Api(address, token(), connections);
    }
    return api;
  }

  /// A client for one address, which never starts a node.
  public Api api(URI server) {
    Optional<String> own = namedServer().isPresent()
        ? Optional.empty()
        : homeNode().token(server);
    return new Api(NodeAddress.fixed(server), token().or(() -> own), connections);
  }

  /// The node that lives in the home folder.
  public HomeNode homeNode() {
    return new HomeNode(environment, console(), home(), homeNamed(), connections);
  }

  public Path home() {
    return Optional.ofNullable(globals.home).or(() -> environment.variable("ELYSIACTL_HOME"))
        .map(path -> environment.workingDirectory().resolve(path).normalize())
        .orElseGet(() -> environment.userHome().resolve(".elysiactl"));
  }

  private boolean homeNamed() {
    return globals.home != null || environment.variable("ELYSIACTL_HOME").isPresent();
  }

  /// The server that the user named.
  public Optional<URI> namedServer() {
    return Optional.ofNullable(globals.server).or(() -> environment.variable("ELYSIACTL_SERVER"))
        .map(Session::server);
  }

  private static URI server(String text) {
    try {
      URI uri = new URI(text.strip().replaceFirst("/+$", ""));
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https")) && uri.getHost() != null
          && uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null)
        return uri;
    } catch (URISyntaxException e) { // told below
    }
    throw Failure.usage(
        "--server: \"" + Redacted.address(text)
            + "\" (expected: a URL such as http://127.0.0.1:3030)",
        "");
  }

  /// What the user named, the options before the environment.
  private Optional<String> token() {
    return Optional.ofNullable(globals.token)
        .or(() -> Optional.ofNullable(globals.tokenFile).map(this::tokenIn))
        .or(() -> environment.variable("ELYSIACTL_TOKEN"))
        .or(() -> environment.variable("ELYSIACTL_TOKEN_FILE").map(this::tokenIn));
  }

  private Trust trust() {
    return Optional.ofNullable(globals.caFile)
        .or(() -> environment.variable("ELYSIACTL_CA_FILE"))
        .map(file -> Trust.of(environment.workingDirectory().resolve(file)))
        .orElseGet(Trust::usual);
  }

  private String tokenIn(String file) {
    String token = "";
    try {
      token = (file.equals("-")
          ? new String(environment.in().readNBytes(MAX_TOKEN), StandardCharsets.UTF_8)
          : Files.readString(environment.workingDirectory().resolve(file))).strip();
    } catch (IOException e) { // told below
    }
    if (token.isEmpty())
      throw Failure.usage("--token-file: \"" + file + "\" (expected: a file with a token, which "
          + "you can read)", "");
    return token;
  }

  private boolean interactive() {
    return environment.terminal() && !environment.variable("TERM").equals(Optional.of("dumb"));
  }

  private boolean colour() {
    return interactive() && environment.variable("NO_COLOR").isEmpty() && !machineReadable();
  }

  private int columns() {
    try {
      return Math.max(20, Integer.parseInt(environment.variable("COLUMNS").orElse("80")));
    } catch (NumberFormatException e) {
      return 80;
    }
  }

  /// Asks yes or no; off a terminal the question is refused, naming the option that answers it.
  public void confirm(String question, boolean yes) {
    if (yes)
      return;
    if (!console().terminal())
      throw Failure.usage(question + " Not asked, since this is not a terminal",
          "repeat it with --yes");
    String answer = environment.prompt().ask(question + " [y/N] ");
    if (answer == null || !answer.strip().toLowerCase(Locale.ROOT).startsWith("y"))
      throw new Failure(ExitCode.INTERRUPTED, "nothing was done", "");
  }

  @Override
  public void close() {
    connections.close();
  }
}
