package elysia.core.auth;

import elysia.core.outcome.Outcome;
import java.util.List;
import java.util.concurrent.CompletionStage;

/// The tokens of the cluster. Never blocks, never throws synchronously. What was made or revoked
/// holds on this node when the answer is there, on every other one within seconds.
public interface Tokens {
  /// Refused with `token_exists` when the name is taken, `too_many_tokens`, or `invalid`.
  ///
  /// @param by who asks
  CompletionStage<Outcome<NewToken>> create(TokenRequest request, Principal by);

  /// By name, expired ones too.
  CompletionStage<Outcome<List<TokenInfo>>> tokens();

  /// Refused with `token_not_found`, and with `conflict` when nobody could manage tokens
  /// afterwards.
  ///
  /// @param last also when it is the last one, so that the node serves its own machine without any;
  ///          refused all the same where others reach the node
  CompletionStage<Outcome<TokenInfo>> revoke(String name, boolean last);
}
