package dev.gatlingllm.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gatlingllm.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ResourceBundle;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Model.CommandSpec;

class ServerCommandTest {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final AtomicReference<String> models = new AtomicReference<>();

  private int run(String... arguments) {
    ServerCommand command =
        new ServerCommand() {
          @Override
          void awaitStop(SimulatedServer server, PrintWriter out) {
            models.set(new Client(server).get("/v1/models").toString());
          }
        };
    return execute(command, arguments);
  }

  private int execute(ServerCommand command, String... arguments) {
    return Main.of(command)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void printsItsAddressAndServesRequests() throws IOException {
    int status = run("--port", "0", "--model", "tiny", "--overhead", "0", "--fault", "close=1");

    assertThat(status).isZero();
    assertThat(out.toString())
        .startsWith("Simulated LLM server \"tiny\" at http://127.0.0.1:")
        .hasLineCount(1);
    assertThat(models.get()).contains("tiny");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void printsTheTlsAddressAndNoKey() throws IOException {
    String[] options = {"--port", "0", "--tls", "--api-key", "sk-secret"};
    ServerCommand command =
        new ServerCommand() {
          @Override
          void awaitStop(SimulatedServer server, PrintWriter out) {}
        };

    assertThat(execute(command, options)).isZero();
    assertThat(out.toString())
        .contains("at https://127.0.0.1:")
        .contains("self-signed certificate, key required")
        .doesNotContain("sk-secret")
        .hasLineCount(1);
  }

  @Test
  void warnsOfAServerThatAnyoneCanUse() {
    assertThat(run("--port", "0", "--host", "0.0.0.0")).isZero();
    assertThat(err.toString()).startsWith("Warning: whoever reaches").hasLineCount(1);

    err.reset();
    assertThat(run("--port", "0", "--host", "0.0.0.0", "--api-key", "sk-1")).isZero();
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpListsTheOptionsWithTheirDefaults() throws IOException {
    assertThat(run("--help")).isZero();
    assertThat(out.toString().lines()).contains("The engine's settings, instead of the profile's:");
    assertThat(out.toString())
        .contains("--fault")
        .containsPattern("--port(?s:.{0,200})default:\\s+8000")
        .containsPattern("--profile(?s:.{0,200})default:\\s+pleasant");
    assertThat(models.get()).isNull();
  }

  @Test
  void everyOptionIsDescribed() {
    assertThat(Main.of(new ServerCommand()).getCommandSpec().options())
        .hasSizeGreaterThan(50)
        .allSatisfy(
            option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
  }

  @Test
  void onlyOptionsAreDescribed() {
    CommandSpec command = Main.of(new ServerCommand()).getCommandSpec();

    assertThat(ResourceBundle.getBundle("dev.gatlingllm.server.options").keySet())
        .allSatisfy(name -> assertThat(command.findOption(name)).as(name).isNotNull());
  }

  private static ServerSettings settings(String... arguments) {
    ServerCommand command = new ServerCommand();
    Main.of(command).parseArgs(arguments);
    return command.settings();
  }

  @Test
  void serverWithoutOptionsHasTheDefaults() {
    ServerSettings defaults = ServerSettings.builder().port(8000).build();

    assertThat(settings())
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*changes")
        .isEqualTo(defaults);
  }

  @Test
  void flagsSwitchOffWhatIsOnByDefault() {
    ServerSettings settings =
        settings(
            "--no-admin",
            "--hide-cached-tokens",
            "--hide-zero-cached-tokens",
            "--keep-generating",
            "--count-end-of-sequence",
            "--no-prefix-caching",
            "--no-chunked-prefill",
            "--max-model-tokens=100");

    assertThat(settings)
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*changes")
        .isEqualTo(
            ServerSettings.builder()
                .port(8000)
                .admin(false)
                .reportCachedTokens(false)
                .reportZeroCachedTokens(false)
                .keepGenerating(true)
                .countEndOfSequence(true)
                .maxModelTokens(100)
                .engine(
                    EngineProfile.PLEASANT.settings().toBuilder()
                        .prefixCaching(false)
                        .chunkedPrefill(false)
                        .build())
                .build());
  }

  @Test
  void keysAndFaultsCanBeRepeated() {
    ServerSettings settings =
        settings("--api-key=a", "--fault=reset=0.1", "--api-key=b", "--fault=close=0.2");

    assertThat(settings.apiKeys).containsOnly("a", "b");
    assertThat(settings.faults).containsExactly("reset=0.1", "close=0.2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--profile h100-8b --max-num-seqs 64", "--max-num-seqs 64 --profile h100-8b"})
  void engineOptionsOverrideTheProfileInAnyOrder(String arguments) {
    assertThat(settings(arguments.split(" ")).engine)
        .usingRecursiveComparison()
        .ignoringFieldsMatchingRegexes(".*changes")
        .isEqualTo(EngineProfile.H100_8B.settings().toBuilder().maxNumSeqs(64).build());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --prot 8000              | Unknown option --prot; did you mean --port?
          --max-num-seq 3          | did you mean --max-num-seqs?
          --port eighty            | Invalid value for option '--port': 'eighty' is not an int
          --port                   | Missing required parameter for option '--port' (NUMBER)
          --overhead 3             | --overhead: must be a duration with its unit
          --jitter 2               | jitter must be from 0 to 1, got 2.0
          --profile h200           | --profile: must be pleasant, fast, instant, a100-8b or h100-8b, got h200
          --kv-blocks 100          | kv-blocks must be at least 2048, to hold one sequence of max-model-tokens (32768)
          --no-chunked-prefill     | max-num-batched-tokens must be at least max-model-tokens (32768) without chunked prefill, got 8192
          --max-num-seqs 10000     | max-num-batched-tokens must be at least max-num-seqs (10000), got 8192
          --fault rest=0.1         | Unknown fault "rest"; did you mean reset?
          --fault reset            | the rate of fault reset must be a fraction of the requests from 0 to 1, such as reset=0.01, got none
          --fault reset=2          | the rate of fault reset must be a fraction of the requests from 0 to 1, such as reset=0.01, got 2
          --fault stall=0.1:3      | fault stall: must be a duration with its unit
          --fault close=1:after=3  | fault close takes no parameters, got after=3
          --reply-tokens many      | --reply-tokens:
          --reasoning-tokens -4    | reasoningTokens must be at least 0, got -4
          --reasoning-field think  | expected one of [REASONING_CONTENT, REASONING, NONE]
          --dialect grok          | expected one of [OPENAI, MISTRAL, MINIMAX, DASHSCOPE, MOONSHOT, DEEPSEEK, GROQ, LLAMA_CPP]
          --usage never           | expected one of [FULL, NONE, ZERO, LATE, STAGED]
          --tls-certificate x.pem  | --tls-certificate and --tls-key must be set together
          --max-waiting-requests 0 | maxWaitingRequests must be at least 1, got 0
          --tokenizer nonsense     | unknown tokenizer nonsense
          --idle-timeout 0s        | idleTimeout must be longer than 0, got PT0S
          --receive-timeout 1      | --receive-timeout: must be a duration with its unit
          --max-connections 0      | maxConnections must be at least 1, got 0
          --metrics tgi            | expected one of [VLLM, VLLM_OLD, SGLANG, LLAMA_CPP]
          --replicas 0             | replicas must be from 1 to 64, got 0
          --background-rate -1     | backgroundRate must be from 0 to 10000 requests/s, got -1.0
          --background-rate 1 --background-prompt-tokens 20000 | backgroundPromptTokens must be from 1 to half of maxModelTokens (32768), got 20000
          8000                     | Unknown argument 8000
          """)
  void rejectsInvalidArgumentsWithAHint(String arguments, String message) throws IOException {
    assertThat(run(arguments.split(" "))).isEqualTo(2);
    assertThat(err.toString()).contains(message).hasLineCount(1);
  }

  @Test
  void reportsABusyPortInOneLine() throws IOException {
    try (var server = SimulatedServer.start(ServerSettings.builder().build())) {
      assertThat(run("--port", String.valueOf(server.port()))).isEqualTo(1);
    }
    assertThat(err.toString()).contains("choose another port").hasLineCount(1);
  }
}
