package elysia.coordinator.git;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import elysia.git.process.Commands;
import elysia.testkit.process.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// An SSH server of the test's own on loopback, for the user that runs the test.
final class Sshd implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(30);
  private static final Path RUN = Path.of("/run/sshd");

  private final Process process;
  private final Path folder;
  private final int port;

  private Sshd(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /// Ends the test, with a message, where there is no sshd.
  static Sshd start(Path folder) throws IOException, InterruptedException {
    Optional<Path> program = Commands.onPath("sshd").or(() -> Optional.of(Path.of("/usr/sbin/sshd"))
        .filter(Files::isExecutable));
    assumeTrue(program.isPresent() && Commands.onPath("ssh-keygen").isPresent(),
        "no sshd on this machine (Debian: openssh-server): SSH is not tested");
    if (System.getProperty("user.name").equals("root")) // what its init script does
      Files.createDirectories(RUN);
    Files.createDirectories(folder);
    key(folder.resolve("host"));
    key(folder.resolve("user"));
    Files.copy(folder.resolve("user.pub"), folder.resolve("authorized"));
    int port = Ports.free(1).getFirst();
    Path config = Files.writeString(folder.resolve("sshd_config"), """
        ListenAddress 127.0.0.1:%1$d
        HostKey %2$s/host
        AuthorizedKeysFile %2$s/authorized
        PidFile none
        StrictModes no
        UsePAM no
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        """.formatted(port, folder));
    Process process = new ProcessBuilder(program.orElseThrow().toString(), "-D", "-e", "-f",
        config.toString()).redirectErrorStream(true)
        .redirectOutput(folder.resolve("sshd.log").toFile()).start();
    Sshd started = new Sshd(process, folder, port);
    started.awaitPort();
    return started;
  }

  private static void key(Path file) throws IOException, InterruptedException {
    Process keygen = new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
        file.toString()).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
    if (keygen.waitFor() != 0)
      throw new AssertionError("ssh-keygen: " + keygen.exitValue());
  }

  private void awaitPort() throws IOException, InterruptedException {
    Instant until = Instant.now().plus(START);
    while (true) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
        return;
      } catch (IOException e) {
        if (Instant.now().isAfter(until) || process.waitFor(100, TimeUnit.MILLISECONDS))
          throw new AssertionError(Files.readString(folder.resolve("sshd.log")), e);
      }
    }
  }

  String url(Path repository) {
    return "ssh://" + System.getProperty("user.name") + "@127.0.0.1:" + port + repository;
  }

  /// What `known_hosts` has of this server.
  String knownHost() throws IOException {
    String[] key = Files.readString(folder.resolve("host.pub")).split(" ", -1);
    return "[127.0.0.1]:" + port + " " + key[0] + " " + key[1].strip() + "\n";
  }

  /// A client's configuration.
  ///
  /// @param key file of the private key to offer
  /// @param knownHosts text of the known hosts
  Path client(Path key, String knownHosts) throws IOException {
    Path known = Files.writeString(folder.resolve("known_hosts"), knownHosts);
    return Files.writeString(folder.resolve("ssh_config"), """
        Host *
          IdentityFile %s
          IdentitiesOnly yes
          UserKnownHostsFile %s
          GlobalKnownHostsFile /dev/null
        """.formatted(key, known));
  }

  Path userKey() {
    return folder.resolve("user");
  }

  Path hostKey() {
    return folder.resolve("host");
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
