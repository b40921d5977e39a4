package dev.gatlingllm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gatlingllm.settings.ServerRoot;
import dev.gatlingllm.settings.SettingException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class LlmTargetTest {

  private final InetAddress first = address(2);
  private final InetAddress second = address(1);

  private static InetAddress address(int last) {
    try {
      return InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) last});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void triesEveryAddressOfAName() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, second)) {
      ServerRoot root = ServerRoot.parse("http://vllm_server:" + server.getLocalPort());

      assertThatCode(() -> LlmTarget.requireServer(root, first, second)).doesNotThrowAnyException();
    }
  }

  @Test
  void namesEveryAddressThatRefusesConnections() throws IOException {
    int port;
    try (ServerSocket closed = new ServerSocket(0, 1, second)) {
      port = closed.getLocalPort();
    }
    ServerRoot root = ServerRoot.parse("http://vllm_server:" + port);

    assertThatThrownBy(() -> LlmTarget.requireServer(root, first, second))
        .isInstanceOf(SettingException.class)
        .hasMessageContaining("no server answers at vllm_server:" + port + " (127.0.0.2: ")
        .hasMessageContaining(", 127.0.0.1: ");
  }

  @Test
  void namesAnUnknownHost() {
    // RFC 6761 keeps this domain for names that never resolve
    ServerRoot root = ServerRoot.parse("http://nowhere.invalid:8000");

    assertThatThrownBy(() -> LlmTarget.addresses(root))
        .isInstanceOf(SettingException.class)
        .hasMessage(
            "llm.baseUrl = http://nowhere.invalid:8000: unknown host nowhere.invalid; correct the"
                + " name, or check the name service");
  }

  @Test
  void refusesAKeyThatNoHeaderCanCarryWithoutShowingIt() {
    assertThat(LlmTarget.key(" sk-1 \n")).contains("sk-1");
    assertThat(LlmTarget.key(" \n")).isEmpty();
    assertThatThrownBy(() -> LlmTarget.key("sk-1\nsk-2"))
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("LLM_API_KEY must be one line of ASCII characters")
        .hasMessageNotContaining("sk-");
  }
}
