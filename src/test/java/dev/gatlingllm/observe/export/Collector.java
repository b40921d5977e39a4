package dev.gatlingllm.observe.export;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.zip.GZIPInputStream;

/** A collector of OpenTelemetry on the loopback interface: decodes with the official classes. */
public final class Collector implements AutoCloseable {

  private final HttpServer server;
  private final BlockingQueue<ExportMetricsServiceRequest> messages = new LinkedBlockingQueue<>();
  private volatile int status = 200;
  private volatile String authorization;

  public Collector() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/v1/metrics", this::answer);
    server.start();
  }

  /** Answers with this status from now on; only what is answered with 200 is kept. */
  void answerWith(int status) {
    this.status = status;
  }

  private void answer(HttpExchange exchange) throws IOException {
    authorization = exchange.getRequestHeaders().getFirst("Authorization");
    try (exchange;
        InputStream body = exchange.getRequestBody()) {
      byte[] bytes =
          "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))
              ? new GZIPInputStream(body).readAllBytes()
              : body.readAllBytes();
      if (status == 200) {
        messages.add(parsed(bytes));
      }
      exchange.sendResponseHeaders(status, -1);
    }
  }

  private static ExportMetricsServiceRequest parsed(byte[] bytes) {
    try {
      return ExportMetricsServiceRequest.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the root of the collector. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Returns the header of the last request, or null. */
  String authorization() {
    return authorization;
  }

  /** Waits for a message. */
  ExportMetricsServiceRequest next() throws InterruptedException {
    return messages.take();
  }

  /** Returns the metrics of the last message that came, by their names. */
  public Map<String, Metric> last() {
    List<ExportMetricsServiceRequest> all = List.copyOf(messages);
    Map<String, Metric> byName = new TreeMap<>();
    all.get(all.size() - 1)
        .getResourceMetrics(0)
        .getScopeMetricsList()
        .forEach(
            scope ->
                scope.getMetricsList().forEach(metric -> byName.put(metric.getName(), metric)));
    return byName;
  }

  /** Returns attributes as texts, by their names. */
  static Map<String, String> texts(List<KeyValue> attributes) {
    Map<String, String> texts = new TreeMap<>();
    attributes.forEach(
        attribute ->
            texts.put(
                attribute.getKey(),
                attribute.getValue().hasIntValue()
                    ? Long.toString(attribute.getValue().getIntValue())
                    : attribute.getValue().getStringValue()));
    return texts;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
