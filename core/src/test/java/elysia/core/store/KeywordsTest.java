package elysia.core.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeywordsTest {
  @Test
  void identifiersGiveTheirPartsAndTheWhole() {
    assertThat(Keywords.of("parseHTTPRequest2Url"))
        .containsExactly("parse", "http", "request", "2", "url", "parsehttprequest2url");
    assertThat(Keywords.of("MAX_RETRY_COUNT"))
        .containsExactly("max", "retry", "count", "maxretrycount");
    assertThat(Keywords.of("__init__")).containsExactly("init");
    assertThat(Keywords.of("sha256")).containsExactly("sha", "256", "sha256");
  }

  @Test
  void wordsAreLowerCaseAndKeepTheirOrder() {
    assertThat(Keywords.of("The quick-brown Fox, the dog."))
        .containsExactly("the", "quick", "brown", "fox", "the", "dog");
  }

  @Test
  void wordsOfAllScriptsAreFound() {
    assertThat(Keywords.of("Größe größerWert")).containsExactly("größe", "größer", "wert",
        "größerwert");
    assertThat(Keywords.of("日本go")).containsExactly("日", "本", "go");
    assertThat(Keywords.of("Ωmega")).containsExactly("ωmega");
  }

  @Test
  void textWithoutWordsGivesNone() {
    assertThat(Keywords.of("")).isEmpty();
    assertThat(Keywords.of(" ?!_ __ \uD83D\uDE00")).isEmpty();
  }

  @Test
  void encodedDataIsLeftOut() {
    assertThat(Keywords.of("a".repeat(129) + " b")).containsExactly("b");
  }
}
