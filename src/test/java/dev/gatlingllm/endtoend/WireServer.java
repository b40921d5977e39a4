package dev.gatlingllm.endtoend;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.gatlingllm.stream.WireCase;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;

/**
 * Sends the bytes of recorded responses over real sockets: {@code /chat/NAME} as it was recorded,
 * {@code /completions/NAME} as a text completion.
 */
final class WireServer implements AutoCloseable {

  private final ServerSocket socket;
  private final Map<String, WireCase> responses;

  private WireServer(ServerSocket socket, Map<String, WireCase> responses) {
    this.socket = socket;
    this.responses = responses;
  }

  /** Starts a server of these responses, by path. */
  static WireServer start(Map<String, WireCase> responses) throws IOException {
    ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    WireServer server = new WireServer(socket, responses);
    daemon(server::accept);
    return server;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "wire-server");
    thread.setDaemon(true);
    thread.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + socket.getLocalPort();
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket connection = socket.accept();
        daemon(() -> serve(connection));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      connection.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (String path; (path = request(in)) != null; ) {
        WireCase response = responses.get(path);
        send(response, connection.getOutputStream());
        if (response.text("end").equals("close")) {
          return;
        }
      }
    } catch (IOException gone) {
      // the client closed the connection
    }
  }

  /** Reads one request, and returns its path; null at the end of the connection. */
  private static String request(InputStream in) throws IOException {
    String first = line(in);
    int length = 0;
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(header.substring(15).strip());
      }
    }
    in.readNBytes(length);
    return first.isEmpty() ? null : first.split(" ")[1];
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b; (b = in.read()) >= 0 && b != '\n'; ) {
      if (b != '\r') {
        line.append((char) b);
      }
    }
    return line.toString();
  }

  private static void send(WireCase response, OutputStream out) throws IOException {
    String framing = response.text("framing");
    boolean chunked = framing.startsWith("chunked");
    StringBuilder head =
        new StringBuilder(framing.equals("http10") ? "HTTP/1.0 " : "HTTP/1.1 ")
            .append(response.text("status"))
            .append("\r\n");
    response.headers().forEach(header -> head.append(header).append("\r\n"));
    if (response.text("contentType") != null) {
      head.append("Content-Type: ").append(response.text("contentType")).append("\r\n");
    }
    if (chunked) {
      head.append("Transfer-Encoding: chunked\r\n");
    } else if (framing.equals("length")) {
      int length = response.writes().stream().mapToInt(write -> write.length).sum();
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(ISO_8859_1));
    out.flush();
    for (int i = 0; i < response.writes().size(); i++) {
      pause(response.secondsBefore(i));
      byte[] bytes = response.writes().get(i);
      out.write(chunked ? chunk(bytes) : bytes);
      out.flush();
    }
    if (framing.equals("chunked")) {
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
    }
  }

  private static byte[] chunk(byte[] bytes) throws IOException {
    ByteArrayOutputStream chunk = new ByteArrayOutputStream();
    chunk.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(ISO_8859_1));
    chunk.write(bytes);
    chunk.write("\r\n".getBytes(ISO_8859_1));
    return chunk.toByteArray();
  }

  /** Waits as the recorded server did. */
  private static void pause(double seconds) {
    if (seconds > 0) {
      try {
        Thread.sleep((long) (seconds * 1_000));
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
