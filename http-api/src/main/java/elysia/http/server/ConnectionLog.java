package elysia.http.server;

import org.apache.pekko.event.LoggingAdapter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Log of the HTTP engine about its connections, without its warning that an answer begins before
/// its request has ended: answers to uploads are meant to, and their clients read them.
final class ConnectionLog implements LoggingAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionLog.class);
  private static final String EARLY = "Sending an 2xx 'early' response";

  @Override
  public boolean isErrorEnabled() {
    return LOG.isErrorEnabled();
  }

  @Override
  public boolean isWarningEnabled() {
    return LOG.isWarnEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return LOG.isDebugEnabled();
  }

  @Override
  public boolean isDebugEnabled() {
    return LOG.isTraceEnabled();
  }

  @Override
  public void notifyError(String message) {
    LOG.error(message);
  }

  @Override
  public void notifyError(Throwable cause, String message) {
    LOG.error(message, cause);
  }

  @Override
  public void notifyWarning(String message) {
    if (!message.startsWith(EARLY))
      LOG.warn(message);
  }

  /// The engine's information is detail for us.
  @Override
  public void notifyInfo(String message) {
    LOG.debug(message);
  }

  @Override
  public void notifyDebug(String message) {
    LOG.trace(message);
  }
}
