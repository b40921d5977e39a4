package dev.gatlingllm.observe;

import java.io.IOException;
import java.net.HttpURLConnection;

/** Opens connections to metrics endpoints, with the credentials that each may have. */
@FunctionalInterface
public interface MetricsConnections {

  /** Returns a connection that is not connected yet. */
  HttpURLConnection open(String url) throws IOException;
}
