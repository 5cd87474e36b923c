package elysia.http.route;

import java.util.Optional;

/// An error as the API tells it: a problem document of RFC 9457.
///
/// @param type a URN made of the code
/// @param instance the path asked for, or the id under which the log has more
/// @param code stable, for programs
/// @param hint what to do next
public record ProblemDocument(String type, String title, int status, String detail,
    String instance, String code, Optional<String> hint) {}
