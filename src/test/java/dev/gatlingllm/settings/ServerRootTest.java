package dev.gatlingllm.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerRootTest {

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000, http://127.0.0.1:8000, 127.0.0.1, 8000",
    "http://127.0.0.1:8000/, http://127.0.0.1:8000, 127.0.0.1, 8000",
    "http://vllm_server:8000, http://vllm_server:8000, vllm_server, 8000",
    "http://vllm, http://vllm, vllm, 80",
    "HTTPS://gpu.example.org, HTTPS://gpu.example.org, gpu.example.org, 443",
    "http://[::1]:8000, http://[::1]:8000, ::1, 8000",
    "https://gateway:8443/tenants/a//, https://gateway:8443/tenants/a, gateway, 8443",
    "http://gpu:8000/v1beta, http://gpu:8000/v1beta, gpu, 8000"
  })
  void readsHostAndPort(String text, String url, String host, int port) {
    assertThat(ServerRoot.parse(text)).isEqualTo(new ServerRoot(url, host, port));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "127.0.0.1:8000 | http://… or https://…, such as http://127.0.0.1:8000, got 127.0.0.1:8000",
        "localhost:8000 | http://… or https://…, such as http://127.0.0.1:8000, got localhost:8000",
        "ftp://gpu | http://… or https://…, such as http://127.0.0.1:8000, got ftp://gpu",
        "http:// | the root of a server, such as http://127.0.0.1:8000, got http://",
        "http://gpu:8000/?a=b | the root of a server, such as http://127.0.0.1:8000, got"
            + " http://gpu:8000/?…",
        "http://gpu:99999 | a URL with a port from 1 to 65535, got http://gpu:99999",
        "http://gpu:0 | a URL with a port from 1 to 65535, got http://gpu:0",
        "http://gpu:port | a URL with a port from 1 to 65535, got http://gpu:port",
        "http://gpu/v1 | http://gpu, without /v1, as each turn adds its path, got http://gpu/v1",
        "http://gpu/a/v1/ | http://gpu/a, without /v1, as each turn adds its path, got"
            + " http://gpu/a/v1/",
        "http://gpu/v1/chat/completions | http://gpu, without /v1/chat/completions, as each turn"
            + " adds its path, got http://gpu/v1/chat/completions",
        "http://gpu/a/v1/completions | http://gpu/a, without /v1/completions, as each turn adds"
            + " its path, got http://gpu/a/v1/completions",
        "http://gpu/openai/chat/completions | http://gpu/openai, without /chat/completions, as"
            + " each turn adds its path, got http://gpu/openai/chat/completions",
        "http://me:secret@gpu | without user and password, which reports would show; use"
            + " LLM_API_KEY, got a URL with them"
      })
  void rejectsAnythingButTheRootOfAServer(String text, String message) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ServerRoot.parse(text))
        .withMessage("baseUrl must be " + message);
  }
}
