package dev.gatlingllm.gatling;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

/** What a run says that cannot begin because of TLS. */
class CertificatesTest {

  @Test
  void advisesATrustStoreWhereACertificateIsNotTrusted() {
    SSLException untrusted = new SSLHandshakeException("no path");
    untrusted.initCause(new CertificateException("no path"));
    // a trust store without certificates, such as one that has a key alone
    Exception empty = new RuntimeException(new InvalidAlgorithmParameterException("no anchors"));

    assertThat(Certificates.reason(untrusted))
        .contains("(certificate not trusted: no path)", "trustStore", "llm.insecure");
    assertThat(Certificates.reason(new SSLException("Unexpected error", empty)))
        .contains("(certificate not trusted: no anchors)", "trustStore");
    assertThat(Certificates.reason(new SSLPeerUnverifiedException("other host")))
        .contains("trustStore");
  }

  @Test
  void advisesHttpWhereThereIsNoTls() {
    SSLException closed = new SSLHandshakeException("Remote host terminated the handshake");
    closed.initCause(new EOFException("SSL peer shut down incorrectly"));

    assertThat(Certificates.reason(closed))
        .isEqualTo(
            "the TLS handshake failed (SSL peer shut down incorrectly); use http:// if the server"
                + " has no TLS");
    assertThat(Certificates.reason(new SSLException("Unsupported or unrecognized SSL message")))
        .contains("use http://")
        .doesNotContain("llm.insecure");
  }
}
