package elysia.core.change;

/// The position of a line in its input.
///
/// @param line its number, from 1
/// @param start offset of its first byte in the input, a byte order mark included
/// @param end offset of the first byte after it and its LF: where reading continues
public record LinePosition(long line, long start, long end) {}
