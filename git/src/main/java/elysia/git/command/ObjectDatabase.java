package elysia.git.command;

import java.nio.file.Path;

/// An object database on this machine.
///
/// @param folder the `objects` folder
/// @param format `sha1` or `sha256`
public record ObjectDatabase(Path folder, String format) {}
