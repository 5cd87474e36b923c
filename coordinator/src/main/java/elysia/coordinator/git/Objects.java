package elysia.coordinator.git;

import java.nio.file.Path;

/// An object database on this machine.
///
/// @param folder
///          the `objects` folder
/// @param format
///          `sha1` or `sha256`
record Objects(Path folder, String format) {}
