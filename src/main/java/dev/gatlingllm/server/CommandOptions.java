package dev.gatlingllm.server;

import dev.gatlingllm.prompt.Tokenizers;
import java.io.IOException;
import java.io.PrintStream;
import joptsimple.BuiltinHelpFormatter;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** The command line of {@link ServerCommand}: every setting by name, with the same defaults. */
final class CommandOptions {

  // no abbreviations: what a script says today must not become ambiguous tomorrow
  private final OptionParser parser = new OptionParser(false);

  private final OptionSpec<String> host = option("host", "127.0.0.1", "address to bind to");
  private final OptionSpec<Integer> port =
      option("port", 8000, "port to listen on; 0 takes any free one");
  private final OptionSpec<String> model =
      option("model", "simulated", "the model that /v1/models lists");
  private final OptionSpec<Void> strictModel =
      parser.accepts("strict-model", "answer 404 to any other model's name");
  private final OptionSpec<String> tokenizer =
      option("tokenizer", "o200k_base", "built-in encoding, path of a tokenizer.json, or hub id");
  private final OptionSpec<Integer> maxModelTokens =
      option("max-model-tokens", 32_768, "context window: prompt and reply together");
  private final OptionSpec<String> overhead =
      option("overhead", "20ms", "what each request waits before its prefill");
  private final OptionSpec<Double> prefillRate =
      option("prefill-rate", 20_000.0, "uncached prompt tokens read per second");
  private final OptionSpec<String> interTokenLatency =
      option("inter-token-latency", "10ms", "from one token to the next");
  private final OptionSpec<Double> jitter =
      option("jitter", 0.1, "a token's largest deviation, as a share of the latency, up to 0.5");
  private final OptionSpec<Integer> cacheBlocks =
      option("cache-blocks", 32_768, "blocks that the prefix cache holds; 0 switches it off");
  private final OptionSpec<Integer> blockSize =
      option("block-size", 16, "tokens per block of the prefix cache");
  private final OptionSpec<Void> hideCachedTokens =
      parser.accepts("hide-cached-tokens", "leave cached tokens out of usage");
  private final OptionSpec<Void> closeAfterReply =
      parser.accepts("close-after-reply", "close the connection, unannounced, after each stream");
  private final OptionSpec<Long> seed =
      option("seed", 0L, "decides, with the prompt, the reply's words and the jitter");
  private final OptionSpec<Void> help = parser.accepts("help", "print this and stop");

  /**
   * @throws joptsimple.OptionException for an option that there is not, or a value of another kind
   * @throws IllegalArgumentException for an argument that belongs to no option
   */
  OptionSet parse(String... arguments) {
    OptionSet options = parser.parse(arguments);
    Require.that(
        options.nonOptionArguments().isEmpty(),
        "the arguments",
        options.nonOptionArguments(),
        "options and their values");
    return options;
  }

  boolean asksForHelp(OptionSet options) {
    return options.has(help);
  }

  /**
   * @throws IllegalArgumentException for a value out of its range, or a tokenizer that there is not
   */
  ServerSettings settings(OptionSet options) {
    return ServerSettings.builder()
        .host(options.valueOf(host))
        .port(options.valueOf(port))
        .modelName(options.valueOf(model))
        .strictModel(options.has(strictModel))
        .tokenizer(Tokenizers.resolve(options.valueOf(tokenizer)))
        .maxModelTokens(options.valueOf(maxModelTokens))
        .pace(
            new Pace(
                TimeSpan.parse("overhead", options.valueOf(overhead)),
                options.valueOf(prefillRate),
                TimeSpan.parse("inter-token-latency", options.valueOf(interTokenLatency)),
                options.valueOf(jitter)))
        .cacheBlocks(options.valueOf(cacheBlocks))
        .blockSize(options.valueOf(blockSize))
        .reportCachedTokens(!options.has(hideCachedTokens))
        .closeAfterReply(options.has(closeAfterReply))
        .seed(options.valueOf(seed))
        .build();
  }

  Iterable<String> names() {
    return parser.recognizedOptions().keySet();
  }

  void printHelp(PrintStream out) throws IOException {
    parser.formatHelpWith(new BuiltinHelpFormatter(100, 2));
    parser.printHelpOn(out);
  }

  @SuppressWarnings("unchecked")
  private <T> OptionSpec<T> option(String name, T ifAbsent, String description) {
    return parser
        .accepts(name, description)
        .withRequiredArg()
        .ofType((Class<T>) ifAbsent.getClass())
        .defaultsTo(ifAbsent);
  }
}
