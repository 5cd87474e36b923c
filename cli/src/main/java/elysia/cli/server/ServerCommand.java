package elysia.cli.server;

import picocli.CommandLine.Command;

/// `elysiactl server`: the node on this machine.
@Command(name = "server", description = "Start, stop and look at the node")
public final class ServerCommand {}
