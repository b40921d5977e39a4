package dev.gatlingllm.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Base64;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NumericChars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {

  private static final String KEY = "k3y/with \"odd\" + characters";

  private final Redactor redactor = new Redactor(KEY);

  private static Redactor with(String name, String value) {
    Redactor redactor = new Redactor();
    redactor.add(name, value);
    return redactor;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "k3y/with \"odd\" + characters",
        "k3y%2Fwith+%22odd%22+%2B+characters",
        "k3y%2fwith+%22odd%22+%2b+characters",
        "k3y%2Fwith%20%22odd%22%20%2B%20characters",
        "k3y/with \\\"odd\\\" + characters",
        "k3y\\/with \\\"odd\\\" + characters",
        "\\u006b\\u0033\\u0079\\u002f\\u0077\\u0069\\u0074\\u0068\\u0020\\u0022\\u006f\\u0064\\u0064"
            + "\\u0022\\u0020\\u002b\\u0020\\u0063\\u0068\\u0061\\u0072\\u0061\\u0063\\u0074\\u0065"
            + "\\u0072\\u0073",
        "azN5L3dpdGggIm9kZCIgKyBjaGFyYWN0ZXJz",
      })
  void masksASecretInEveryForm(String form) {
    assertThat(redactor.redact("invalid key " + form + ", really"))
        .isEqualTo("invalid key [redacted], really");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Zq\\u002B7xK/e=KEY\\u0026aB3d",
        "Zq+7xK/e\\u003dKEY\\u0026aB3d",
        "Zq%2B7xK/e%3DKEY%26aB3d",
        "Zq&#43;7xK&#x2F;e&#x3D;KEY&amp;aB3d",
      })
  void masksASecretOfWhichSomeCharactersAreEscaped(String form) {
    Redactor redactor = new Redactor("Zq+7xK/e=KEY&aB3d");

    assertThat(redactor.redact("100% &amp; key " + form)).isEqualTo("100% & key [redacted]");
    assertThat(redactor.redact("100%25 &amp; \\u0041")).isEqualTo("100%25 &amp; \\u0041");
  }

  @Test
  void masksASecretWithAnEscapeBesideAnEscapedSecret() {
    Redactor redactor = new Redactor("Zq+7xK/e=KEY", "p%40ss%2Fw0rd");

    assertThat(redactor.redact("Zq%2B7xK/e=KEY, p%40ss%2Fw0rd"))
        .isEqualTo("[redacted], [redacted]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "ab", "abc"})
  void masksASecretInsideOfABase64Text(String before) {
    byte[] text = (before + "sk-0123456789abcdef" + ":rest").getBytes(UTF_8);
    String encoded = Base64.getEncoder().encodeToString(text);

    assertThat(new Redactor("sk-0123456789abcdef").redact(encoded)).contains("[redacted]");
  }

  @Test
  void masksTheBeginningOfASecretWhereATextIsCut() {
    assertThat(redactor.redact("invalid key k3y/")).isEqualTo("invalid key [redacted]");
    assertThat(redactor.redact("invalid key k3y/with \"odd\"… is wrong"))
        .isEqualTo("invalid key [redacted]… is wrong");
    assertThat(redactor.redact("k3y/without")).as("less than half").isEqualTo("k3y/without");
  }

  @Test
  void masksTheEndOfASecretOfTheProcess() {
    Redactor redactor = new Redactor("sk-0123456789abcdef");

    assertThat(redactor.redact("ends with 3456789abcdef")).isEqualTo("ends with [redacted]");
    assertThat(redactor.redact("ends with cdef")).isEqualTo("ends with cdef");
  }

  @Test
  void leavesAWordWithWhichASecretBegins() {
    assertThat(new Redactor("token-abc123").redact("http 401 invalid_token"))
        .isEqualTo("http 401 invalid_token");
  }

  @Test
  void ignoresCookiesThatMayBeWords() {
    assertThat(with("Cookie", "consent=true; a=http").redact("http 400: not true"))
        .isEqualTo("http 400: not true");
    assertThat(with("Cookie", "a=connection; b=rate-limited").redact("connection rate-limited"))
        .isEqualTo("connection rate-limited");
  }

  /** A server may set another cookie in each response. */
  @Test
  void forgetsTheOldestSecretsButNoneOfTheProcess() {
    Redactor redactor = new Redactor("sk-0123456789abcdef");
    for (int i = 0; i < 1_000; i++) {
      redactor.addCookie("%d-".formatted(i).repeat(1_000));
    }

    String kept = redactor.redact("sk-0123456789abcdef " + "999-".repeat(1_000));
    assertThat(kept).isEqualTo("[redacted] [redacted]");
    assertThat(redactor.redact("1-".repeat(1_000))).doesNotContain("redacted");
  }

  @Property(tries = 200)
  void leavesNoPartOfASecretWhereverTheTextIsCut(
      @ForAll @StringLength(max = 60) @AlphaChars String before,
      @ForAll @IntRange(max = 80) int cut) {
    String secret = "0123456789-9876543210";
    String text = before + secret + " and more";
    Redactor redactor = new Redactor(secret);

    assertThat(redactor.redact(text.substring(0, Math.min(cut, text.length()))))
        .doesNotContain("0123");
    assertThat(redactor.line(text, 2 + cut)).doesNotContain("0123");
  }

  @Property(tries = 200)
  void masksEverySecretOfMany(
      @ForAll List<@StringLength(min = 6, max = 12) @Chars({'a', 'b', '-'}) String> secrets,
      @ForAll @StringLength(min = 6, max = 12) @Chars({'a', 'b', '-'}) String one) {
    Redactor redactor = new Redactor(secrets.toArray(String[]::new));
    redactor.addSecret(one);

    assertThat(redactor.redact("<" + one + ">").replace("[redacted]", "")).doesNotContain(one);
  }

  @Property(tries = 200)
  void leavesOtherTextsAlone(@ForAll @NumericChars String text) {
    assertThat(new Redactor("secret-word").redact(text)).isEqualTo(text);
  }

  @Test
  void masksAShortSecretAsAWordOfItsOwn() {
    Redactor redactor = new Redactor("abc", "EMPTY");

    assertThat(redactor.redact("no abc, but abcd and 1abc; EMPTY"))
        .isEqualTo("no [redacted], but abcd and 1abc; [redacted]");
    assertThat(new Redactor("x", "").redact("x is no secret")).isEqualTo("x is no secret");
  }

  @ParameterizedTest
  @CsvSource({
    "Authorization, Bearer 12345-67890",
    "authorization, 12345-67890",
    "api-key, 12345-67890",
    "X-Api-Key, 12345-67890",
    "x-goog-api-key, 12345-67890",
    "Ocp-Apim-Subscription-Key, 12345-67890",
    "X-Auth-Token, 12345-67890",
    "Cookie, theme=dark; session=12345-67890",
    "Authorization, 'AWS4 Credential=12345-67890-1234, Signature=x'",
    "key, 12345-67890",
  })
  void knowsTheSecretsOfHeadersAndParameters(String name, String value) {
    assertThat(with(name, value).redact("invalid 12345-67890!")).startsWith("invalid [redacted]");
  }

  @Test
  void knowsThePasswordOfBasicAuthentication() {
    String credentials = Base64.getEncoder().encodeToString("bob:hunter-22".getBytes(UTF_8));
    Redactor redactor = with("Authorization", "Basic " + credentials);

    assertThat(redactor.redact("user bob, password hunter-22, header " + credentials))
        .isEqualTo("user bob, password [redacted], header [redacted]");
  }

  @Test
  void knowsTheSecretsOfAUrl() {
    Redactor redactor = new Redactor();
    redactor.addUrl("http://bob:hunter-22@llm.example/v1?stream=truest&key=a%2F12345");

    assertThat(redactor.redact("hunter-22, a%2F12345, a/12345, truest"))
        .isEqualTo("[redacted], [redacted], [redacted], truest");
  }

  @ParameterizedTest
  @CsvSource({
    "x-api-key, true",
    "apiKey, true",
    "OPENAI_API_KEY, true",
    "my.password, true",
    "proxyPassword, true",
    "session_token, true",
    "Set-Cookie, true",
    "llm.maxTokensField, false",
    "llm.systemPromptTokens, false",
    "llm.tokenizer, false",
    "llm.model, false",
    "content-type, false",
  })
  void tellsTheNamesOfSecrets(String name, boolean secret) {
    assertThat(Redactor.isSecretName(name)).isEqualTo(secret);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wrong key sk-proj-0123456789abcdefghij | wrong key [redacted]",
        "wrong key SK-0123456789ABCDEFGHIJ | wrong key [redacted]",
        "xai-0123456789abcdefghij | [redacted]",
        "nvapi-0123456789abcdefghij | [redacted]",
        "pplx-0123456789abcdefghij | [redacted]",
        "sk_0123456789abcdefghij | [redacted]",
        "gsk_0123456789abcdefghij | [redacted]",
        "hf_0123456789abcdefghij | [redacted]",
        "r8_0123456789abcdefghij | [redacted]",
        "GHP_0123456789abcdefghij | [redacted]",
        "AIza0123456789abcdefghij0123456789 | [redacted]",
        "eyJ0123456789.0123456789.0123456789 | [redacted]",
        "basic dXNlcjpwYXNz0 | basic [redacted]",
        "the header was Bearer abc123def456 | the header was Bearer [redacted]",
        "at http://al:pw@h:1/v1 | at http://[redacted]@h:1/v1",
        "at /v1?model=m&key=abc&x=1 | at /v1?model=m&key=[redacted]&x=1",
        "{\"api_key\": \"a b\", \"n\": \"2\"} | {\"api_key\": \"[redacted]\", \"n\": \"2\"}",
        "{\\\"api_key\\\":\\\"a b\\\"} | {\\\"api_key\\\":\\\"[redacted]\\\"}",
        "task-0123456789abcdefghij max_tokens=5 | task-0123456789abcdefghij max_tokens=5",
        "no hf-internal-testing/tiny-random here | no hf-internal-testing/tiny-random here",
        "model xai-grok-4-fast-reasoning | model xai-grok-4-fast-reasoning",
        "eos_token_id=2, max_token=512 | eos_token_id=2, max_token=512",
        "{\"token_limit\": \"8192\"} | {\"token_limit\": \"8192\"}",
        "access_token=8192abc | access_token=[redacted]",
        "Basic authentication is required | Basic authentication is required",
        "mail bob@llm.example | mail bob@llm.example",
        "Invalid authority field: al:pw@[::h | Invalid authority field: [redacted]@[::h",
      })
  void masksWhatLooksLikeASecret(String text, String redacted) {
    assertThat(new Redactor().redact(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no ##vso[task.setvariable variable=a]b | no # #vso[task.setvariable variable=a]b",
        "##[error]forged ###[x] | # #[error]forged ## #[x]",
        "##teamcity[buildStop] | # #teamcity[buildStop]",
        "::error::forged | : :error::forged",
        "::Error file=a::forged | : :Error file=a::forged",
        "::add-mask::a ::stop-commands::x | : :add-mask::a : :stop-commands::x",
        "hyper::Error: closed | hyper::Error: closed",
        "## Heading [a] std::chrono::ms [::1]:80 | ## Heading [a] std::chrono::ms [::1]:80",
      })
  void breaksWhatCiSystemsTakeForCommands(String text, String broken) {
    assertThat(new Redactor().line(text, 100)).isEqualTo(broken);
    assertThat(new Redactor().printable(text)).isEqualTo(broken);
  }

  /** In time that grows with the square of the length, any of these would take hours. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "a=",
        "key=",
        "sk-",
        "-eyJ",
        "eyJ.",
        "bearer ",
        "//",
        "//a",
        "\"a\":\"",
        "\\",
        "'",
        ": ",
        "##",
        "#[",
        "::add-"
      })
  void readsAnyTextOnce(String repeated) {
    String text = "=:@" + repeated.repeat(100_000);

    assertThat(new Redactor("sk-12345").redact(text)).isNotEmpty();
    assertThat(new Redactor("sk-12345").printable("\"key\":\"" + text)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "-Dmy.key=abc, -Dmy.key=[redacted]",
    "--password=abc, --password=[redacted]",
    "-Dproxy.url=http://al:pw@h/, -Dproxy.url=http://[redacted]@h/",
    "-Dllm.outputTokens=64, -Dllm.outputTokens=64",
    "-Xmx1g, -Xmx1g",
  })
  void masksTheSecretsOfOptions(String option, String redacted) {
    assertThat(new Redactor().option(option)).isEqualTo(redacted);
  }

  @Test
  void masksTheValueAfterAnOptionsName() {
    assertThat(new Redactor().options(List.of("--api-key", "abc", "--port", "8000")))
        .containsExactly("--api-key", "[redacted]", "--port", "8000");
  }

  @Test
  void makesOneLineOfPrintableCharacters() {
    assertThat(
            redactor.line(
                " a\n"
                    + "2026 [ERROR] forged\u001b[31m\u001b]0;title\u0007\u202e"
                    + " \u2028\u001e{b}\ud800 ",
                200))
        .isEqualTo("a 2026 [ERROR] forged[31m]0;title {b}");
  }

  @Test
  void masksASecretWithInvisibleCharactersInside() {
    assertThat(new Redactor("sk-12345").line("no sk-\u200b123\u001b45", 80))
        .isEqualTo("no [redacted]");
  }

  @Test
  void cutsALineAfterMasking() {
    assertThat(new Redactor("0123456789").line("key 0123456789 is wrong", 16))
        .isEqualTo("key [redacted] …");
    assertThat(redactor.line("\ud83d\ude00\ud83d\ude00\ud83d\ude00", 4)).isEqualTo("\ud83d\ude00…");
  }

  @Test
  void knowsTheSecretsOfEnvironmentAndProperties() {
    Redactor redactor =
        Redactor.of(
            Map.of("LLM_API_KEY", "abc", "HF_TOKEN", "hf-123456", "SORT_KEY", "name"),
            Map.of("my.password", "12345678", "user.name", "somebody"));

    assertThat(redactor.redact("abc hf-123456 name 12345678 somebody"))
        .isEqualTo("[redacted] [redacted] name [redacted] somebody");
  }

  @Property(tries = 200)
  void cutsAWordOrKeepsItAsItIs(
      @ForAll @CharRange(from = '!', to = '~') @StringLength(max = 12) String word,
      @ForAll @IntRange(min = 2, max = 12) int max) {
    assertThat(Redactor.ownLine(word, max))
        .isEqualTo(word.length() <= max ? word : word.substring(0, max - 1) + '…');
    assertThat(Redactor.ownLine(word + "\u0007 \t" + word, 40))
        .isEqualTo((word + " " + word).strip());
  }
}
