package dev.gatlingllm.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A plain connection, for details that an HTTP client hides. */
final class Wire implements AutoCloseable {

  private final Socket socket;
  private final BufferedReader in;

  Wire(SimulatedServer server) throws IOException {
    socket = new Socket("127.0.0.1", server.port());
    socket.setSoTimeout(30_000);
    in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
  }

  static String post(String path, String body) {
    return post(path, "", body);
  }

  /**
   * @param headers lines, each with CR and LF at the end
   */
  static String post(String path, String headers, String body) {
    return "POST %s HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: %d\r\n\r\n%s"
        .formatted(path, headers, body.length(), body);
  }

  /** Returns what a server sends for a request with a fault that leaves the connection open. */
  static String faulty(SimulatedServer server, String fault, String path, String body)
      throws IOException {
    try (Wire wire = new Wire(server)) {
      wire.send(
          post(path, "X-Simulated-Fault: " + fault + "\r\n", body)
              + "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n");
      return wire.readUntil("{\"status\":\"ok\"}");
    }
  }

  void send(String requests) throws IOException {
    send(requests.getBytes(StandardCharsets.US_ASCII));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Reads up to and including a text. */
  String readUntil(String text) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.indexOf(text, Math.max(0, read.length() - text.length())) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new AssertionError("the connection ended before \"" + text + "\": " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Reads until the server closes the connection. */
  String readToEnd() throws IOException {
    StringBuilder read = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      read.append((char) next);
    }
    return read.toString();
  }

  void disconnect() throws IOException {
    socket.close();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
