package dev.gatlingllm.server;

import dev.gatlingllm.server.engine.Require;
import java.nio.file.Path;
import joptsimple.OptionParser;
import joptsimple.OptionSet;
import joptsimple.OptionSpec;

/** Where the server is found. */
final class ListenOptions extends OptionTopic {

  private final OptionSpec<String> host;
  private final OptionSpec<Integer> port;
  private final OptionSpec<Void> tls;
  private final OptionSpec<String> tlsCertificate;
  private final OptionSpec<String> tlsKey;
  private final OptionSpec<String> apiKey;

  ListenOptions(OptionParser parser) {
    super("Where it listens, and to whom", parser);
    host = option("host", "address", "127.0.0.1", "address to bind to");
    port = option("port", "number", 8000, "port to listen on; 0 takes any free one");
    tls = flag("tls", "speak TLS, and HTTP/2 over it, with a certificate made at the start");
    tlsCertificate = list("tls-certificate", "file", "speak TLS with this certificate, in PEM");
    tlsKey = list("tls-key", "file", "the certificate's private key, in PEM");
    apiKey =
        list("api-key", "key", "bearer key to ask for under /v1 and /admin; may be given again");
  }

  @Override
  void apply(OptionSet options, ServerSettings.Builder settings) {
    settings.host(options.valueOf(host)).port(options.valueOf(port));
    if (options.has(tlsCertificate) || options.has(tlsKey)) {
      settings.tls(file(options, tlsCertificate), file(options, tlsKey));
    } else if (options.has(tls)) {
      settings.tls();
    }
    options.valuesOf(apiKey).forEach(settings::apiKey);
  }

  private static Path file(OptionSet options, OptionSpec<String> option) {
    Require.that(
        options.has(option), option.options().get(0), "absent", "given with the other TLS file");
    return Path.of(options.valueOf(option));
  }
}
