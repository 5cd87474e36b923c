package elysia.coordinator.mgit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.Optional;

/// mgit itself, when ELYSIACTL_MGIT names it.
class RealMgitIT extends MgitTraps {
  @Override
  Path program(Path place) {
    Optional<String> program = Optional.ofNullable(System.getenv("ELYSIACTL_MGIT"));
    assumeTrue(program.isPresent(), "ELYSIACTL_MGIT is not set: mgit itself is not tested");
    return Path.of(program.orElseThrow());
  }
}
