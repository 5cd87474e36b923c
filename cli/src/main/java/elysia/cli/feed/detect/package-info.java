/// Changes that the command finds itself, in work trees and folders.
@NullMarked
package elysia.cli.feed.detect;

import org.jspecify.annotations.NullMarked;
